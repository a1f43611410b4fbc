import type { Hit } from '../../src/insight/outcome.ts'
import type { Entry } from '../../src/ports.ts'

/** A hit on an entry of which only what matters is named. */
export function hit(via: Hit['via'], entry: Partial<Entry> = {}): Hit {
  return {
    kind: 'hit',
    via,
    stale: false,
    ageMs: 0,
    ttlMs: 1_000,
    asked: { id: 'ent_1', tenant: 'acme', namespace: 'faq', scope: 's', digest: 'd' },
    entry: {
      key: { id: 'ent_1', tenant: 'acme', namespace: 'faq', scope: 's', digest: 'd' },
      question: 'Hi',
      completion: '{}',
      model: 'gpt-4o',
      usage: { promptTokens: 10, completionTokens: 5 },
      tags: [],
      vector: undefined,
      space: undefined,
      tookMs: 1,
      createdAt: 0,
      expiresAt: 1_000,
      keepUntil: 1_000,
      epoch: 0,
      ...entry,
    },
  }
}
