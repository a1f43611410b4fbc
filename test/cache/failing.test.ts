import { expect, it, onTestFinished, vi } from 'vitest'
import type { Entry, Ports } from '../../src/ports.ts'
import { LIKE_IT, QUESTION, detail, heard, said, world } from '../support/world.ts'

type Broken = (memory: Ports, fault: () => Promise<never>) => Partial<Ports>

const PORTS: [name: string, broken: Broken][] = [
  ['store.get', ({ store }, get) => ({ store: { ...store, get } })],
  ['store.put', ({ store }, put) => ({ store: { ...store, put } })],
  ['index.nearest', ({ index }, nearest) => ({ index: { ...index, nearest } })],
  ['index.add', ({ index }, add) => ({ index: { ...index, add } })],
  ['embedder.embed', ({ embedder }, embed) => ({ embedder: { ...embedder, embed } })],
  ['sessions.get', ({ sessions }, get) => ({ sessions: { ...sessions, get } })],
  ['sessions.put', ({ sessions }, put) => ({ sessions: { ...sessions, put } })],
]
const session = { 'reprise-session': 's1' }
const fails = () => Promise.reject(new Error('down'))
const hangs = () => new Promise<never>(() => {})

it.each(PORTS)('answers, and counts the failure, when %s fails', async (name, broken) => {
  const { ask, hear, stats } = world({ ports: (memory) => broken(memory, fails) })
  expect(await said(await ask(QUESTION, session))).toBe('Answer 1.')
  expect(await said(await hear('Where to buy a bicycle', session))).toBe('Answer 2.')
  expect((await stats()).failures.by_name[name]).toBeGreaterThan(0)
})

it.each(PORTS)('answers when %s hangs, after the time for looking up and the time for keeping', async (_, broken) => {
  holdTimers()
  const { ask } = world({ ports: (memory) => broken(memory, hangs), limits: { lookupTimeoutMs: 500 } })
  const asking = ask(QUESTION, session)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await said(await asking)).toBe('Answer 1.')
})

it('gives what is kept although the conversation cannot be noted down', async () => {
  holdTimers()
  const { ask } = world({ ports: ({ sessions }) => ({ sessions: { ...sessions, put: hangs } }) })
  await ask(QUESTION)
  const asking = ask(QUESTION, session)
  await vi.advanceTimersByTimeAsync(500)
  expect(detail(await asking)).toBe('exact')
})

it('looks up for no longer than it may, and then says so', async () => {
  holdTimers()
  const { ask, calls } = world({
    ports: ({ embedder }) => ({ embedder: { ...embedder, embed: hangs } }),
    limits: { lookupTimeoutMs: 500 },
  })
  const asking = ask(QUESTION, { 'reprise-ttl': '0' })
  await vi.advanceTimersByTimeAsync(499)
  expect(calls).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(detail(await asking)).toBe('lookup-timeout')
})

it('ends a stream although its answer cannot be kept in time', async () => {
  holdTimers()
  const { hear } = world({
    ports: ({ store }) => ({ store: { ...store, put: hangs } }),
    limits: { lookupTimeoutMs: 500 },
  })
  const hearing = said(await hear(QUESTION))
  await vi.advanceTimersByTimeAsync(500)
  expect(await hearing).toBe('Answer 1.')
})

it('does not claim to have stored what the store refused', async () => {
  const { ask, stats } = world({ ports: ({ store }) => ({ store: { ...store, put: fails } }) })
  const response = await ask(QUESTION)
  expect(response.headers.get('cache-status')).toBe('reprise; fwd=uri-miss; detail=nothing-near')
  expect((await stats()).not_kept.by_reason).toEqual({ 'store-failed': 1 })
})

it('keeps no pointer to what the store refused', async () => {
  const { ask, ports } = world({ ports: ({ store }) => ({ store: { ...store, put: fails } }) })
  await ask(QUESTION)
  expect(await ports.index.size()).toBe(0)
})

