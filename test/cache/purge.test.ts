import { expect, it } from 'vitest'
import type { Entry } from '../../src/ports.ts'
import { LIKE_IT, QUESTION, detail, said, world } from '../support/world.ts'

const HEADERS = { 'reprise-namespace': 'shop', 'reprise-tags': 'prices,summer' }
const MODEL = 'gpt-4o-mini-2024-07-18'

/** A world that keeps one answer, with a namespace and two tags. */
async function kept() {
  const it = world()
  await it.ask(QUESTION, HEADERS)
  return { ...it, purge: (order: object, headers?: Record<string, string>) => it.post('/cache/purge', order, headers) }
}

const SELECTORS = [
  { tag: 'prices' },
  { tag: 'summer' },
  { model: MODEL },
  { namespace: 'shop' },
  { olderThan: 30 },
  { all: true },
  { all: true, olderThan: 30 },
  { namespace: 'shop', tag: 'summer' },
  { namespace: 'shop', model: MODEL, tag: 'prices', olderThan: 30 },
]

const OTHERS = [
  { id: 'ent_000000000000000000000000' },
  { tag: 'winter' },
  { tag: 'pric' },
  { model: 'gpt-4o' },
  { namespace: 'default' },
  { olderThan: 90 },
  { all: true, olderThan: 90 },
  { namespace: 'shop', tag: 'winter' },
  { namespace: 'default', tag: 'prices' },
  { namespace: 'shop', model: 'gpt-4o', tag: 'prices' },
  { namespace: 'shop', tag: 'prices', olderThan: 90 },
]

it.each(SELECTORS)('serves nothing that %j selects, neither under its own words nor under others', async (order) => {
  const { ask, pass, purge } = await kept()
  pass(60)
  expect(detail(await ask(LIKE_IT, HEADERS))).toBe('semantic')
  expect(await (await purge(order)).json()).toEqual({ matched: 1, purged: 1, complete: true })
  expect(await said(await ask(LIKE_IT, HEADERS))).toBe('Answer 2.')
  expect(await said(await ask(QUESTION, { ...HEADERS, 'reprise-match': 'exact' }))).toBe('Answer 3.')
})

it.each(OTHERS)('goes on serving what %j does not select', async (order) => {
  const { ask, pass, purge } = await kept()
  pass(60)
  expect(await (await purge(order)).json()).toEqual({ matched: 0, purged: 0, complete: true })
  expect(detail(await ask(QUESTION, HEADERS))).toBe('exact')
  expect(detail(await ask(LIKE_IT, HEADERS))).toBe('semantic')
})

it.each([...SELECTORS, ...OTHERS])('tells, for a dry run of %j, what it would purge, and leaves it', async (order) => {
  const { ask, pass, purge, entries } = await kept()
  pass(60)
  const report = await (await purge({ ...order, dryRun: true })).json()
  expect(await entries()).toHaveLength(1)
  expect(detail(await ask(LIKE_IT, HEADERS))).toBe('semantic')
  const { matched } = (await (await purge(order)).json()) as { matched: number }
  expect(report).toEqual({ matched, purged: 0, complete: true, dry_run: true })
})

it('purges one entry by its id, and no other', async () => {
  const { ask, purge, entries } = await kept()
  await ask('Where is my order', HEADERS)
  const id = (await entries()).find(({ question }) => question === QUESTION)!.key.id
  expect(await (await purge({ id })).json()).toEqual({ matched: 1, purged: 1, complete: true })
  expect(await said(await ask(QUESTION, HEADERS))).toBe('Answer 3.')
  expect(detail(await ask('Where is my order', HEADERS))).toBe('exact')
})

it.each([
  {},
  { dryRun: true },
  { all: false },
  { tags: ['prices'] },
  { tag: '' },
  { tag: 'prices,summer' },
  { namespace: '' },
  { tag: ['prices'] },
  { all: true, tag: 'prices' },
  { olderThan: -1 },
  { olderThan: '30' },
  [],
  null,
  'all',
])('refuses %j, and purges nothing', async (order) => {
  const { ask, purge, entries } = await kept()
  const response = await purge(order as object)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  expect(await entries()).toHaveLength(1)
  expect(detail(await ask(QUESTION, HEADERS))).toBe('exact')
})

it("leaves alone what is another tenant's, whatever it selects", async () => {
  const { ask, purge, entries } = await kept()
  const other = { ...HEADERS, authorization: 'acme' }
  await ask(QUESTION, other)
  const { id } = (await entries()).find(({ key }) => key.tenant === 'acme')!.key
  for (const order of [...SELECTORS, { id }]) await purge(order)
  expect(detail(await ask(QUESTION, other))).toBe('exact')
})

it('keeps again what is asked after a purge, as often as it is purged', async () => {
  const { ask, purge } = await kept()
  for (let turn = 1; turn <= 3; turn++) {
    await purge({ tag: 'prices' })
    expect(await said(await ask(QUESTION, HEADERS))).toBe(`Answer ${turn + 1}.`)
    expect(detail(await ask(LIKE_IT, HEADERS))).toBe('semantic')
  }
})

it('serves nothing that is purged to a caller who takes what is stale', async () => {
  const { ask, pass, purge } = await kept()
  pass(3_700)
  const patient = { ...HEADERS, 'cache-control': 'max-stale=3600' }
  expect(await said(await ask(QUESTION, patient))).toBe('Answer 1.')
  await purge({ tag: 'prices' })
  expect(await said(await ask(QUESTION, patient))).toBe('Answer 2.')
})

it('has nothing for a caller who only wants what is kept', async () => {
  const { ask, purge } = await kept()
  await purge({ tag: 'prices' })
  expect((await ask(QUESTION, { ...HEADERS, 'cache-control': 'only-if-cached' })).status).toBe(504)
})

it('shows nothing that is purged, although it is still there', async () => {
  const { ask, app, post, entries } = world({
    ports: ({ store }) => ({ store: { ...store, delete: async () => false } }),
  })
  await ask(QUESTION, HEADERS)
  await post('/cache/purge', { tag: 'prices' })
  const [{ key }] = (await entries()) as [Entry]
  expect(await (await app.request('/v1/cache/entries')).json()).toEqual({ entries: [], next: null })
  expect((await app.request(`/v1/cache/entries/${key.id}`)).status).toBe(404)
  expect((await app.request(`/v1/cache/entries/${key.id}`, { method: 'DELETE' })).status).toBe(404)
  expect(await (await app.request('/v1/cache/export')).text()).not.toContain(QUESTION)
})
