/** The bounds between which times are told apart: shorter ones count as the first, longer ones as the last. */
const SHORTEST_MS = 0.01
const LONGEST_MS = 600_000
/**
 * Each bucket is so much wider than the one before. Its middle is then never further than √1.1 from any time in it:
 * less than 5 %, whatever the time, in 189 buckets; and buckets of the same bounds can simply be added up.
 */
const GROWTH = 1.1
const LAST = Math.ceil(Math.log(LONGEST_MS / SHORTEST_MS) / Math.log(GROWTH))

/** The bucket that a time is counted in. */
export function bucketOf(ms: number): number {
  if (!(ms > SHORTEST_MS)) return 0
  return Math.min(LAST, Math.ceil(Math.log(ms / SHORTEST_MS) / Math.log(GROWTH)))
}

export interface Percentiles {
  readonly count: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** Percentiles in milliseconds, from counts by bucket. */
export function percentilesOf(counts: ReadonlyMap<number, number>): Percentiles {
  const buckets = [...counts].sort(([one], [other]) => one - other)
  const count = buckets.reduce((sum, [, count]) => sum + count, 0)
  const at = (percent: number) => {
    let left = Math.ceil((count * percent) / 100)
    const bucket = buckets.find(([, count]) => (left -= count) <= 0)
    return bucket ? middleOf(bucket[0]) : null
  }
  return { count, p50: at(50), p95: at(95), p99: at(99) }
}

function middleOf(bucket: number): number {
  if (bucket === 0) return SHORTEST_MS
  return Number((SHORTEST_MS * GROWTH ** (bucket - 0.5)).toPrecision(4))
}
