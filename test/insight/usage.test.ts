import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/adapters/embedded/database.ts'
import { sqliteCounters } from '../../src/adapters/embedded/sqlite-counters.ts'
import type { Counters } from '../../src/ports.ts'
import { cutLine } from '../support/counters.ts'
import { DAY, HOUR, MINUTE, START, bypass, counting, joined, miss } from './counting.ts'
import { hit } from './hit.ts'

it('adds up exactly what all replicas have counted', async () => {
  const { replica, report, flush: _, ...one } = counting()
  const [two, three] = [replica(), replica()]
  const usage = { promptTokens: 7, completionTokens: 3 }
  for (let n = 0; n < 100; n++) {
    one.saw([hit('exact'), miss], { usage, tookMs: n })
    two.saw([hit('semantic'), joined, bypass])
    three.saw(miss, { usage, keyId: 'key-1', tookMs: 2 * n })
    if (n % 10 === 0) await Promise.all([two.flush(), three.flush()])
  }
  await Promise.all([two.flush(), three.flush()])
  expect((await report()).total).toMatchObject({
    requests: 600,
    hits: { total: 200, exact: 100, semantic: 100 },
    joined: 100,
    misses: { total: 200, by_reason: { 'nothing-near': 200 } },
    bypasses: { total: 100 },
    hit_rate: 0.4,
    saved: { prompt_tokens: 2_000, completion_tokens: 1_000, usd: 3_000 },
    spent: { prompt_tokens: 1_400, completion_tokens: 600, usd: 2_000 },
    latency_ms: { hit: { count: 200 }, joined: { count: 100 }, miss: { count: 200 }, bypass: { count: 100 } },
  })
})

it('goes on where the process before it ended', async () => {
  const { saw, flush, replica, report } = counting()
  saw([hit('exact'), miss])
  await flush()
  const restarted = replica()
  restarted.saw(miss)
  await restarted.flush()
  expect((await report()).total.requests).toBe(3)
})

it('goes on where the process before it ended, in the file of the embedded engine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-usage-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const open = () => {
    const database = openDatabase(join(folder, 'reprise.db'))
    return { ...counting((clock) => sqliteCounters({ database, clock })), close: () => database.close() }
  }
  const before = open()
  before.saw([hit('exact'), miss], { tookMs: 20 })
  await before.flush()
  before.close()

  const { replica, report, close } = open()
  const restarted = replica()
  restarted.saw(miss, { tookMs: 20 })
  await restarted.flush()
  expect((await report()).total).toMatchObject({ requests: 3, latency_ms: { miss: { count: 2 } } })
  close()
})

it('sends what has been counted in one batch, and nothing if there is nothing', async () => {
  const { line, replica, ofLine } = overLine()
  const { saw, flush } = replica(line.counters)
  await flush()
  saw([hit('exact'), miss, joined, bypass])
  saw(miss, { tenant: 'other' })
  await flush()
  await flush()
  expect(line.tried).toEqual([ofLine(1)])
})

it.each(['before', 'after'] as const)(
  'sends the same batch again, and then what has come since, if the line was cut %s it got there',
  async (where) => {
    const { line, replica, report, ofLine } = overLine()
    const { saw, flush } = replica(line.counters)
    saw(miss)
    line.cut(where)
    await expect(flush()).rejects.toThrow('the line')
    saw([miss, hit('exact')])
    await expect(flush()).rejects.toThrow('the line')
    expect(line.tried).toEqual([ofLine(1), ofLine(1)])
    line.cut('nowhere')
    await flush()
    expect(line.tried).toEqual([ofLine(1), ofLine(1), ofLine(1), ofLine(2)])
    expect((await report()).total).toMatchObject({ requests: 3, misses: { total: 2 }, hits: { total: 1 } })
  },
)

it.each([
  ['which had got there', 'after'],
  ['which had not', 'before'],
] as const)('neither loses nor doubles a batch %s when the line was cut for hours', async (_, first) => {
  const { line, replica, report, pass } = overLine()
  const { saw, flush } = replica(line.counters)
  saw(miss)
  await flush()
  saw([miss, miss])
  line.cut(first)
  await expect(flush()).rejects.toThrow('the line')
  line.cut('before')
  for (let minutes = 0; minutes < 180; minutes += 4) {
    pass(4 * MINUTE)
    await flush().catch(() => {})
  }
  line.cut('nowhere')
  saw(miss)
  await flush()
  expect((await report()).total.requests).toBe(4)
})

it('sends what comes while a batch is under way with the next', async () => {
  const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { line, replica, report } = overLine((counters) => ({
    ...counters,
    async add(...batch) {
      reached.resolve()
      await gate.promise
      await counters.add(...batch)
    },
  }))
  const { saw, flush } = replica(line.counters)
  saw(miss)
  const under = flush()
  await reached.promise
  saw(miss)
  const [second, third] = [flush(), flush()]
  gate.resolve()
  await Promise.all([under, second, third])
  expect(line.tried).toHaveLength(2)
  expect((await report()).total.requests).toBe(2)
})

it('never fails a request, whatever the counters do', async () => {
  const { line, replica } = overLine()
  const { saw, fail, flush } = replica(line.counters)
  line.cut('before')
  saw(miss)
  await expect(flush()).rejects.toThrow('the line')
  expect(() => saw([hit('exact'), miss])).not.toThrow()
  expect(() => fail('store.get')).not.toThrow()
})

it('splits what is too much for one batch', async () => {
  const { line, replica, report, ofLine } = overLine()
  const { saw, flush } = replica(line.counters)
  for (let n = 0; n < 400; n++) saw(miss, { namespace: `n-${n}` })
  await flush()
  expect(line.tried).toEqual([ofLine(1), ofLine(2), ofLine(3)])
  expect((await report({ by: ['namespace'] })).rows).toHaveLength(400)
  expect((await report()).total.requests).toBe(400)
})

it('keeps minutes for two days, hours for forty and days for two years', async () => {
  const { saw, flush, counters, pass } = counting()
  saw(miss)
  await flush()
  const kept = async () => {
    const sums = await counters.read(['minute', 'hour', 'day', 'top'].map((period) => `acme/${period}/${START}`))
    return sums.map(({ size }) => size > 0)
  }
  saw(hit('exact'))
  await flush()
  expect(await kept()).toEqual([true, true, true, true])
  pass(2 * DAY)
  expect(await kept()).toEqual([true, true, true, true])
  pass(MINUTE)
  expect(await kept()).toEqual([false, true, true, true])
  pass(38 * DAY)
  expect(await kept()).toEqual([false, true, true, true])
  pass(HOUR)
  expect(await kept()).toEqual([false, false, true, true])
  pass(DAY)
  expect(await kept()).toEqual([false, false, true, false])
  pass(690 * DAY)
  expect(await kept()).toEqual([false, false, true, false])
  pass(DAY)
  expect(await kept()).toEqual([false, false, false, false])
})

/** Replicas with a line to the counters that can be cut. */
function overLine(through: (counters: Counters) => Counters = (counters) => counters) {
  const all = counting()
  const line = cutLine(through(all.counters))
  return { ...all, line, ofLine: (batch: number) => `replica-2/${batch}` }
}
