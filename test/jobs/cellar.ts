import { onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts'
import { flatIndex } from '../../src/adapters/embedded/flat-index.ts'
import { lexicalEmbedder } from '../../src/adapters/lexical-embedder/lexical-embedder.ts'
import type { Purges } from '../../src/call.ts'
import { idOf } from '../../src/keys/key.ts'
import type { Clock, Entry } from '../../src/ports.ts'
import { anEntry, hex } from '../contract/samples.ts'

/** Where answers are kept, empty, with the embedder that comes with the service. */
export function cellar(clock: Clock) {
  const options = { path: ':memory:', clock, maxEntries: 10_000, maxBytes: 1e9, hotBytes: 1e6 }
  const { store } = openEmbedded(options)
  onTestFinished(() => store.close())
  return {
    store,
    index: flatIndex({ clock }),
    embedder: lexicalEmbedder(),
    clock,
    purges: nothingPurged,
    quotaOf: async () => undefined,
    async entriesOf(tenant: string): Promise<Entry[]> {
      return (await Array.fromAsync(store.entries())).filter(({ key }) => key.tenant === tenant)
    },
  }
}

/** Three purges, none of which covers anything. */
export const nothingPurged: Purges = { epochOf: () => 3, covers: () => false, fresh: async () => {} }

/** An answer that could have been kept, to a question of that number. */
export function answerTo(nth: number, createdAt: number, parts: Partial<Entry> = {}): Entry {
  const key = {
    tenant: 'source',
    namespace: 'faq',
    scope: hex('scope').slice(0, 32),
    digest: hex(`${nth}`).slice(0, 32),
  }
  const completion = JSON.stringify({
    id: `chatcmpl-${nth}`,
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: `Answer ${nth}.` }, finish_reason: 'stop' }],
  })
  const question = `What does item number ${nth} of the catalogue cost?`
  return anEntry(createdAt, { key: { id: idOf(key), ...key }, question, completion, tags: ['prices'], ...parts })
}
