import { solve } from './cholesky.ts'
import type { Features, Scorer } from './scorer.ts'
import { scoreOf } from './scorer.ts'

/**
 * What labels have taught about the weights of a scorer: how much more precisely they are known, and which way they are
 * drawn (the natural parameters of a Gaussian). Two that were learned apart are added up by adding these.
 */
export interface Lessons {
  readonly labels: number
  /** The upper triangle of the precision, row by row. */
  readonly precision: Float64Array
  readonly pull: Float64Array
}

export const noLessons = ({ weights: { length } }: Pick<Scorer, 'weights'>): Lessons => ({
  labels: 0,
  precision: new Float64Array((length * (length + 1)) / 2),
  pull: new Float64Array(length),
})

/**
 * One more label: a step of Newton's method on the logistic loss about the present weights, that is, online Laplace
 * approximation (Spiegelhalter and Lauritzen, 1990).
 */
export function taught(lessons: Lessons, weights: Float64Array, features: Features, right: boolean): Lessons {
  const score = scoreOf(features, weights)
  const probability = 1 / (1 + Math.exp(-score))
  const certainty = Math.max(probability * (1 - probability), LEAST)
  const drawn = certainty * score + (right ? 1 : 0) - probability
  const precision = lessons.precision.slice()
  const pull = lessons.pull.slice()
  for (let row = 0, at = 0; row < features.length; row++) {
    const part = certainty * features[row]!
    pull[row]! += drawn * features[row]!
    for (let column = row; column < features.length; column++) precision[at++]! += part * features[column]!
  }
  return { labels: lessons.labels + 1, precision, pull }
}

const LEAST = 1e-6

/** What two have learned apart from each other. */
export function together(one: Lessons, other: Lessons): Lessons {
  return {
    labels: one.labels + other.labels,
    precision: one.precision.map((value, at) => value + other.precision[at]!),
    pull: one.pull.map((value, at) => value + other.pull[at]!),
  }
}

/** The same, counted as no more than so many labels: what is older weighs less and less. */
export function faded(lessons: Lessons, most: number): Lessons {
  if (lessons.labels <= most) return lessons
  const share = most / lessons.labels
  const scaled = (values: Float64Array) => values.map((value) => value * share)
  return { labels: most, precision: scaled(lessons.precision), pull: scaled(lessons.pull) }
}

/** The weights as they are after all this: those of the scorer, as firmly as it believes in them, and the lessons. */
export function weightsAfter(
  { weights, firmness }: Pick<Scorer, 'weights' | 'firmness'>,
  lessons: Lessons,
): Float64Array {
  if (lessons.labels === 0 || !firmness.every(Number.isFinite)) return weights
  const { length } = weights
  const matrix = Array.from({ length }, () => new Float64Array(length))
  const side = lessons.pull.map((pull, at) => pull + firmness[at]! * weights[at]!)
  for (let row = 0, at = 0; row < length; row++) {
    for (let column = row; column < length; column++) matrix[column]![row] = lessons.precision[at++]!
    matrix[row]![row]! += firmness[row]!
  }
  return solve(matrix, side)
}
