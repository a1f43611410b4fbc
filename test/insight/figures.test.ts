import { expect, it } from 'vitest'
import type { Outcome } from '../../src/insight/outcome.ts'
import { bypass, counting, joined, miss } from './counting.ts'
import { hit } from './hit.ts'

it('has nothing to tell at the start', async () => {
  const { total, failures, rows } = await counting().report()
  expect(total).toEqual({
    requests: 0,
    hits: { total: 0, exact: 0, semantic: 0, stale: 0 },
    joined: 0,
    misses: { total: 0, by_reason: {} },
    bypasses: { total: 0, by_reason: {} },
    kept: 0,
    not_kept: { total: 0, by_reason: {} },
    refreshes: 0,
    hit_rate: null,
    would_be_hit_rate: null,
    labels: { audit: UNSEEN, shadow: UNSEEN, control: UNSEEN, near_miss: UNSEEN, feedback: UNSEEN },
    audits_dropped: 0,
    budget: { tightened: 0, exact_only: 0, restored: 0 },
    saved: {
      prompt_tokens: 0,
      completion_tokens: 0,
      time_s: 0,
      usd: 0,
      hits_without_price: 0,
      embedding_usd: 0,
      audit_usd: 0,
      refresh_usd: 0,
      net_usd: 0,
    },
    spent: { prompt_tokens: 0, completion_tokens: 0, usd: 0, answers_without_price: 0 },
    latency_ms: { hit: UNHEARD, joined: UNHEARD, miss: UNHEARD, bypass: UNHEARD },
  })
  expect(failures).toEqual({ total: 0, by_name: {} })
  expect(rows).toEqual([])
})

it('counts every request once, by what became of it', async () => {
  const outcomes = [hit('exact'), hit('exact'), hit('semantic'), joined, miss, miss, bypass]
  expect(await after(...outcomes)).toMatchObject({
    requests: 7,
    hits: { total: 3, exact: 2, semantic: 1, stale: 0 },
    joined: 1,
    misses: { total: 2 },
    bypasses: { total: 1 },
  })
})

it('counts a stale hit under its tier, and as stale besides', async () => {
  const { hits } = await after({ ...hit('semantic'), stale: true })
  expect(hits).toEqual({ total: 1, exact: 0, semantic: 1, stale: 1 })
})

it('counts misses and bypasses by their reason', async () => {
  const objected: Outcome = { kind: 'miss', why: 'objection.number' }
  const { misses, bypasses } = await after(miss, objected, miss, bypass, { kind: 'bypass', why: 'no-store' })
  expect(misses).toEqual({ total: 3, by_reason: { 'nothing-near': 2, 'objection.number': 1 } })
  expect(bypasses).toEqual({ total: 2, by_reason: { store: 1, 'no-store': 1 } })
})

it('takes the hit rate of what was looked up, not of what was passed by', async () => {
  expect((await after(hit('exact'), hit('semantic'), miss, joined, bypass, bypass)).hit_rate).toBe(0.5)
  expect((await after(bypass)).hit_rate).toBeNull()
  expect((await after(miss)).hit_rate).toBe(0)
})

it('counts the answers of the model that were kept, and the others by why not', async () => {
  const { saw, report } = counting()
  for (const kept of ['kept', 'length', 'length', 'refusal']) saw(miss, { kept })
  const { kept, not_kept } = (await report()).total
  expect(kept).toBe(1)
  expect(not_kept).toEqual({ total: 3, by_reason: { length: 2, refusal: 1 } })
})

it('counts an answer and what it cost once, however many listened along', async () => {
  const { saw, report } = counting()
  saw([miss, joined, joined], { kept: 'broken-off', usage: { promptTokens: 3, completionTokens: 1 } })
  const { not_kept, spent } = (await report()).total
  expect(not_kept.total).toBe(1)
  expect(spent).toEqual({ prompt_tokens: 3, completion_tokens: 1, usd: 4, answers_without_price: 0 })
})

