import type { Features } from '../matching/scorer.ts'

/** Whether one answer served another question, and how that is known. */
export interface Label {
  readonly tenant: string
  readonly namespace: string
  /** The vector space in which the match was found, for scores of two spaces cannot be compared. */
  readonly space: string
  /** The entry whose answer it is about. */
  readonly entry: string
  /** Digest of the question it was, or might have been, served for; of feedback only its beginning is known. */
  readonly question: string
  /** What the scorer said; absent if a plain threshold decided. */
  readonly score: number | undefined
  /** What the score was made of; absent where that is not known any more. */
  readonly features?: Features | undefined
  readonly right: boolean
  /**
   * `audit`: a hit, of which the model was asked as well, afterwards; `feedback`: a hit, somebody said; `shadow` and
   * `control`: would have been a hit; `near-miss`: was not likely enough, and the model was asked anyway.
   */
  readonly source: 'audit' | 'feedback' | 'shadow' | 'control' | 'near-miss'
  /** How many like it this one stands for: the inverse of the share that is looked at. */
  readonly weight: number
}
