import { expect, it } from 'vitest'
import { idOf } from '../../src/keys/key.ts'
import type { Entry } from '../../src/ports.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, said, settled, world } from '../support/world.ts'

type World = ReturnType<typeof world>
type Headers = Readonly<Record<string, string>>

const keyOf = (response: Response) => /key="([^"]+)"/.exec(response.headers.get('cache-status') ?? '')?.[1]
const ONLY = { 'cache-control': 'only-if-cached' }

async function judge({ post }: World, hit: Response, correct: boolean, headers: Headers = {}): Promise<string> {
  const body = { request_id: hit.headers.get('x-request-id'), correct }
  const response = await post('/cache/feedback', body, headers)
  expect(response.status).toBe(200)
  return ((await response.json()) as { remembered: string }).remembered
}

/** One whose question has an alias, `LIKE_IT`. */
async function aliased(options: WorldOptions = {}, headers: Headers = {}) {
  const at = world(options)
  await at.ask(QUESTION, headers)
  const hit = await at.ask(LIKE_IT, headers)
  expect(await judge(at, hit, true)).toBe('alias')
  const root = (await at.entries()).find(({ aliasOf }) => !aliasOf)!
  return { at, root, ask: async (question: string) => at.ask(question, { ...headers, ...ONLY }) }
}

const aliases = async ({ entries }: World): Promise<Entry[]> =>
  (await entries()).filter(({ aliasOf }) => aliasOf !== undefined)

it('finds the answer by the very words that it was right for, and says whose it is', async () => {
  const { at, root, ask } = await aliased()
  const found = await ask(LIKE_IT)
  expect(detail(found)).toBe('exact')
  expect(keyOf(found)).toBe(root.key.id)
  expect(await said(found)).toBe('Answer 1.')
  expect(at.calls).toHaveLength(1)
})

it('finds it by what means the same as those words', async () => {
  const { root, ask } = await aliased({ policies: { default: { ttlSeconds: 3600 } } })
  const nearTheAlias = `${LIKE_IT} quickly kindly`
  expect(detail(await ask(`${QUESTION} quickly kindly today`))).toBe('cache_miss')
  const found = await ask(nearTheAlias)
  expect(detail(found)).toBe('semantic')
  expect(keyOf(found)).toBe(root.key.id)
  expect(Number(found.headers.get('reprise-similarity'))).toBeGreaterThan(0.86)
})

it('keeps no second answer, and shows no second entry', async () => {
  const { at, root } = await aliased()
  const [alias] = await aliases(at)
  expect(alias).toMatchObject({ completion: '', question: LIKE_IT, aliasOf: { id: root.key.id } })
  const get = async (path: string): Promise<unknown> => (await at.app.request(`/v1/cache/${path}`)).json()
  for (const listing of ['entries', 'entries?like=password'])
    expect(await get(listing)).toMatchObject({ entries: [{ id: root.key.id }] })
  expect(await get(`entries/${alias!.key.id}`)).toMatchObject({ error: { code: 'no_such_entry' } })
  expect((await (await at.app.request('/v1/cache/export')).text()).match(/"completion"/g)).toHaveLength(1)
  const purge = await at.post('/cache/purge', { all: true })
  expect(await purge.json()).toEqual({ matched: 1, purged: 1, complete: true })
  expect(await at.entries()).toEqual([])
})

it.each<[string, (at: World, root: Entry) => unknown]>([
  ['is deleted', ({ app }, { key }) => app.request(`/v1/cache/entries/${key.id}`, { method: 'DELETE' })],
  ['is purged by its tag', ({ post }) => post('/cache/purge', { tag: 'prices' })],
  ['is purged by its namespace', ({ post }) => post('/cache/purge', { namespace: 'default' })],
  ['is not in the store any more', ({ ports }, { key }) => ports.store.delete(key)],
  ['is over', ({ pass }) => pass(2 * 3600 + 1)],
])('ends when its answer %s, and leaves nothing behind', async (_, end) => {
  const { at, root, ask } = await aliased({}, { 'reprise-tags': 'prices' })
  await end(at, root)
  expect(detail(await ask(LIKE_IT))).toBe('cache_miss')
  expect(detail(await ask(`${LIKE_IT} please`))).toBe('cache_miss')
  await at.ports.store.sweep()
  expect(await at.entries()).toEqual([])
  const { tenant, namespace, scope } = root.key
  const within = { tenant, namespace, scope, space: at.ports.embedder.space }
  const probe = (await at.ports.embedder.embed(LIKE_IT))!
  expect((await at.ports.index.nearest(within, probe, 8, 0)).filter(({ aliasOf }) => aliasOf)).toEqual([])
})

