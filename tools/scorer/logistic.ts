import { solve } from '../../src/matching/cholesky.ts'

/** A row of a training set. The first feature is 1, for the bias. */
export interface Example {
  readonly features: Float64Array
  readonly right: boolean
  readonly weight: number
}

export type Side = 'for' | 'against' | 'either'

/** Where to begin, and whither the ridge draws; which of the weights may move. */
export interface Start {
  readonly weights: Float64Array
  readonly isFree: (at: number) => boolean
}

/**
 * Logistic regression with a ridge, in which a weight may be held to one sign: Newton's method on the weights that are
 * free to move, cut off at the bounds, and shortened until it gets better (Bertsekas, SIAM J. Control Optim. 20, 1982).
 */
export function fit(
  examples: readonly Example[],
  sides: readonly Side[],
  ridge: number,
  start: Start = { weights: new Float64Array(sides.length), isFree: () => true },
): Float64Array {
  let { weights } = start
  const lossOf = (weights: Float64Array) => ridgeOf(weights, start, ridge) + lossOn(examples, weights)
  let loss = lossOf(weights)
  for (let round = 0; round < ROUNDS; round++) {
    const { slope, curve } = derivatives(examples, weights, ridge, start)
    const free = sides.flatMap((side, at) => (!start.isFree(at) || isHeld(weights[at]!, slope[at]!, side) ? [] : [at]))
    const matrix = free.map((row) => Float64Array.from(free, (column) => curve[row]![column]!))
    const step = solve(
      matrix,
      Float64Array.from(free, (at) => slope[at]!),
    )
    const before = loss
    for (let length = 1; length > 1e-4; length /= 2) {
      const next = weights.slice()
      free.forEach((at, nth) => (next[at] = bounded(weights[at]! - length * step[nth]!, sides[at]!)))
      const better = lossOf(next)
      if (better >= loss) continue
      ;[weights, loss] = [next, better]
      break
    }
    if (before - loss < ENOUGH * before) break
  }
  return weights
}

const ROUNDS = 100
const ENOUGH = 1e-9

/** True if a weight is at its bound, and would be better still beyond it. */
function isHeld(weight: number, slope: number, side: Side): boolean {
  return weight === 0 && ((side === 'for' && slope > 0) || (side === 'against' && slope < 0))
}

function bounded(weight: number, side: Side): number {
  if (side === 'for') return Math.max(0, weight)
  return side === 'against' ? Math.min(0, weight) : weight
}

function ridgeOf(weights: Float64Array, start: Start, ridge: number): number {
  let loss = 0
  for (let at = 1; at < weights.length; at++) loss += (ridge / 2) * (weights[at]! - start.weights[at]!) ** 2
  return loss
}

function lossOn(examples: readonly Example[], weights: Float64Array): number {
  let loss = 0
  for (const { features, right, weight } of examples) {
    const score = dot(features, weights)
    loss += weight * (Math.max(score, 0) - (right ? score : 0) + Math.log1p(Math.exp(-Math.abs(score))))
  }
  return loss
}

function derivatives(examples: readonly Example[], weights: Float64Array, ridge: number, start: Start) {
  const { length } = weights
  const slope = weights.map((weight, at) => (at === 0 ? 0 : ridge * (weight - start.weights[at]!)))
  const curve = Array.from({ length }, (_, row) => {
    const line = new Float64Array(length)
    line[row] = row === 0 ? 1e-9 : ridge
    return line
  })
  for (const { features, right, weight } of examples) {
    const probability = 1 / (1 + Math.exp(-dot(features, weights)))
    const off = weight * (probability - (right ? 1 : 0))
    const certainty = weight * probability * (1 - probability)
    for (let row = 0; row < length; row++) {
      slope[row]! += off * features[row]!
      const part = certainty * features[row]!
      const line = curve[row]!
      for (let column = 0; column <= row; column++) line[column]! += part * features[column]!
    }
  }
  for (let row = 0; row < length; row++)
    for (let column = 0; column < row; column++) curve[column]![row] = curve[row]![column]!
  return { slope, curve }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}
