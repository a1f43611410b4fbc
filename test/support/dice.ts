export type Dice = ReturnType<typeof createDice>

/** Chance that can be had again: from the same seed come the same throws. */
export function createDice(seed: number) {
  let state = seed >>> 0 || 1
  const throwOne = (): number => {
    // Xorshift (Marsaglia, 2003): 32 bits that come round after all others have.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(throwOne() * end)
  return {
    below,
    /** True in so many cases of a hundred. */
    percent: (share: number): boolean => throwOne() * 100 < share,
    /** One of them; there must be one. */
    of: <T>(some: readonly T[]): T => some[below(some.length)]!,
  }
}
