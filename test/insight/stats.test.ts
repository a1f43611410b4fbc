import { expect, it } from 'vitest'
import type { Outcome } from '../../src/insight/outcome.ts'
import { createStats } from '../../src/insight/stats.ts'
import { hit } from './hit.ts'

const miss: Outcome = { kind: 'miss', why: 'nothing-near' }
const joined: Outcome = { kind: 'joined' }
const bypass: Outcome = { kind: 'bypass', why: 'store' }

it('has nothing to tell at the start', () => {
  expect(fresh().snapshot()).toEqual({
    since: '2026-01-01T00:00:00.000Z',
    requests: 0,
    hits: { total: 0, exact: 0, semantic: 0, stale: 0 },
    joined: 0,
    misses: { total: 0, by_reason: {} },
    bypasses: { total: 0, by_reason: {} },
    not_kept: { total: 0, by_reason: {} },
    failures: { total: 0, by_name: {} },
    hit_rate: null,
    saved: { prompt_tokens: 0, completion_tokens: 0, usd: 0, hits_without_price: 0 },
    latency_ms: { hit: UNHEARD, joined: UNHEARD, miss: UNHEARD, bypass: UNHEARD },
  })
})

it('counts every request once, by what became of it', () => {
  const outcomes = [hit('exact'), hit('exact'), hit('semantic'), joined, miss, miss, bypass]
  expect(after(...outcomes)).toMatchObject({
    requests: 7,
    hits: { total: 3, exact: 2, semantic: 1, stale: 0 },
    joined: 1,
    misses: { total: 2 },
    bypasses: { total: 1 },
  })
})

it('counts a stale hit under its tier, and as stale besides', () => {
  expect(after({ ...hit('semantic'), stale: true }).hits).toEqual({ total: 1, exact: 0, semantic: 1, stale: 1 })
})

it('counts misses and bypasses by their reason', () => {
  const objected: Outcome = { kind: 'miss', why: 'objection.number' }
  const { misses, bypasses } = after(miss, objected, miss, bypass, { kind: 'bypass', why: 'no-store' })
  expect(misses).toEqual({ total: 3, by_reason: { 'nothing-near': 2, 'objection.number': 1 } })
  expect(bypasses).toEqual({ total: 2, by_reason: { store: 1, 'no-store': 1 } })
})

it('takes the hit rate of what was looked up, not of what was passed by', () => {
  expect(after(hit('exact'), hit('semantic'), miss, joined, bypass, bypass).hit_rate).toBe(0.5)
  expect(after(bypass).hit_rate).toBeNull()
  expect(after(miss).hit_rate).toBe(0)
})

it('counts the answers of the model that were not kept, by why', () => {
  const stats = fresh()
  for (const kept of ['kept', 'length', 'length', 'refusal']) stats.observe({ outcome: miss, tookMs: 1, kept })
  expect(stats.snapshot().not_kept).toEqual({ total: 3, by_reason: { length: 2, refusal: 1 } })
})

it('counts an answer that was not kept once, however many listened along', () => {
  const stats = fresh()
  stats.observe({ outcome: miss, tookMs: 1, kept: 'broken-off' })
  stats.observe({ outcome: joined, tookMs: 1, kept: 'broken-off' })
  expect(stats.snapshot().not_kept.total).toBe(1)
})

it('adds up what hits would have cost', () => {
  const { saved } = after(hit('exact'), hit('semantic', { usage: { promptTokens: 100, completionTokens: 50 } }), miss)
  expect(saved).toEqual({ prompt_tokens: 110, completion_tokens: 55, usd: 165, hits_without_price: 0 })
})

it('says how many hits it could not price, and counts their tokens all the same', () => {
  const { saved } = after(hit('exact', { model: 'unknown' }), hit('exact', { usage: undefined }), hit('exact'))
  expect(saved).toEqual({ prompt_tokens: 20, completion_tokens: 10, usd: 15, hits_without_price: 2 })
})

it('tells percentiles in milliseconds, by what became of the request', () => {
  const stats = fresh()
  for (let tookMs = 1; tookMs <= 100; tookMs++) stats.observe({ outcome: hit('exact'), tookMs: tookMs / 10 })
  stats.observe({ outcome: miss, tookMs: 1_500, kept: 'kept' })
  const { hit: hits, miss: misses, bypass: others } = stats.snapshot().latency_ms
  expect(hits.count).toBe(100)
  expect(hits.p50).toBeCloseTo(5, 1)
  expect(hits.p95).toBeCloseTo(9.5, 1)
  expect(hits.p99).toBeCloseTo(9.9, 1)
  expect(misses.p50! / 1_500).toBeCloseTo(1, 2)
  expect(others).toEqual(UNHEARD)
})

it('takes a request that took no time at all', () => {
  const stats = fresh()
  stats.observe({ outcome: hit('exact'), tookMs: 0 })
  expect(stats.snapshot().latency_ms.hit).toMatchObject({ count: 1, p50: expect.closeTo(0, 2) })
})

it('counts failures by name', () => {
  const stats = fresh()
  for (const name of ['store.get', 'model.429', 'store.get']) stats.fail(name)
  expect(stats.snapshot().failures).toEqual({ total: 3, by_name: { 'store.get': 2, 'model.429': 1 } })
})

const UNHEARD = { count: 0, p50: null, p95: null, p99: null }

/** A dollar a token, except for a model that nobody knows. */
function fresh() {
  return createStats(
    () => Date.UTC(2026, 0, 1),
    (model, { promptTokens, completionTokens }) => (model === 'unknown' ? undefined : promptTokens + completionTokens),
  )
}

function after(...outcomes: Outcome[]) {
  const stats = fresh()
  for (const outcome of outcomes) stats.observe({ outcome, tookMs: 1 })
  return stats.snapshot()
}
