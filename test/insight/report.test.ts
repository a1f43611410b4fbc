import { expect, it } from 'vitest'
import type { ReportQuery } from '../../src/insight/report.ts'
import { DAY, HOUR, MINUTE, START, bypass, counting, joined, miss } from './counting.ts'
import { hit } from './hit.ts'

it('tells each group by itself, the busiest first, and all of them together', async () => {
  const { saw, report } = counting()
  saw([hit('exact'), miss], { namespace: 'faq', model: 'gpt-4o', keyId: 'one' })
  saw([miss, miss, miss], { namespace: 'faq', model: 'o3', keyId: 'two' })
  saw(hit('semantic'), { namespace: 'news', model: 'gpt-4o' })
  const rowsBy = async (...by: ReportQuery['by']) =>
    (await report({ by })).rows.map((row) => [...by.map((name) => row[name]), row.requests, row.hits.total])
  expect(await rowsBy()).toEqual([[6, 2]])
  expect(await rowsBy('namespace')).toEqual([
    ['faq', 5, 1],
    ['news', 1, 1],
  ])
  expect(await rowsBy('model')).toEqual([
    ['gpt-4o', 3, 2],
    ['o3', 3, 0],
  ])
  expect(await rowsBy('key', 'namespace')).toEqual([
    ['two', 'faq', 3, 0],
    ['one', 'faq', 2, 1],
    ['', 'news', 1, 1],
  ])
  expect((await report({ by: ['model'] })).total.requests).toBe(6)
})

it('tells what was asked for by whatever name, however odd', async () => {
  const { saw, report } = counting()
  for (const model of ['a"b', 'c\nd', '', '[]', '__proto__']) saw(miss, { model })
  const { rows } = await report({ by: ['model'] })
  expect(rows.map(({ model }) => model).sort()).toEqual(['', '[]', '__proto__', 'a"b', 'c\nd'].sort())
})

it('tells one tenant nothing of another', async () => {
  const { saw, report } = counting()
  saw(miss)
  saw([hit('exact'), miss], { tenant: 'other' })
  expect((await report()).total.requests).toBe(1)
  expect((await report({ tenants: ['nobody'] })).total.requests).toBe(0)
})

it('tells of several tenants, each by itself if asked to', async () => {
  const { saw, report } = counting()
  saw(miss)
  saw([hit('exact'), miss], { tenant: 'other' })
  const { total, rows } = await report({ tenants: ['acme', 'other'], by: ['tenant'] })
  expect(total.requests).toBe(3)
  expect(rows.map(({ tenant, requests }) => [tenant, requests])).toEqual([
    ['other', 2],
    ['acme', 1],
  ])
})

it.each([
  ['minute', ['2026-01-01T00:00', 1], ['2026-01-01T00:01', 2], ['2026-01-01T01:01', 3]],
  ['hour', ['2026-01-01T00:00', 3], ['2026-01-01T01:00', 3]],
  ['day', ['2026-01-01T00:00', 6]],
] as const)('tells each %s by itself, where there was something', async (bucket, ...rows) => {
  const { saw, report, pass } = counting()
  saw(miss)
  pass(MINUTE)
  saw([miss, joined])
  pass(HOUR)
  saw([miss, hit('exact'), bypass])
  const told = (await report({ bucket })).rows.map(({ start, requests }) => [start.slice(0, 16), requests])
  expect(told).toEqual(rows)
})

it('tells the same of all the time, whichever sums it is made of', async () => {
  const { saw, flush, report, pass } = counting()
  for (let n = 0; n < 300; n++) {
    saw([miss, hit('exact')], { tookMs: n })
    await flush()
    pass(7 * MINUTE)
  }
  const [total, day, hour] = await Promise.all(
    (['total', 'day', 'hour'] as const).map(async (bucket) => (await report({ bucket, from: START })).total),
  )
  expect(total!.requests).toBe(600)
  expect(day).toEqual(total)
  expect(hour).toEqual(total)
})

it('leaves out what was before, and what came after', async () => {
  const { saw, flush, report, pass } = counting()
  for (let n = 0; n < 10; n++) {
    saw(miss)
    await flush()
    pass(MINUTE)
  }
  const { since, until, total } = await report({ from: START + 3 * MINUTE, to: START + 5 * MINUTE })
  expect(total.requests).toBe(2)
  expect([since, until]).toEqual(['2026-01-01T00:03:00.000Z', '2026-01-01T00:05:00.000Z'])
})

it('tells of last year by the day', async () => {
  const { saw, flush, report, pass } = counting()
  saw([miss, miss])
  await flush()
  pass(400 * DAY)
  saw(miss)
  const { rows } = await report({ from: START, bucket: 'day' })
  expect(rows.map(({ start, requests }) => [start.slice(0, 10), requests])).toEqual([
    ['2026-01-01', 2],
    ['2027-02-05', 1],
  ])
})

it('finds what this replica has just counted', async () => {
  const { saw, report } = counting()
  saw(miss)
  expect((await report()).total.requests).toBe(1)
  saw(miss)
  expect((await report()).total.requests).toBe(2)
})

it('fails if it cannot send what it has counted: less than that would be wrong', async () => {
  const { saw, report } = counting((clock) => ({
    add: async () => Promise.reject(new Error('no line')),
    read: async (tallies) => tallies.map(() => new Map([['["n","m","","requests"]', clock()]])),
  }))
  saw(miss)
  await expect(report()).rejects.toThrow('no line')
})

it('keeps failures out of the groups, to which they do not belong', async () => {
  const { fail, report } = counting()
  fail('store.get')
  fail('model.429', 'acme')
  expect(await report({ by: ['model'] })).toMatchObject({ rows: [], failures: { total: 2 } })
})

it('refuses to make more rows than anyone would read', async () => {
  const { saw, report, pass } = counting()
  for (let hour = 0; hour < 13; hour++) {
    for (let n = 0; n < 400; n++) saw(miss, { namespace: `n-${n}` })
    pass(HOUR)
  }
  await expect(report({ bucket: 'hour', by: ['namespace'] })).rejects.toMatchObject({ status: 400, param: 'by' })
  expect((await report({ bucket: 'hour', by: ['model'] })).rows).toHaveLength(13)
})
