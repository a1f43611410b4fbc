import type { Match } from '../ports.ts'
import type { Reading } from './reading.ts'

/** One of the matches of a question, read. */
export interface Candidate {
  readonly match: Match
  /** Absent if it cannot be read. */
  readonly known: Reading | undefined
}

/** Says how likely it is that the answer to a match serves a question. One for each vector space. */
export interface Scorer {
  /** True if scores are the logits of a probability that was measured; otherwise they only put matches in an order. */
  readonly calibrated: boolean
  /** A score for each candidate, nearest first; each may depend on the others. */
  scores(asked: Reading, candidates: readonly Candidate[]): number[]
}

/** The probability that a score stands for. */
export const probabilityOf = (score: number): number => 1 / (1 + Math.exp(-score))

/** The score from which matches are served where nothing has been learned yet, by a scorer that is not calibrated. */
export const FIRST_BAR = Math.log(0.98 / 0.02)

/**
 * For a space of which nobody has measured what its cosines mean: the embedder's own threshold is the bar at first, and
 * labels move it.
 */
export function cosineScorer(threshold: number): Scorer {
  return {
    calibrated: false,
    scores: (_, candidates) => candidates.map(({ match }) => FIRST_BAR + STEEPNESS * (match.similarity - threshold)),
  }
}

const STEEPNESS = 20
