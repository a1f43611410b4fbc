import { FIRST_BAR, probabilityOf } from './scorer.ts'

/** How one hit of an entry turned out. */
export interface Seen {
  /** The logit that it was served by, without any offset; absent if a plain threshold decided. */
  readonly score: number | undefined
  readonly right: boolean
}

/** How much entries differ from what their scores say, as a standard deviation in logits. */
const SPREAD = 1
/** However often an entry was right, that is no reason to serve from it whatever is asked. */
const MOST_UP = 0.7
const STEPS = 50
const CLOSE_ENOUGH = 1e-9

/**
 * What an entry's own hits say beyond their scores, in logits; 0 if there are none. Its bias b has the prior
 * N(0, spread²), shared by all entries, and each hit was right with the probability σ(score + b): the mode of the
 * posterior by Newton's method, as in Laplace's approximation (Bishop, Pattern Recognition and Machine Learning, 4.4
 * and 4.5.1). What speaks for the entry is moderated by what is not yet known of it, κ(v) = (1 + πv/8)^-½ with the
 * posterior's variance v (MacKay, The Evidence Framework Applied to Classification Networks, 1992; Bishop, 4.154); what
 * speaks against it is not.
 */
export function offsetOf(seen: readonly Seen[], spread = SPREAD): number {
  if (seen.length === 0) return 0
  const precision = 1 / spread ** 2
  let mode = 0
  for (let step = 0; step < STEPS; step++) {
    let slope = -precision * mode
    let curvature = precision
    for (const { score = FIRST_BAR, right } of seen) {
      const expected = probabilityOf(score + mode)
      slope += (right ? 1 : 0) - expected
      curvature += expected * (1 - expected)
    }
    const change = slope / curvature
    // The target is concave, but a whole step may overshoot where σ is flat.
    mode += Math.max(-1, Math.min(1, change))
    if (Math.abs(change) < CLOSE_ENOUGH) return moderated(mode, 1 / curvature)
  }
  return moderated(mode, spread ** 2)
}

function moderated(mode: number, variance: number): number {
  return mode <= 0 ? mode : Math.min(MOST_UP, mode / Math.sqrt(1 + (Math.PI * variance) / 8))
}
