import { flatIndex } from '../../src/adapters/embedded/flat-index.ts'
import type { Arrival } from './data.ts'
import type { Subject } from './embedders.ts'
import type { Scored } from './metrics.ts'
import type { Rule } from './rules.ts'

export interface JudgedStream {
  /** How many prompts had an earlier one of their cluster. */
  readonly possible: number
  /** For how many of these one of their cluster was among the nearest. */
  readonly recalled: number
  /** For each rule what it would have served, and how surely; minus infinity where it never would. */
  readonly byRule: ReadonlyMap<string, Scored[]>
}

/**
 * Plays a stream into an empty index, and asks each rule about each arrival before it is added. Every prompt is added,
 * hit or miss, for then one pass holds for every threshold; a cache that adds only what it missed has fewer to choose
 * from, and makes no other mistakes. Those of one cluster would be answered in the same words.
 */
export async function judgeStream(
  arrivals: readonly Arrival[],
  subject: Subject,
  rules: readonly Rule[],
): Promise<JudgedStream> {
  const vectors = await subject.embed(arrivals.map(({ prompt }) => prompt))
  const index = flatIndex({ clock: () => 0 })
  const within = { tenant: 'bench', namespace: 'default', scope: 'scope', space: subject.name }
  const byRule = new Map(rules.map(({ name }): [string, Scored[]] => [name, []]))
  const seen = new Set<string>()
  let [possible, recalled] = [0, 0]

  for (const [at, { prompt, cluster }] of arrivals.entries()) {
    const isLike = (id: string) => cluster !== undefined && arrivals[Number(id)]!.cluster === cluster
    const probe = vectors[at]
    const matches = probe ? await index.nearest(within, probe, NEIGHBOURS, 0) : []
    if (cluster !== undefined && seen.has(cluster)) {
      possible++
      if (matches.some(({ key }) => isLike(key.id))) recalled++
    }
    for (const { name, choose } of rules) {
      const choice = choose(prompt, matches)
      const right = choice !== undefined && isLike(choice.match.key.id)
      byRule.get(name)!.push({ score: choice?.confidence ?? -Infinity, right })
    }
    if (cluster !== undefined) seen.add(cluster)
    if (!probe) continue
    const key = { ...within, id: `${at}`, digest: `${at}` }
    const pointer = { key, space: within.space, probe, question: prompt, says: cluster }
    await index.add({ ...pointer, createdAt: 0, expiresAt: 1, keepUntil: 1 })
  }
  return { possible, recalled, byRule }
}

/** As many as the service considers. */
const NEIGHBOURS = 8
