import { expect, it } from 'vitest'
import { DAY, START, counting, joined, miss } from './counting.ts'
import { hit } from './hit.ts'

it('ranks entries by their hits, over days and replicas', async () => {
  const { saw, flush, replica, pass, report } = counting()
  const other = replica()
  saw([asked('a'), asked('b'), asked('b')])
  await flush()
  pass(DAY)
  saw([asked('a'), asked('c')])
  other.saw([asked('a')])
  await other.flush()
  const { top_entries } = await report({ from: START })
  expect(top_entries).toEqual([
    { tenant: 'acme', namespace: 'faq', id: 'ent_a', hits: 3 },
    { tenant: 'acme', namespace: 'faq', id: 'ent_b', hits: 2 },
    { tenant: 'acme', namespace: 'faq', id: 'ent_c', hits: 1 },
  ])
})

it('ranks no more entries than were asked for', async () => {
  const { saw, report } = counting()
  saw([asked('a'), asked('b'), asked('b'), asked('c')])
  expect((await report({ top: 1 })).top_entries.map(({ id }) => id)).toEqual(['ent_b'])
  expect((await report({ top: 0 })).top_entries).toEqual([])
})

it('ranks the entries of the days that were asked for, and no others', async () => {
  const { saw, flush, pass, report } = counting()
  saw(asked('a'))
  await flush()
  pass(DAY)
  saw(asked('b'))
  expect((await report()).top_entries.map(({ id }) => id)).toEqual(['ent_b'])
  expect((await report({ from: START, to: START + DAY })).top_entries.map(({ id }) => id)).toEqual(['ent_a'])
})

it('ranks entries of the last forty days where more was asked for', async () => {
  const { saw, flush, pass, report } = counting()
  saw(asked('a'))
  await flush()
  pass(41 * DAY)
  saw(asked('b'))
  const { total, top_entries } = await report({ from: START })
  expect(total.hits.total).toBe(2)
  expect(top_entries.map(({ id }) => id)).toEqual(['ent_b'])
})

it('ranks the entries of several tenants together', async () => {
  const { saw, report } = counting()
  saw([asked('a')])
  saw([asked('b'), asked('b')], { tenant: 'other' })
  const { top_entries } = await report({ tenants: ['acme', 'other'] })
  expect(top_entries.map(({ tenant, hits }) => [tenant, hits])).toEqual([
    ['other', 2],
    ['acme', 1],
  ])
})

it('names the namespaces with the lowest hit rates, if they were asked often enough to tell', async () => {
  const { saw, report } = counting()
  const times = (count: number, outcome: typeof miss) => Array<typeof miss>(count).fill(outcome)
  saw([...times(19, miss), ...times(1, asked('a'))], { namespace: 'poor' })
  saw([...times(10, miss), ...times(5, joined), ...times(15, asked('a'))], { namespace: 'fair' })
  saw([...times(18, miss), ...times(1, asked('a'))], { namespace: 'seldom' })
  expect((await report()).least_useful_namespaces).toEqual([
    { tenant: 'acme', namespace: 'poor', lookups: 20, hits: 1, hit_rate: 0.05, kept: 0 },
    { tenant: 'acme', namespace: 'fair', lookups: 30, hits: 15, hit_rate: 0.5, kept: 0 },
  ])
})

it('names the namespaces that keep answers and never gave one, however seldom they are asked', async () => {
  const { saw, report } = counting()
  saw(miss, { namespace: 'keeps', kept: 'kept' })
  saw([miss, asked('a')], { namespace: 'gives', kept: 'kept' })
  saw(miss, { namespace: 'nothing', kept: 'length' })
  const { least_useful_namespaces: least } = await report()
  expect(least).toEqual([{ tenant: 'acme', namespace: 'keeps', lookups: 1, hits: 0, hit_rate: 0, kept: 1 }])
})

it('does not take namespaces of one name for the same if they are of two tenants', async () => {
  const { saw, report } = counting()
  saw(miss, { kept: 'kept' })
  saw([miss, asked('a')], { tenant: 'other', kept: 'kept' })
  const { least_useful_namespaces: least } = await report({ tenants: ['acme', 'other'] })
  expect(least.map(({ tenant }) => tenant)).toEqual(['acme'])
})

it('does not name what is counted together because there is too much of it', async () => {
  const { saw, report } = counting()
  for (let n = 0; n < 600; n++) saw(miss, { namespace: `n-${n}`, kept: 'kept' })
  const { least_useful_namespaces: least } = await report({ top: 1_000 })
  expect(least.map(({ namespace }) => namespace)).not.toContain('*')
  expect(least).toHaveLength(500)
})

const asked = (name: string) =>
  hit('exact', { key: { id: `ent_${name}`, tenant: 'acme', namespace: 'faq', scope: 's', digest: 'd' } })
