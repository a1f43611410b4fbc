import type { createCache } from './cache.ts'
import type { Call } from './call.ts'
import { inTime } from './deadline.ts'
import type { Entries } from './entries.ts'
import { type Found, detailOf } from './insight/outcome.ts'
import { whyBypass, whyExactOnly } from './keys/cacheable.ts'
import { differing, partDigests, scopeParts } from './keys/key.ts'
import { standingShown } from './insight/standing.ts'
import { type Rule, judge } from './matching/decide.ts'
import { probabilityOf } from './matching/scorer.ts'
import type { Entry, Key, Ports } from './ports.ts'

export type Explain = (call: Call) => Promise<Record<string, unknown>>

/** Of so many of the nearest entries in the namespace one may be of another scope, and it must be found in time. */
const LOOKED_AT = 50
const PATIENCE_MS = 1_000
/** Whoever is further away is not what the caller had in mind. */
const WORTH_TELLING = 0.7

/** What the cache would do with a request, and everything it would go by. Asks no model and counts nothing. */
export function createExplain(
  { embedder, model, clock }: Ports,
  cache: ReturnType<typeof createCache>,
  like: Entries['like'],
): Explain {
  const entryOf = (key: Key) => cache.entryOf(key).catch((): Entry | undefined => undefined)

  return async (call) => {
    const { asked, policy } = call
    const place = await cache.placeOf(call)
    const bypass = whyBypass(call) ?? (place ? undefined : 'session-unavailable')
    if (!place || bypass) return { verdict: { outcome: 'bypass', detail: bypass } }

    const { key, turns } = place
    const scope = scopeParts(call, model.identity, turns)
    const standing = cache.standingOf(call)
    const found = await cache.lookup(call, place).catch((): Found => ({ kind: 'miss', why: 'lookup-failed' }))
    const exact = await entryOf(key)
    const exactOnly = whyExactOnly(call, embedder)
    return {
      verdict: { outcome: found.kind, detail: detailOf(found), ...served(found) },
      key,
      scope,
      policy,
      threshold: policy.threshold ?? embedder.threshold,
      budget: policy.threshold === undefined ? standingShown({ namespace: key.namespace, ...standing }) : null,
      space: embedder.space,
      question: asked.question,
      exact: exact ? { id: exact.key.id, expires_in_s: Math.floor((exact.expiresAt - clock()) / 1000) } : null,
      exact_only: exactOnly ?? null,
      candidates: exactOnly ? [] : await candidates(key),
      elsewhere: found.kind === 'hit' || exactOnly ? null : await elsewhere(key),
    }

    /** The nearest answer that may not be served because it is of another scope, and what is other about that. */
    async function elsewhere(key: Key) {
      const looking = like(key.tenant, asked.question, { namespace: key.namespace }, LOOKED_AT).catch(() => [])
      const near = await inTime(PATIENCE_MS, looking, [])
      const nearest = near.find(({ entry }) => entry.key.scope !== key.scope)
      if (!nearest || nearest.similarity < WORTH_TELLING) return null
      const { entry, similarity } = nearest
      const differs = differing(entry.parts, partDigests(scope))
      return { id: entry.key.id, question: entry.question, similarity, differs: differs ?? null }
    }

    async function candidates(key: Key) {
      const matches = (await cache.nearest(call, key)) ?? []
      // The index may still know the question of an answer that has been purged; nobody is to be told of it.
      const kept = await Promise.all(matches.map(({ key }) => entryOf(key)))
      const there = matches.filter((_, at) => kept[at])
      const rule = await cache.ruleFor(call, key, there)
      return judge(asked.question, there, rule).map(({ match, objections, refused, score }) => {
        const { key, aliasOf, question, similarity, createdAt, expiresAt } = match
        return {
          id: (aliasOf ?? key).id,
          alias: aliasOf !== undefined,
          question,
          similarity,
          ...weighed(rule, similarity, score),
          age_s: Math.floor((clock() - createdAt) / 1000),
          expires_in_s: Math.floor((expiresAt - clock()) / 1000),
          objections,
          known_wrong: refused,
        }
      })
    }
  }
}

/** How much there is, and how much it takes: as a probability where that has been measured, else as a score. */
function weighed(rule: Rule, similarity: number, score: number | undefined) {
  if ('threshold' in rule) return { needs: { similarity: rule.threshold }, enough: similarity >= rule.threshold }
  const { scorer, experience } = rule
  const has = score ?? -Infinity
  const { bar } = experience
  const needs = Number.isFinite(bar) ? { score: rounded(bar) } : null
  const measured = scorer.calibrated && { confidence: rounded(probabilityOf(has)) }
  const needed = needs && { ...needs, ...(scorer.calibrated && { confidence: rounded(probabilityOf(bar)) }) }
  return { score: rounded(has), ...measured, needs: needed, enough: has >= bar }
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4

function served(found: Found) {
  return found.kind === 'hit'
    ? { id: found.entry.key.id, question: found.entry.question, similarity: found.similarity }
    : {}
}
