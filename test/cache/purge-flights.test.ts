import { expect, it } from 'vitest'
import type { Ports } from '../../src/ports.ts'
import { END, type Send, completion, delta, inTurn, json, says, streaming } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, said, settled, world } from '../support/world.ts'

const TAGGED = { 'reprise-tags': 'prices' }

/** A world in which the answers of `old` are kept or asked for before the purge, and those of `new` after it. */
function purging(options: WorldOptions) {
  const it = world(options)
  return {
    ...it,
    ask: (question: string, headers: object = {}) => it.ask(question, { ...TAGGED, ...headers }),
    hear: (question: string) => it.hear(question, TAGGED),
    async purge() {
      expect((await it.post('/cache/purge', { tag: 'prices' })).status).toBe(200)
    },
  }
}

/** Holds up whatever passes, from when it is closed until it is opened. */
function gate() {
  let opened = Promise.resolve()
  let open = () => {}
  return {
    close() {
      const { promise, resolve } = Promise.withResolvers<void>()
      opened = promise
      open = resolve
    },
    open: () => open(),
    pass: () => opened,
  }
}

/** A model that has made up its mind before the gate, and says so behind it. */
const slow = (send: Send, { pass }: ReturnType<typeof gate>): Send => {
  return async (...request) => {
    const response = await send(...request)
    await pass()
    return response
  }
}

it('keeps no answer that was asked for before the purge, and gives it only to those who asked then', async () => {
  const air = gate()
  const { ask, hear, purge, entries, idle } = purging({ model: inTurn(slow(says('old'), air), says('new')) })
  air.close()
  const leader = ask(QUESTION)
  await settled()
  const [joined, listening] = [ask(QUESTION), hear(QUESTION)]
  await settled()
  await purge()
  air.open()
  expect(await Promise.all([leader, joined, listening].map(async (response) => said(await response)))).toEqual([
    'old',
    'old',
    'old',
  ])
  await idle()
  expect(await entries()).toEqual([])
  expect(await said(await ask(QUESTION))).toBe('new')
})

it('lets nobody who asks after the purge join a flight from before it, whichever lands first', async () => {
  for (const first of ['old', 'new']) {
    const [before, after] = [gate(), gate()]
    const { ask, purge, idle } = purging({ model: inTurn(slow(says('old'), before), slow(says('new'), after)) })
    before.close()
    after.close()
    const asked = ask(QUESTION)
    await settled()
    await purge()
    const late = [ask(QUESTION), settled().then(() => ask(QUESTION))]
    await settled()
    await settled()
    for (const { open } of first === 'old' ? [before, after] : [after, before]) {
      open()
      await settled()
    }
    expect(await said(await asked)).toBe('old')
    expect(await Promise.all(late.map(async (response) => said(await response)))).toEqual(['new', 'new'])
    await idle()
    const again = await ask(QUESTION)
    expect([detail(again), await said(again)]).toEqual(['exact', 'new'])
  }
})

it('keeps no stream that was under way when the purge came', async () => {
  const half = gate()
  const told: Send = async () => {
    async function* events() {
      yield delta('old ')
      await half.pass()
      yield* [delta('story'), ...END]
    }
    return streaming(events())
  }
  const { hear, ask, purge, idle } = purging({ model: inTurn(told, says('new')) })
  half.close()
  const listening = await hear(QUESTION)
  await purge()
  half.open()
  expect(await said(listening)).toBe('old story')
  await idle()
  expect(await said(await ask(QUESTION))).toBe('new')
})

it('keeps nothing that was being refreshed when the purge came', async () => {
  const air = gate()
  const policies = { default: { ttlSeconds: 60, staleWhileRevalidateSeconds: 3_600 } }
  const model = inTurn(says('older'), slow(says('old'), air), says('new'))
  const { ask, pass, purge, entries, idle } = purging({ model, policies })
  await ask(QUESTION)
  pass(90)
  air.close()
  expect(detail(await ask(QUESTION))).toBe('stale')
  await settled()
  await purge()
  air.open()
  await idle()
  expect(await entries()).toEqual([])
  expect(await said(await ask(QUESTION))).toBe('new')
})

it('gives a purged answer to nobody for whom the model was out', async () => {
  const out: Send = async () => json({ error: { message: 'overloaded' } }, { status: 503 })
  const policies = { default: { ttlSeconds: 60, staleIfErrorSeconds: 3_600 } }
  const air = gate()
  const { ask, pass, purge } = purging({ model: inTurn(says('old'), out, slow(out, air)), policies })
  await ask(QUESTION)
  pass(90)
  expect(await said(await ask(QUESTION))).toBe('old')
  air.close()
  const asked = ask(QUESTION)
  await settled()
  await purge()
  air.open()
  expect((await asked).status).toBe(503)
})

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
