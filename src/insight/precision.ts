import { wilson } from './wilson.ts'

/** How answers turned out that somebody looked at. */
export interface Precision {
  readonly right: number
  readonly wrong: number
  /** Of the two the right ones, with the bounds of its 95 % interval; null before the first. */
  readonly precision: number | null
  readonly low: number | null
  readonly high: number | null
}

export function precisionOf(right: number, wrong: number): Precision {
  const all = right + wrong
  if (all === 0) return { right, wrong, precision: null, low: null, high: null }
  return { right, wrong, precision: right / all, ...wilson(right, all) }
}
