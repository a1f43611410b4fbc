import { expect, it } from 'vitest'
import type { Ports } from '../../src/ports.ts'
import { completion, inTurn, says } from '../support/model.ts'
import { TAGGED, gate, purging, slow } from '../support/purging.ts'
import { LIKE_IT, QUESTION, said, settled } from '../support/world.ts'

it.each<[string, string, (ports: Ports, look: ReturnType<typeof gate>) => Partial<Ports>]>([
  ['read from the store', QUESTION, ({ store }, { pass }) => ({ store: { ...store, get: late(store.get, pass) } })],
  [
    'found by the index',
    LIKE_IT,
    ({ index }, { pass }) => ({ index: { ...index, nearest: late(index.nearest, pass) } }),
  ],
  [
    'compared with it',
    LIKE_IT,
    ({ embedder }, { pass }) => ({ embedder: { ...embedder, embed: late(embedder.embed, pass) } }),
  ],
])('does not serve what is purged after it was %s', async (_, question, slowed) => {
  const look = gate()
  const { ask, purge } = purging({ model: inTurn(says('old'), says('new')), ports: (ports) => slowed(ports, look) })
  await ask(QUESTION)
  look.close()
  const asked = ask(question)
  await settled()
  await purge()
  look.open()
  expect(await said(await asked)).toBe('new')
})

it.each<[string, (ports: Ports, work: ReturnType<typeof gate>) => Partial<Ports>]>([
  ['embedded', ({ embedder }, { pass }) => ({ embedder: { ...embedder, embed: late(embedder.embed, pass) } })],
  [
    'about to be kept',
    ({ store }, { pass }) => ({ store: { ...store, put: (...it) => pass().then(() => store.put(...it)) } }),
  ],
  ['kept', ({ store }, { pass }) => ({ store: { ...store, put: late(store.put, pass) } })],
  [
    'about to be pointed to',
    ({ index }, { pass }) => ({ index: { ...index, add: (it) => pass().then(() => index.add(it)) } }),
  ],
])('serves no answer that was being %s when the purge came', async (_, slowed) => {
  const [air, work] = [gate(), gate()]
  const model = inTurn(slow(says('old'), air), says('new'), says('newer'))
  const { ask, purge, idle } = purging({ model, ports: (ports) => slowed(ports, work) })
  air.close()
  const asked = ask(QUESTION)
  await settled()
  work.close()
  air.open()
  await settled()
  await purge()
  work.open()
  await asked
  await idle()
  expect(await said(await ask(LIKE_IT))).toBe('new')
  expect(await said(await ask(QUESTION, { 'reprise-match': 'exact' }))).toBe('newer')
})

it('keeps nothing that was put in by hand before the purge, and what is put in after it', async () => {
  const work = gate()
  const ports = ({ embedder }: Ports) => ({ embedder: { ...embedder, embed: late(embedder.embed, work.pass) } })
  const { ask, post, purge } = purging({ model: says('new'), ports })
  const request = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: QUESTION }] }
  const put = (content: string) => post('/cache/entries', { request, completion: completion(content) }, TAGGED)
  work.close()
  const putting = put('old')
  await settled()
  await purge()
  work.open()
  expect(await (await putting).json()).toMatchObject({ kept: false, why: 'purged' })
  expect((await put('by hand')).status).toBe(201)
  expect(await said(await ask(QUESTION))).toBe('by hand')
})

/** Gives what it gives only once it is let through. */
function late<A extends unknown[], R>(call: (...args: A) => Promise<R>, pass: () => Promise<void>) {
  return async (...args: A): Promise<R> => {
    const result = await call(...args)
    await pass()
    return result
  }
}
