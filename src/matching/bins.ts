/** Scores lower than this are of no interest to anyone. */
const LOWEST = -2
/** They are told apart by quarters of a logit. */
export const WIDTH = 0.25

/** From -2 logits (one in eight is right) to 10 (all but one in 20,000). */
export const BINS = 48

/** The bin of a score; `undefined` if it is too low, or none. What is beyond the last is in the last. */
export function binOf(score: number): number | undefined {
  const bin = Math.floor((score - LOWEST) / WIDTH)
  return bin >= 0 ? Math.min(bin, BINS - 1) : undefined
}

/** The lowest score in a bin. */
export const floorOf = (bin: number): number => LOWEST + bin * WIDTH

/** The score that stands for a bin. */
export const middleOf = (bin: number): number => floorOf(bin) + WIDTH / 2

/** As many numbers as there are bins. */
export const zeros = (): number[] => Array<number>(BINS).fill(0)
