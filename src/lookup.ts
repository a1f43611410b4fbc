import type { Call, Purges, Verdicts } from './call.ts'
import type { Candidate, Found, Hit } from './insight/outcome.ts'
import { acceptedStaleness, isOfTheRoom, isWelcome, whyExactOnly, whyWithheld } from './keys/cacheable.ts'
import { isSameKey } from './keys/key.ts'
import type { Place } from './keys/place.ts'
import { type Rule, type Weighed, decide } from './matching/decide.ts'
import { answering, probabilityOf } from './matching/scorer.ts'
import type { Entry, Key, Match, Ports } from './ports.ts'

/** How many of the nearest are considered. */
const NEIGHBOURS = 8

/** What a call is decided by: a threshold where one is set, else what is likely enough to be right. */
export type RuleOf = (call: Call, key: Key) => Rule | Promise<Rule>

/** Finds what is kept for a call: under its very words, or under words that mean the same. */
export function createLookup(
  { store, index, embedder, clock }: Ports,
  purges: Purges,
  verdicts: Verdicts,
  ruleOf: RuleOf,
  inFlight: (key: Key) => boolean,
) {
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
    if (!('serve' in verdict)) {
      const { why, best, near } = verdict
      return { kind: 'miss', why, ...judged(rule, near), similarity: best?.similarity, candidate: candidateOf(near) }
    }

    const { serve, ...sure } = verdict
    const served = { match: serve, ...sure }
    const withheld = whyWithheld(call)
    if (withheld) return { kind: 'miss', why: withheld, ...judged(rule, served), candidate: candidateOf(served) }
    const entry = await entryOf(serve.key)
    const servable = entry && isOfTheRoom(entry, key, embedder.space) && isWelcome(entry, call, clock())
    if (servable) {
      const offset = verdicts.offsetOf(key.tenant, entry.key.id)
      return { ...hit(entry, key, 'semantic'), ...judged(rule, served), offset }
    }

    if (!entry) await index.delete(serve.key)
    const others = matches.filter((match) => match !== serve)
    return others.length > 0 ? choose(call, key, others) : { kind: 'miss', why: 'stale-pointer' }
  }

  /** What this call is decided by, with what is known of these matches' answers by now. */
  async function ruleFor(call: Call, key: Key, matches: readonly Match[]): Promise<Rule> {
    await verdicts.fresh(key.tenant, matches.map(answering))
    return ruleOf(call, key)
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

  function hit(entry: Entry, asked: Key, via: 'exact' | 'semantic'): Hit {
    const ttlMs = entry.expiresAt - clock()
    const ageMs = clock() - entry.createdAt
    return { kind: 'hit', via, entry, asked, stale: ttlMs <= 0, ageMs, ttlMs }
  }
}

function judged(rule: Rule, weighed: Weighed | undefined) {
  if (!weighed) return {}
  const { match, score, features } = weighed
  // Where nobody has measured how often a score is right, it is no probability.
  const isMeasured = 'scorer' in rule && rule.scorer.calibrated && score !== undefined
  return { similarity: match.similarity, score, features, ...(isMeasured && { confidence: probabilityOf(score) }) }
}

function candidateOf(weighed: Weighed | undefined): Candidate | undefined {
  if (!weighed) return undefined
  const { match, score, features } = weighed
  return { key: match.key, entry: answering(match), score, features }
}
