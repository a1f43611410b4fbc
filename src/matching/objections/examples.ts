/** Pairs of questions that show what an objection is for; its test runs through them in both orders. */
export interface Examples {
  readonly objected?: readonly (readonly [string, string])[]
  /** Pairs that only the doubt speaks against. */
  readonly doubted?: readonly (readonly [string, string])[]
  /** Pairs that neither speaks against. */
  readonly accepted: readonly (readonly [string, string])[]
}
