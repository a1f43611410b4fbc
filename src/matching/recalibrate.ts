import { WIDTH } from './bins.ts'
import type { Evidence } from './evidence.ts'
import { type Tridiagonal, solve } from './tridiagonal.ts'

/** How far off a belief may be where nobody has looked. */
export interface Doubt {
  /** In logits, a standard deviation. */
  readonly sd: number
  /** Over how many logits of score it is much the same: labels tell so far of scores above and below their own. */
  readonly reach: number
}

/** What is believed of the share of wrong answers, bin by bin. */
export interface Belief {
  readonly logits: readonly number[]
  /** The standard deviation of a sum of the logits, each with a weight of its own. */
  sdOf(weights: readonly number[]): number
}

/**
 * Corrects what was believed before by what labels say: at each score by how many logits it is off, where errors at
 * neighbouring scores are alike, and less so the further they are apart (a first-order autoregression, fitted by
 * Newton's method and taken for normal around its top). So labels of matches that were not served tell of those that
 * are a little more certain, and where nobody has looked, the belief comes back to what it was.
 */
export function recalibrated(before: readonly number[], { right, wrong }: Evidence, doubt: Doubt): Belief {
  const prior = priorOf(before.length, doubt)
  let shifts: readonly number[] = before.map(() => 0)
  let curvature = prior
  for (let round = 0; round < ROUNDS; round++) {
    const shares = before.map((logit, bin) => shareOf(logit + shifts[bin]!))
    const pulled = times(prior, shifts)
    const slope = shares.map((share, bin) => wrong[bin]! - (wrong[bin]! + right[bin]!) * share - pulled[bin]!)
    const information = shares.map((share, bin) => (wrong[bin]! + right[bin]!) * share * (1 - share))
    curvature = { ...prior, diagonal: prior.diagonal.map((some, bin) => some + information[bin]!) }
    const step = solve(curvature, slope)
    const largest = Math.max(...step.map(Math.abs))
    const scale = largest > 1 ? 1 / largest : 1
    shifts = shifts.map((shift, bin) => shift + step[bin]! * scale)
    if (largest < 1e-3) break
  }
  return {
    logits: before.map((logit, bin) => logit + shifts[bin]!),
    sdOf: (weights) => Math.sqrt(solve(curvature, weights).reduce((sum, some, bin) => sum + some * weights[bin]!, 0)),
  }
}

const ROUNDS = 50

/**
 * The same belief, but steeper or flatter, higher or lower as a whole, as labels say it is: a logistic regression on it
 * (Platt, 1999), that trusts it to be about right. It reaches where hardly anybody looks: to what is served.
 */
export function tilted(before: readonly number[], { right, wrong }: Evidence, slopeSd = SLOPE_SD): number[] {
  let [slope, level] = [1, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const off = { slope: (slope - 1) / slopeSd ** 2, level: level / LEVEL_SD ** 2 }
    const curve = { slope: 1 / slopeSd ** 2, both: 0, level: 1 / LEVEL_SD ** 2 }
    before.forEach((logit, bin) => {
      const looked = wrong[bin]! + right[bin]!
      if (looked === 0) return
      const share = shareOf(slope * logit + level)
      const certainty = looked * share * (1 - share)
      off.slope += (looked * share - wrong[bin]!) * logit
      off.level += looked * share - wrong[bin]!
      curve.slope += certainty * logit ** 2
      curve.both += certainty * logit
      curve.level += certainty
    })
    const determinant = curve.slope * curve.level - curve.both ** 2
    const step = {
      slope: (curve.level * off.slope - curve.both * off.level) / determinant,
      level: (curve.slope * off.level - curve.both * off.slope) / determinant,
    }
    const scale = 1 / Math.max(1, Math.abs(step.slope) * 4, Math.abs(step.level))
    slope = Math.max(FLATTEST, slope - step.slope * scale)
    level -= step.level * scale
    if (Math.abs(step.slope) + Math.abs(step.level) < 1e-3) break
  }
  return before.map((logit) => slope * logit + level)
}

/** How far off it may be, in standard deviations. */
const SLOPE_SD = 0.25
const LEVEL_SD = 0.5
/** A higher score is never worse. */
const FLATTEST = 0.2

/** The share that a logit stands for. */
export const shareOf = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** The precision of shifts that are each as uncertain as the doubt says, and as alike. */
function priorOf(size: number, { sd, reach }: Doubt): Tridiagonal {
  const alike = Math.exp(-WIDTH / reach)
  const scale = 1 / (sd ** 2 * (1 - alike ** 2))
  const inner = (1 + alike ** 2) * scale
  const diagonal = Array.from({ length: size }, (_, at) => (at === 0 || at === size - 1 ? scale : inner))
  return { diagonal, beside: -alike * scale }
}

function times({ diagonal, beside }: Tridiagonal, vector: readonly number[]): number[] {
  return vector.map((some, at) => diagonal[at]! * some + beside * ((vector[at - 1] ?? 0) + (vector[at + 1] ?? 0)))
}
