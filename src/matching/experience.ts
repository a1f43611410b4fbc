/** What has been learned from how hits turned out, as far as it bears on one question. */
export interface Experience {
  /** What each feature weighs by now; the scorer's own weights unless given. */
  readonly weights?: Float64Array | undefined
  /** The score from which a match is served within the error budget; `Infinity`: none is. */
  readonly bar: number
  /** What its labels say of one entry beyond what its score does; added to the score. */
  offsetOf(entry: string): number
  /** True if the entry's answer is known to be wrong for this very question. */
  refuses(entry: string): boolean
}
