import type { Counters } from '../ports.ts'
import { type Sums, figuresOf } from './figures.ts'
import { DAY_MS, TOP_KEPT_MS, startOf, topTally } from './tallies.ts'

/** An entry that was asked for often. */
export interface TopEntry {
  readonly tenant: string
  readonly namespace: string
  readonly id: string
  readonly hits: number
}

/** The entries with the most hits on the days from `since` to `until`, as far back as that is kept. */
export async function topEntries(
  { counters, now }: { readonly counters: Counters; readonly now: number },
  within: { readonly tenants: readonly string[]; readonly since: number; readonly until: number },
  most: number,
): Promise<TopEntry[]> {
  let top: TopEntry[] = []
  if (most === 0) return top
  const first = startOf('day', Math.max(within.since, now - TOP_KEPT_MS))
  const last = startOf('day', within.until - 1)
  for (const tenant of within.tenants) {
    const hits = new Map<string, number>()
    // A day at a time: there may be as many fields as there are entries.
    for (let day = first; day <= last; day += DAY_MS) {
      const [counts = []] = await counters.read([topTally(tenant, day).tally])
      for (const [field, count] of counts) hits.set(field, (hits.get(field) ?? 0) + count)
    }
    const theirs = [...hits].map(([field, hits]) => {
      const [namespace, id] = JSON.parse(field) as [string, string]
      return { tenant, namespace, id, hits }
    })
    top = [...top, ...theirs].sort((one, other) => other.hits - one.hits).slice(0, most)
  }
  return top
}

/** Fewer lookups tell little about a namespace. */
const ENOUGH_LOOKUPS = 20

export interface LeastUseful {
  readonly tenant: string
  readonly namespace: string
  readonly lookups: number
  readonly hits: number
  readonly hit_rate: number
  /** Answers that were kept. */
  readonly kept: number
}

/**
 * The namespaces that a cache does least for: the lowest hit rates, and those that keep answers but never gave one.
 * They come as lines of tenant and name, with what was counted in them.
 */
export function leastUseful(namespaces: Iterable<readonly [string, Sums]>, most: number): LeastUseful[] {
  return [...namespaces]
    .map(([lines, sums]): LeastUseful => {
      const [tenant, namespace] = lines.split('\n') as [string, string]
      const { hits, joined, misses, kept, hit_rate } = figuresOf(sums)
      const lookups = hits.total + joined + misses.total
      return { tenant, namespace, lookups, hits: hits.total, hit_rate: hit_rate ?? 0, kept }
    })
    .filter(({ lookups, hits, kept }) => lookups >= ENOUGH_LOOKUPS || (kept > 0 && hits === 0))
    .sort((one, other) => one.hit_rate - other.hit_rate || other.lookups - one.lookups)
    .slice(0, most)
}