it('adds up what hits would have cost, in money and in time', async () => {
  const other = hit('semantic', { usage: { promptTokens: 100, completionTokens: 50 }, tookMs: 1_499 })
  expect((await after(hit('exact'), other, miss)).saved).toMatchObject({
    prompt_tokens: 110,
    completion_tokens: 55,
    usd: 165,
    time_s: 1.5,
    hits_without_price: 0,
    net_usd: 165,
  })
})

it('says how many hits it could not price, and counts their tokens all the same', async () => {
  const { saved } = await after(hit('exact', { model: 'unknown' }), hit('exact', { usage: undefined }), hit('exact'))
  expect(saved).toMatchObject({ prompt_tokens: 20, completion_tokens: 10, usd: 15, hits_without_price: 2 })
})

it('says how many answers it could not price, and counts their tokens all the same', async () => {
  const { saw, report } = counting()
  saw([miss, bypass], { model: 'unknown', usage: { promptTokens: 3, completionTokens: 1 } })
  const { spent } = (await report()).total
  expect(spent).toEqual({ prompt_tokens: 6, completion_tokens: 2, usd: 0, answers_without_price: 2 })
})

it('takes off what the cache itself cost', async () => {
  const { saw, charge, report } = counting()
  const who = { tenant: 'acme', namespace: 'faq', model: 'gpt-4o' }
  saw(hit('exact'))
  charge(who, 'embedding', 'embedder', { promptTokens: 2, completionTokens: 0 })
  charge(who, 'audit', 'gpt-4o', { promptTokens: 3, completionTokens: 1 })
  saw({ kind: 'miss', why: 'refresh' }, { usage: { promptTokens: 0, completionTokens: 5 } })
  const { saved } = (await report()).total
  expect(saved).toMatchObject({ usd: 15, embedding_usd: 2, audit_usd: 4, refresh_usd: 5, net_usd: 4 })
})

it('takes a refresh for nobody’s request, but for money that was spent', async () => {
  const { saw, report } = counting()
  saw({ kind: 'miss', why: 'refresh' }, { kept: 'kept', usage: { promptTokens: 3, completionTokens: 1 } })
  const { total } = await report()
  expect(total).toMatchObject({ requests: 0, hit_rate: null, refreshes: 1, kept: 1, spent: { usd: 4 } })
  expect(total.latency_ms.miss).toEqual(UNHEARD)
})

it('tells percentiles in milliseconds, by what became of the request', async () => {
  const { saw, report } = counting()
  for (let tookMs = 1; tookMs <= 100; tookMs++) saw(hit('exact'), { tookMs: tookMs / 10 })
  saw(miss, { tookMs: 1_500 })
  const { latency_ms } = (await report()).total
  expect(latency_ms.hit.count).toBe(100)
  expect(latency_ms.hit.p50! / 5).toBeCloseTo(1, 1)
  expect(latency_ms.hit.p95! / 9.5).toBeCloseTo(1, 1)
  expect(latency_ms.miss.p99! / 1_500).toBeCloseTo(1, 1)
  expect(latency_ms.joined).toEqual(UNHEARD)
})

it('counts failures by name, the service’s own and the tenant’s', async () => {
  const { fail, report } = counting()
  for (const name of ['store.get', 'store.get']) fail(name)
  fail('model.429', 'acme')
  fail('model.500', 'other')
  expect((await report()).failures).toEqual({ total: 3, by_name: { 'store.get': 2, 'model.429': 1 } })
})

it.each([Number.NaN, Infinity, -5, 1e300])('is not spoilt by a server that says it took %d tokens', async (tokens) => {
  const { saw, report } = counting()
  const usage = { promptTokens: tokens, completionTokens: 1 }
  saw([miss, hit('exact', { usage })], { usage })
  const { spent, saved } = (await report()).total
  expect([spent.prompt_tokens, spent.completion_tokens]).toEqual([0, 1])
  expect([saved.prompt_tokens, saved.completion_tokens]).toEqual([0, 1])
})

const UNSEEN = { right: 0, wrong: 0, precision: null, low: null, high: null, unclear: 0 }
const UNHEARD = { count: 0, p50: null, p95: null, p99: null }

async function after(...outcomes: Outcome[]) {
  const { saw, report } = counting()
  saw(outcomes)
  return (await report()).total
}
