/** 1.96 standard deviations to either side hold 95 %. */
const Z = 1.96

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Between which bounds a share lies of which so many of `all` were seen (Wilson, 1927), 95 times in a hundred. */
export function wilson(some: number, all: number): Interval {
  if (all === 0) return { low: 0, high: 1 }
  const [share, z2] = [some / all, Z ** 2]
  const middle = (share + z2 / (2 * all)) / (1 + z2 / all)
  const half = (Z / (1 + z2 / all)) * Math.sqrt((share * (1 - share)) / all + z2 / (4 * all ** 2))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
