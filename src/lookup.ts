import type { Call, Purges, Verdicts } from './call.ts'
import type { Found, Hit } from './insight/outcome.ts'
import { acceptedStaleness, isOfTheRoom, isWelcome, whyExactOnly, whyWithheld } from './keys/cacheable.ts'
import { isSameKey } from './keys/key.ts'
import type { Place } from './keys/place.ts'
import { type Rule, decide } from './matching/decide.ts'
import type { Experience } from './matching/experience.ts'
import { FIRST_BAR, cosineScorer } from './matching/scorer.ts'
import type { Entry, Key, Match, Ports } from './ports.ts'

/** How many of the nearest are considered. */
const NEIGHBOURS = 8

/** The score from which a match is served. */
const BAR = FIRST_BAR - 1e-4

/** Finds what is kept for a call: under its very words, or under words that mean the same. */
export function createLookup(
  { store, index, embedder, clock }: Ports,
  purges: Purges,
  verdicts: Verdicts,
  inFlight: (key: Key) => boolean,
) {
  const scorer = cosineScorer(embedder.threshold)
  return { lookup, nearest, entryOf, ruleFor }

  /** Rejects if the store does: what it could not tell us must not be taken for missing. */
  async function lookup(call: Call, { key }: Place): Promise<Found> {
    if (call.directives.noCache) return { kind: 'miss', why: 'asked-fresh' }

    const exactOnly = whyExactOnly(call, embedder)
    const looking = entryOf(key)
    // What is far away is asked for both at once; near at hand, a search would be wasted on an exact hit.
    const both = !exactOnly && embedder.near && !store.near && !store.atHand(key) && !inFlight(key)
    const searching = both ? nearest(call, key) : undefined
    searching?.catch(() => {})
    const exact = await looking
    if (exact && isWelcome(exact, call, clock())) return hit(exact, key, 'exact')
    if (inFlight(key)) return { kind: 'miss', why: 'in-flight' }
    if (exactOnly) return { kind: 'miss', why: `exact-only.${exactOnly}` }

    const matches = await (searching ?? nearest(call, key))
    return matches ? choose(call, key, matches) : { kind: 'miss', why: 'no-vector' }
  }

  /** What means nearly the same as the question and is not too old for the caller; `undefined` if it has no vector. */
  async function nearest(call: Call, key: Key): Promise<Match[] | undefined> {
    const probe = await embedder.embed(call.asked.question)
    if (probe === undefined) return undefined
    const expiringAfter = clock() - acceptedStaleness(call)
    const matches = await index.nearest({ ...key, space: embedder.space }, probe, NEIGHBOURS, expiringAfter)
    return matches.filter((match) => isWelcome(match, call, clock()))
  }

  /** The nearest match that nothing speaks against, if the store still holds what it points to. */
  async function choose(call: Call, key: Key, matches: readonly Match[]): Promise<Found> {
    const rule = await ruleFor(call, key, matches)
    const verdict = decide(call.asked.question, matches, rule)
    if (!('serve' in verdict)) return { kind: 'miss', why: verdict.why, similarity: verdict.best?.similarity }

    const { serve, score } = verdict
    const withheld = whyWithheld(call, key)
    if (withheld) return { kind: 'miss', why: withheld, similarity: serve.similarity }
    const entry = await entryOf(serve.key)
    const servable = entry && isOfTheRoom(entry, key, embedder.space) && isWelcome(entry, call, clock())
    if (servable) {
      const offset = score === undefined ? 0 : verdicts.offsetOf(key.tenant, entry.key.id)
      const how = { similarity: serve.similarity, ...(score !== undefined && { score: score - offset }) }
      return hit(entry, key, 'semantic', how)
    }

    if (!entry) await index.delete(serve.key)
    const others = matches.filter((match) => match !== serve)
    return others.length > 0 ? choose(call, key, others) : { kind: 'miss', why: 'stale-pointer' }
  }

  /** What this call is decided by, with what is known of these matches' answers by now. */
  async function ruleFor(call: Call, key: Key, matches: readonly Match[]): Promise<Rule> {
    const { tenant, digest } = key
    await verdicts.fresh(
      tenant,
      matches.map(({ key, aliasOf }) => (aliasOf ?? key).id),
    )
    return ruleOf(call, {
      offsetOf: (entry) => verdicts.offsetOf(tenant, entry),
      refuses: (entry) => verdicts.refuses(tenant, entry, digest),
    })
  }

  /** A threshold where one is set, else what is likely enough to be right. */
  function ruleOf({ policy: { threshold } }: Call, known: Pick<Experience, 'offsetOf' | 'refuses'>): Rule {
    const { refuses } = known
    return threshold === undefined ? { scorer, experience: { bar: BAR, ...known } } : { threshold, refuses }
  }

  /** What is kept under a key, be it as an alias of another one; unless it has been purged. */
  async function entryOf(key: Key): Promise<Entry | undefined> {
    const kept = await keptUnder(key)
    if (!kept?.aliasOf) return kept

    const root = { ...key, ...kept.aliasOf }
    const entry = await keptUnder(root)
    await verdicts.fresh(key.tenant, [root.id])
    // It was judged to be served by that very answer, and by no other that has come into its place.
    const isSame = entry && !entry.aliasOf && entry.createdAt === kept.createdAt
    if (isSame && !verdicts.refuses(key.tenant, root.id, key.digest)) return entry
    if (await store.delete(key, kept.createdAt).catch(() => false)) await index.delete(key)
    return undefined
  }

  /** What the store holds under a key, unless it turns out to be of another, or has been purged. */
  async function keptUnder(key: Key): Promise<Entry | undefined> {
    const entry = await store.get(key)
    // Asked now, for the request may have been on its way for long, and others may have joined it since it was let in.
    await purges.fresh(key.tenant)
    return entry && isSameKey(entry.key, key) && !purges.covers(entry) ? entry : undefined
  }

  function hit(entry: Entry, asked: Key, via: 'exact' | 'semantic', how: Pick<Hit, 'similarity' | 'score'> = {}): Hit {
    const ttlMs = entry.expiresAt - clock()
    const ageMs = clock() - entry.createdAt
    return { kind: 'hit', via, entry, asked, stale: ttlMs <= 0, ageMs, ttlMs, ...how }
  }
}
