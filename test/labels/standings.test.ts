import { expect, it, onTestFinished } from 'vitest'
import { createBook } from '../../src/labels/book.ts'
import { createLedger } from '../../src/labels/ledger.ts'
import { EVENTS } from '../../src/labels/news.ts'
import { hourOf } from '../../src/labels/standings.ts'
import { fieldOf, servedCell } from '../../src/labels/sums.ts'
import type { State } from '../../src/labels/state.ts'
import { labelTally, startOf } from '../../src/insight/tallies.ts'
import { says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, settled, world } from '../support/world.ts'

const HOUR_S = 3_600
const TERMS = { maxWrongHitRate: 0.02, since: 0 }

it('tightens a namespace whose served answers turn out wrong, and says so', async () => {
  const { served, ask, budgets, stats, news, warned } = watching()
  await ask(QUESTION)
  await ask(LIKE_IT)
  await served('within', { right: 10, wrong: 3 })
  await ask(LIKE_IT)
  await settled()
  expect(await budgets()).toMatchObject([
    { state: 'tightened', audited: { right: 10, wrong: 3, precision: 10 / 13, low: expect.closeTo(0.497, 2) } },
  ])
  expect(news).toMatchObject([
    { type: 'budget.tightened', tenant: 'default', namespace: 'default', from: 'within', right: 10, wrong: 3 },
  ])
  expect(warned).toMatchObject([{ type: 'budget.tightened' }])
  expect((await stats()).budget).toEqual({ tightened: 1, exact_only: 0, restored: 0 })
})

it('serves nothing by meaning where that does not help, until a day has passed, and then steps back', async () => {
  const { served, ask, budgets, news, pass, refresh } = watching()
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
  await served('within', { right: 10, wrong: 3 })
  await ask(QUESTION, { 'reprise-user': 'ann' })
  await ask(LIKE_IT, { 'reprise-user': 'ann' })
  await served('tightened', { right: 10, wrong: 3 })
  expect([detail(await ask(LIKE_IT, { 'reprise-ttl': '0' })), detail(await ask(QUESTION))]).toEqual([
    'below-threshold',
    'exact',
  ])
  expect(await budgets()).toMatchObject([{ state: 'exact-only', bar: null }])
  for (let hours = 0; hours < 2; hours++) {
    pass(24 * HOUR_S)
    await refresh()
    await ask(QUESTION)
    await ask(LIKE_IT, { 'reprise-ttl': '0' })
    await settled()
  }
  expect(await budgets()).toMatchObject([{ state: 'within' }])
  expect(news.map(({ type }) => type)).toEqual([
    'budget.tightened',
    'budget.exact-only',
    'budget.tightened',
    'budget.restored',
  ])
})

it('holds nothing against a budget that was served under another', async () => {
  const { served, ask, budgets } = watching({ policies: { default: { maxWrongHitRate: 0.03 } } })
  await ask(QUESTION)
  await served('within', { right: 10, wrong: 9 })
  await ask(LIKE_IT)
  expect(await budgets()).toMatchObject([{ state: 'within', audited: { right: 0, wrong: 0 } }])
})

it('tells once of what several replicas find out', async () => {
  const one = watching()
  const { counters, store, index, lease, bus } = one.ports
  const other = watching({ ports: () => ({ counters, store, index, lease, bus }) })
  for (const each of [one, other]) {
    await each.ask(QUESTION)
    await each.ask(LIKE_IT)
  }
  await one.served('within', { right: 10, wrong: 3 })
  await other.refresh()
  for (const each of [one, other]) await each.ask(LIKE_IT)
  await settled()
  expect([...(await one.budgets()), ...(await other.budgets())].map(({ state }) => state)).toEqual(
    Array(2).fill('tightened'),
  )
  expect(one.news).toHaveLength(1)
  expect(one.warned.length + other.warned.length).toBe(2)
  await other.refresh()
  expect((await one.stats()).budget.tightened).toBe(1)
})

it('shows budgets only of namespaces that are ruled by one', async () => {
  const policies = { default: {}, plain: { threshold: 0.8 }, exact: { match: 'exact' as const } }
  const { ask, budgets } = watching({ policies })
  for (const namespace of ['default', 'plain', 'exact']) {
    await ask(QUESTION, { 'reprise-namespace': namespace })
    await ask(LIKE_IT, { 'reprise-namespace': namespace })
  }
  expect((await budgets()).map(({ namespace }) => namespace)).toEqual(['default'])
})

it('knows no more namespaces of a tenant apart than it has room for', async () => {
  const { ports } = watching()
  const book = createBook({ ledger: createLedger(ports), sum: () => {}, flush: async () => {}, clock: ports.clock })
  for (let nth = 0; nth < 250; nth++) book.add('acme', { namespace: `n${nth}`, space: 'words-1' }, ['right', 30])
  expect(book.namespaces('acme')).toHaveLength(200)
  expect(book.of('acme', { namespace: 'n249', space: 'words-1' }).evidence.right[30]).toBe(0)
})

function watching(options: WorldOptions = {}) {
  const warned: object[] = []
  const log = { info() {}, warn: (fields: object) => void warned.push(fields), error() {}, flush() {} }
  const made = world({ model: says('The same.'), ...options, learning: { log } })
  const { ports, learning, app } = made
  const news: { type: string }[] = []
  onTestFinished(ports.bus.subscribe(EVENTS, (message) => news.push(JSON.parse(message))))
  return {
    ...made,
    news,
    warned,
    refresh: learning.refresh,
    /** As if another replica had audited so many, served in that state within this hour. */
    async served(state: State, turned: { right: number; wrong: number }) {
      const now = ports.clock()
      const page = { namespace: 'default', space: 'words-1' }
      const additions = (['right', 'wrong'] as const).map((how) => ({
        ...labelTally('default', startOf('day', now)),
        field: fieldOf(page, servedCell(TERMS, state, how === 'right', hourOf(now))!),
        amount: turned[how],
      }))
      await ports.counters.add(crypto.randomUUID(), additions)
      await learning.refresh()
    },
    async budgets(): Promise<{ namespace: string; state: string }[]> {
      const response = await app.request('/v1/cache/stats')
      return ((await response.json()) as { budgets: { namespace: string; state: string }[] }).budgets
    },
  }
}
