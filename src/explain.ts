import { NEIGHBOURS, type createCache } from './cache.ts'
import type { Call } from './call.ts'
import { type Found, detailOf } from './insight/outcome.ts'
import { whyBypass, whyExactOnly } from './keys/cacheable.ts'
import { scopeParts } from './keys/key.ts'
import { judge } from './matching/decide.ts'
import { read } from './matching/reading.ts'
import type { Key, Ports } from './ports.ts'

export type Explain = (call: Call) => Promise<Record<string, unknown>>

/** What the cache would do with a request, and everything it would go by. Asks no model and counts nothing. */
export function createExplain(
  { store, index, embedder, model, clock }: Ports,
  cache: ReturnType<typeof createCache>,
): Explain {
  return async (call) => {
    const { asked, directives, policy } = call
    const place = await cache.placeOf(call)
    const bypass = whyBypass(call) ?? (place ? undefined : 'session-unavailable')
    if (!place || bypass) return { verdict: { outcome: 'bypass', detail: bypass } }

    const { key, turns } = place
    const found = await cache.lookup(call, place)
    const exact = await store.get(key)
    const exactOnly = whyExactOnly(call, embedder)
    return {
      verdict: { outcome: found.kind, detail: detailOf(found), ...served(found) },
      key,
      scope: scopeParts(call, model.identity, turns),
      policy,
      threshold: policy.threshold ?? embedder.threshold,
      space: embedder.space,
      question: asked.question,
      exact: exact ? { id: exact.key.id, expires_in_s: Math.floor((exact.expiresAt - clock()) / 1000) } : null,
      exact_only: exactOnly ?? null,
      candidates: exactOnly ? [] : await candidates(key, directives.maxStaleMs ?? 0),
    }

    async function candidates({ tenant, namespace, scope }: Key, maxStaleMs: number) {
      const vector = await embedder.embed(asked.question)
      if (!vector) return []
      const within = { tenant, namespace, scope, space: embedder.space }
      const matches = await index.nearest(within, vector, NEIGHBOURS, clock() - maxStaleMs)
      const reading = read(asked.question)
      return matches.map((match) => {
        const { key, question, similarity, createdAt, expiresAt } = match
        return {
          id: key.id,
          question,
          similarity,
          age_s: Math.floor((clock() - createdAt) / 1000),
          expires_in_s: Math.floor((expiresAt - clock()) / 1000),
          objections: judge(reading, match).objections,
        }
      })
    }
  }
}

function served(found: Found) {
  return found.kind === 'hit'
    ? { id: found.entry.key.id, question: found.entry.question, similarity: found.similarity }
    : {}
}
