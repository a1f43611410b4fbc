import { zeros } from './bins.ts'

/** Whether answers served questions that they were, or might have been, served for; counted by the bin of the score. */
export interface Evidence {
  readonly right: readonly number[]
  readonly wrong: readonly number[]
  /** How many questions had their likeliest match there, looked at or not. */
  readonly judged: readonly number[]
}

/** Nothing is known yet. */
export const NO_EVIDENCE: Evidence = { right: zeros(), wrong: zeros(), judged: zeros() }
