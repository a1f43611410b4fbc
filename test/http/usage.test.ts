import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { ServiceError, errorBody } from '../../src/errors.ts'
import type { Env } from '../../src/http/env.ts'
import { type OperatorUsageService, operatorUsageRoutes, usageRoutes } from '../../src/http/usage.ts'
import { type ReportQuery, report } from '../../src/insight/report.ts'
import type { Standing } from '../../src/tenancy/directory.ts'
import { DAY, MINUTE, START, bypass, counting, miss } from '../insight/counting.ts'
import { hit } from '../insight/hit.ts'

it('tells a tenant what was counted since the day began', async () => {
  const { saw, pass, json } = serving()
  saw(miss)
  pass(DAY + MINUTE)
  saw([hit('exact'), miss, bypass])
  saw(miss, { tenant: 'other' })
  expect(await json('/v1/cache/stats')).toMatchObject({
    since: '2026-01-02T00:00:00.000Z',
    until: '2026-01-02T00:01:00.000Z',
    bucket: 'total',
    by: [],
    requests: 3,
    hits: { total: 1 },
    hit_rate: 0.5,
    saved: { usd: 15, net_usd: 15 },
    failures: { total: 0 },
    prices_as_of: '2026-01-01',
    rows: [{ requests: 3 }],
    in_flight: 0,
    kept: 'acme',
  })
})

it.each([
  ['milliseconds', String(START), String(START + MINUTE)],
  ['days', '2026-01-01', '2026-01-02'],
  ['times', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00.000Z'],
  ['times of another zone', '2026-01-01T02:00:00%2B02:00', '2025-12-31T19:01:00-05:00'],
])('takes bounds as %s', async (_, from, to) => {
  const { saw, json, pass } = serving()
  saw(miss)
  pass(2 * DAY)
  saw([miss, miss])
  expect(await json(`/v1/cache/stats?from=${from}&to=${to}`)).toMatchObject({ requests: 1 })
})

it('begins with the day that it ends in, if nothing is said of where to begin', async () => {
  const { json, pass } = serving()
  pass(5 * DAY)
  expect(await json('/v1/cache/stats?to=2026-01-03')).toMatchObject({ since: '2026-01-02T00:00:00.000Z' })
})

it('breaks down by time, namespace, model and key', async () => {
  const { saw, json, pass } = serving()
  saw(miss, { keyId: 'k1' })
  pass(60 * MINUTE)
  saw([miss, miss], { model: 'o3' })
  const { rows } = await json('/v1/cache/stats?bucket=hour&by=model,key,namespace')
  expect(rows).toMatchObject([
    { start: '2026-01-01T00:00:00.000Z', model: 'gpt-4o', key: 'k1', namespace: 'faq', requests: 1 },
    { start: '2026-01-01T01:00:00.000Z', model: 'o3', key: '', namespace: 'faq', requests: 2 },
  ])
})

it('tells the questions that were asked most, as long as they are kept', async () => {
  const { saw, json } = serving()
  saw([asked('kept'), asked('kept'), asked('gone')])
  const { top_questions } = await json('/v1/cache/stats?top=2')
  expect(top_questions).toEqual([
    { namespace: 'faq', id: 'ent_kept', hits: 2, question: 'How to reset my password' },
    { namespace: 'faq', id: 'ent_gone', hits: 1, question: null },
  ])
})

it('tells which namespaces are of least use', async () => {
  const { saw, json } = serving()
  saw(miss, { kept: 'kept' })
  const { least_useful_namespaces: least } = await json('/v1/cache/stats')
  expect(least).toEqual([{ namespace: 'faq', lookups: 1, hits: 0, hit_rate: 0, kept: 1 }])
})

it('gives a table as well', async () => {
  const { saw, get } = serving()
  saw(miss)
  const response = await get('/v1/cache/stats?format=csv&by=model')
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
  const [header, row, end] = (await response.text()).split('\r\n')
  expect(header).toMatch(/^start,model,requests,/)
  expect(row).toMatch(/^2026-01-01T00:00:00\.000Z,gpt-4o,1,/)
  expect(end).toBe('')
})

it.each([
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['from=2026-01-01T00:00:00', 'from'],
  ['from=-1', 'from'],
  ['to=1e5', 'to'],
  ['from=2026-01-03&to=2026-01-02', 'from'],
  ['from=2020-01-01', 'from'],
  ['bucket=week', 'bucket'],
  ['from=2025-12-31&bucket=minute', 'bucket'],
  ['by=colour', 'by'],
  ['by=tenant', 'by'],
  ['format=xml', 'format'],
  ['top=-1', 'top'],
  ['top=101', 'top'],
  ['tenant=other', 'tenant'],
  ['fron=2026-01-01', 'fron'],
])('refuses ?%s and says what is wrong', async (query, param) => {
  const { get } = serving()
  const response = await get(`/v1/cache/stats?${query}`)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { param, code: 'invalid_request' } })
})

it('says so if the counts cannot be read', async () => {
  const { get } = serving({ report: async () => Promise.reject(new Error('no line')) })
  const response = await get('/v1/cache/stats')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ error: { code: 'counts_unavailable' } })
})

it('tells the operator of all tenants, or of one', async () => {
  const { saw, json } = serving()
  saw([miss, asked('kept')])
  saw([miss, miss, miss], { tenant: 'other' })
  const all = await json('/v1/admin/stats?by=tenant')
  expect(all).toMatchObject({ requests: 5, kept: 'all' })
  expect(all.rows).toMatchObject([
    { tenant: 'other', requests: 3 },
    { tenant: 'acme', requests: 2 },
  ])
  expect(all.top_questions).toMatchObject([{ tenant: 'acme', question: 'How to reset my password' }])
  expect(await json('/v1/admin/stats?tenant=acme')).toMatchObject({ requests: 2 })
})

function serving(service: Partial<OperatorUsageService> = {}) {
  const all = counting()
  const app = new Hono<Env>()
  app.use('*', async (c, next) => {
    c.set('standing', { tenant: 'acme' } as Standing)
    await next()
  })
  app.onError((error, c) => {
    if (!(error instanceof ServiceError)) throw error
    return c.json(errorBody(error.status, error.code, error.message, error.param), error.status as 500)
  })
  const told: OperatorUsageService = {
    report: (query: ReportQuery) => report({ counters: all.counters, clock: all.clock, flush: all.flush }, query),
    clock: all.clock,
    entries: {
      async find(_, id) {
        if (id !== 'ent_kept') throw new ServiceError(404, 'no_such_entry', 'it is gone')
        return { ...hit('exact').entry, question: 'How to reset my password' }
      },
    },
    sizes: async (tenant) => ({ in_flight: 0, kept: tenant ?? 'all' }),
    tenants: async () => ['acme', 'other'],
    standingsOf: async () => [],
    pricesAsOf: '2026-01-01',
    ...service,
  }
  usageRoutes(app, told)
  operatorUsageRoutes(app, told)
  const get = async (path: string) => app.request(path)
  return { ...all, get, json: async (path: string) => (await (await get(path)).json()) as Told }
}

type Told = Record<'rows' | 'top_questions' | 'least_useful_namespaces', unknown[]> & { readonly requests: number }

const asked = (name: string) =>
  hit('exact', { key: { id: `ent_${name}`, tenant: 'acme', namespace: 'faq', scope: 's', digest: 'd' } })