it('keeps an answer to be found by its very words when there is no vector', async () => {
  const { ask } = world({ ports: ({ embedder }) => ({ embedder: { ...embedder, embed: fails } }) })
  expect(detail(await ask(QUESTION))).toBe('no-vector')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('finds by meaning again once a store that failed is back', async () => {
  let down = false
  const { ask } = world({
    ports: ({ store }) => ({ store: { ...store, get: (key) => (down ? fails() : store.get(key)) } }),
  })
  await ask(QUESTION)
  down = true
  expect(await said(await ask(LIKE_IT, { 'reprise-ttl': '0' }))).toBe('Answer 2.')
  down = false
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
})

it.each<[string, (entry: Entry) => Entry]>([
  ['tenant', (entry) => ({ ...entry, key: { ...entry.key, tenant: 'globex' } })],
  ['namespace', (entry) => ({ ...entry, key: { ...entry.key, namespace: 'campaign' } })],
  ['scope', (entry) => ({ ...entry, key: { ...entry.key, scope: '0'.repeat(32) } })],
  ['question', (entry) => ({ ...entry, key: { ...entry.key, digest: '0'.repeat(32) } })],
  ['space', (entry) => ({ ...entry, space: 'words-2' })],
  ['time, for it has expired', (entry) => ({ ...entry, expiresAt: 0 })],
])('never serves what the store has under a pointer but is of another %s', async (_, garble) => {
  const { ask } = world({
    ports: ({ store }) => ({ store: { ...store, get: async (key) => undefinedOr(garble, await store.get(key)) } }),
  })
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('stale-pointer')
})

it.each<[string, (entry: Entry) => Entry]>([
  ['tenant', (entry) => ({ ...entry, key: { ...entry.key, tenant: 'globex' } })],
  ['namespace', (entry) => ({ ...entry, key: { ...entry.key, namespace: 'campaign' } })],
  ['scope', (entry) => ({ ...entry, key: { ...entry.key, scope: '0'.repeat(32) } })],
  ['question', (entry) => ({ ...entry, key: { ...entry.key, digest: '0'.repeat(32) } })],
])('never serves what the store has under the very key but is of another %s', async (_, garble) => {
  const { ask, calls } = world({
    ports: ({ store }) => ({ store: { ...store, get: async (key) => undefinedOr(garble, await store.get(key)) } }),
  })
  await ask(QUESTION, { 'reprise-match': 'exact' })
  await ask(QUESTION, { 'reprise-match': 'exact' })
  expect(calls).toHaveLength(2)
})

it('drops a pointer to what the store no longer holds', async () => {
  const { ask, ports, entries } = world()
  await ask(QUESTION)
  await ports.store.delete((await entries())[0]!.key)
  const response = await ask(LIKE_IT, { 'reprise-ttl': '0' })
  expect(detail(response)).toBe('stale-pointer')
  expect(await ports.index.size()).toBe(0)
})

it('takes the next best match when the store no longer holds the best', async () => {
  const { ask, ports, entries } = world()
  const nearest = `${LIKE_IT} please`
  await ask(QUESTION)
  await ask(nearest, { 'cache-control': 'no-cache' })
  const best = (await entries()).find((entry) => entry.question === nearest)
  await ports.store.delete(best!.key)
  const response = await ask(LIKE_IT)
  expect(detail(response)).toBe('semantic')
  expect(await said(response)).toBe('Answer 1.')
})

it('asks the model when a match cannot be judged', async () => {
  const { ask } = world({
    ports: ({ index }) => ({
      index: {
        ...index,
        nearest: async (...args) =>
          (await index.nearest(...args)).map((match) => ({ ...match, question: undefined as unknown as string })),
      },
    }),
  })
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('objection.failed')
})

it('says that a stream broke off, and keeps nothing of it', async () => {
  const { hear, entries, idle } = world({
    model: async () =>
      new Response('data: {"id":"c","choices":[{"index":0,"delta":{"content":"Par"}}]}\n\n', {
        headers: { 'content-type': 'text/event-stream' },
      }),
  })
  const events = await heard(await hear(QUESTION))
  expect(events.at(-1)).toContain('upstream_broke_off')
  await idle()
  expect(await entries()).toEqual([])
})

/** Time as the code's own patience measures it, held still. */
function holdTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

const undefinedOr = <T, R>(change: (value: T) => R, value: T | undefined) =>
  value === undefined ? value : change(value)

it('does not keep a caller waiting for a store that is far away, nor claims to know what became of the answer', async () => {
  const { ask } = world({ ports: ({ store }) => ({ store: { ...store, near: false, put: hangs } }) })
  const response = await ask(QUESTION)
  expect(await said(response)).toBe('Answer 1.')
  expect(response.headers.get('cache-status')).toBe('reprise; fwd=uri-miss; detail=nothing-near')
})

it('waits for no other replica while it cannot see what is kept', async () => {
  const take = vi.fn()
  const { ask } = world({
    ports: ({ store }) => ({ store: { ...store, get: () => Promise.reject(new Error('down')) }, lease: { take } }),
  })
  expect(await said(await ask(QUESTION))).toBe('Answer 1.')
  expect(take).not.toHaveBeenCalled()
})