it('does not pass over to the answer that comes into the place of the one that was judged', async () => {
  const { at, root, ask } = await aliased()
  at.pass(1)
  await at.ask(QUESTION, { 'cache-control': 'no-cache' })
  const found = await ask(LIKE_IT)
  expect(detail(found)).toBe('semantic')
  expect(keyOf(found)).toBe(root.key.id)
  expect(await aliases(at)).toEqual([])
})

it('expires with its answer', async () => {
  const { at, root, ask } = await aliased()
  at.pass(3601)
  expect(detail(await ask(LIKE_IT))).toBe('cache_miss')
  const stale = await at.ask(LIKE_IT, { 'cache-control': 'only-if-cached, max-stale' })
  expect(detail(stale)).toBe('stale')
  expect(keyOf(stale)).toBe(root.key.id)
})

it('gives way to an answer of its own, and takes the place of none', async () => {
  const { at, ask } = await aliased()
  await at.ask(LIKE_IT, { 'cache-control': 'no-cache' })
  expect(await said(await ask(LIKE_IT))).toBe('Answer 2.')
  expect(await aliases(at)).toEqual([])
  const [own, other] = await at.entries()
  for (const [key, root] of [
    [own!.key, other!],
    [other!.key, own!],
  ] as const) {
    expect(await at.aliases.make({ key, question: 'any' }, root)).toBe(false)
  }
})

it('is the answer’s own, even where it was found by another alias', async () => {
  const { at, root, ask } = await aliased()
  const third = `${LIKE_IT} quickly kindly`
  expect(await judge(at, await ask(third), true)).toBe('alias')
  expect((await aliases(at)).map(({ aliasOf }) => aliasOf!.id)).toEqual([root.key.id, root.key.id])
  expect(detail(await ask(third))).toBe('exact')
})

it('ends when it turns out to be wrong after all', async () => {
  const { at, ask } = await aliased()
  expect(await judge(at, await ask(LIKE_IT), false)).toBe('refused')
  expect(detail(await ask(LIKE_IT))).toBe('cache_miss')
  expect(await aliases(at)).toEqual([])
  expect(detail(await at.ask(LIKE_IT))).toBe('known-wrong')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('does not serve by an alias what is known to be wrong', async () => {
  const { at, ask } = await aliased()
  const third = `${LIKE_IT} quickly kindly`
  expect(await judge(at, await ask(third), false)).toBe('refused')
  expect(detail(await at.ask(third))).toBe('known-wrong')
  expect(detail(await ask(LIKE_IT))).toBe('exact')
})

it('is asked for again like any other, and its answer is then its own', async () => {
  const { at } = await aliased({ policies: { default: { ttlSeconds: 3600, staleWhileRevalidateSeconds: 3600 } } })
  at.pass(3700)
  expect(detail(await at.ask(LIKE_IT))).toBe('stale')
  await at.idle()
  await settled()
  expect(detail(await at.ask(LIKE_IT))).toBe('exact')
  expect(await aliases(at)).toEqual([])
})

it('belongs to one tenant, namespace and scope', async () => {
  const { at, root } = await aliased()
  for (const part of ['tenant', 'namespace', 'scope'] as const) {
    const parts = { ...root.key, digest: 'f'.repeat(32), [part]: 'another' }
    expect(await at.aliases.make({ key: { ...parts, id: idOf(parts) }, question: 'any' }, root)).toBe(false)
  }
  expect(detail(await at.ask(LIKE_IT, { ...ONLY, authorization: 'mallory' }))).toBe('cache_miss')
  expect(detail(await at.ask(LIKE_IT, { ...ONLY, 'reprise-namespace': 'other' }))).toBe('cache_miss')
})

it('is never more than 64 to an answer', async () => {
  const { at, root } = await aliased()
  const made: boolean[] = []
  for (let nth = 0; nth < 70; nth++) {
    const parts = { ...root.key, digest: nth.toString(16).padStart(32, '0') }
    made.push(await at.aliases.make({ key: { ...parts, id: idOf(parts) }, question: `${nth}` }, root))
  }
  expect(made.filter(Boolean)).toHaveLength(63)
  expect(await aliases(at)).toHaveLength(64)
})

it('is made once, however often its question was found right', async () => {
  const { at, ask, root } = await aliased()
  const [alias] = await aliases(at)
  expect(await at.aliases.make({ key: alias!.key, question: LIKE_IT }, root)).toBe(true)
  expect(await judge(at, await ask(LIKE_IT), true)).toBe('label')
  expect(await aliases(at)).toHaveLength(1)
})

it('is none where there is no room for it', async () => {
  const at = world({
    ports: ({ store }) => ({
      store: {
        ...store,
        put: async (entry, quota) => {
          if (entry.aliasOf) throw new RangeError('too large')
          await store.put(entry, quota)
        },
      },
    }),
  })
  await at.ask(QUESTION)
  expect(await judge(at, await at.ask(LIKE_IT), true)).toBe('label')
  expect(detail(await at.ask(LIKE_IT))).toBe('semantic')
})
