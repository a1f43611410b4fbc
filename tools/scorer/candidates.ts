import { flatIndex } from '../../src/adapters/embedded/flat-index.ts'
import { objections } from '../../src/matching/objections/index.ts'
import { read } from '../../src/matching/reading.ts'
import { type Describe, withinReach } from '../../src/matching/features.ts'
import { FLOOR } from '../../src/matching/scorer.ts'
import type { Embedder, Match, Vector } from '../../src/ports.ts'
import type { Arrival, Pair } from './sources.ts'

/** A match that an index gave for a question, against which nothing speaks. */
export interface Candidate {
  /** Whose match it is, so that its rivals can be told. */
  readonly question: number
  readonly features: Float64Array
  readonly right: boolean
}

/** As many as the service considers. */
const NEIGHBOURS = 8
const WITHIN = { tenant: 'training', namespace: 'default', scope: 'scope', space: 'space' }

/**
 * Plays questions into an empty index in order, and describes what it gives for each. A question of a cluster that is
 * there already is kept with a probability of `again`: a cache keeps what it missed, and misses some of them.
 */
export async function ofStream(
  arrivals: readonly Arrival[],
  embedder: Embedder,
  describe: Describe,
  again: number,
  random: () => number,
): Promise<Candidate[]> {
  const index = flatIndex({ clock: () => 0 })
  const seen = new Set<string>()
  const found: Candidate[] = []
  for (const [at, { question, cluster }] of arrivals.entries()) {
    const vector = await vectorOf(question, embedder)
    if (!vector) continue
    const matches = await index.nearest(WITHIN, vector, NEIGHBOURS, 0)
    const isRight = ({ key }: Match) => cluster !== undefined && arrivals[Number(key.id)]!.cluster === cluster
    found.push(...described(question, matches, describe, at, isRight))
    const isThere = cluster !== undefined && seen.has(cluster)
    if (cluster !== undefined) seen.add(cluster)
    if (!isThere || random() < again) await index.add(pointer(at, question, vector))
  }
  return found
}

/** Each pair twice: as an index gives it that holds the other pairs' questions as well, and by itself. */
export async function ofPairs(pairs: readonly Pair[], embedder: Embedder, describe: Describe): Promise<Candidate[]> {
  const index = flatIndex({ clock: () => 0 })
  for (const [at, known] of [...new Set(pairs.map(({ known }) => known))].entries()) {
    const vector = await vectorOf(known, embedder)
    if (vector) await index.add(pointer(at, known, vector))
  }
  const found: Candidate[] = []
  for (const [at, { known, asked, same }] of pairs.entries()) {
    const vector = await vectorOf(asked, embedder)
    if (!vector) continue
    const matches = await index.nearest(WITHIN, vector, NEIGHBOURS + 1, 0)
    const others = matches.filter(({ question }) => question !== asked)
    const ours = others.findIndex(({ question }) => question === known)
    if (ours < 0) continue
    // Of the others nobody has said whether they are the same.
    found.push(...described(asked, others.slice(0, NEIGHBOURS), describe, at, () => same, ours))
    found.push(...described(asked, [others[ours]!], describe, at, () => same))
  }
  return found
}

function described(
  question: string,
  matches: readonly Match[],
  describe: Describe,
  at: number,
  isRight: (match: Match) => boolean,
  only?: number,
): Candidate[] {
  const asked = read(question)
  const near = matches.map((match) => ({ similarity: match.similarity, known: read(match.question) }))
  return describe(asked, near, withinReach(near, FLOOR)).flatMap((features, nth) => {
    const objected = objections.some((objection) => objection.objects(asked, near[nth]!.known))
    if (objected || (only !== undefined && only !== nth)) return []
    return [{ question: at, features, right: isRight(matches[nth]!) }]
  })
}

async function vectorOf(text: string, embedder: Embedder): Promise<Vector | undefined> {
  const probe = embedder.fits(text) ? await embedder.embed(text) : undefined
  return typeof probe === 'object' ? probe : undefined
}

function pointer(at: number, question: string, probe: Vector) {
  const key = { ...WITHIN, id: `${at}`, digest: `${at}` }
  return { key, space: WITHIN.space, probe, question, createdAt: 0, expiresAt: 1, keepUntil: 1 }
}
