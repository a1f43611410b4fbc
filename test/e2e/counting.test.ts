import { expect, it } from 'vitest'
import type { Figures } from '../../src/insight/figures.ts'
import { eventually } from '../contract/patience.ts'
import { USAGE, startUpstream } from '../support/upstream.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'
import { startLossy } from './lossy.ts'
import { type Replica, PATIENT, embeddedSite, heldClock, startReplica, upstashSite } from './sites.ts'

/** By the shipped prices of gpt-4o, in nano-dollars. */
const COST = USAGE.prompt_tokens * 2_500 + USAGE.completion_tokens * 10_000
const REQUESTS = 300

it('goes on after a restart as if there had been none', async () => {
  const { clock } = heldClock()
  const { env, upstream } = await withUpstream(embeddedSite().env)
  for (let start = 1; start <= 3; start++) {
    const replica = await startReplica(env, { clock })
    for (let at = 0; at < 10; at++) await replica.ask(undefined, questionOf(at))
    // Nothing but the shutdown itself sends what has been counted.
    await replica.close()
  }
  const { requests, hits, misses, spent, saved } = await statsOf(await startReplica(env, { clock }), clock())
  expect({ requests, hits: hits.total, misses: misses.total }).toEqual({ requests: 30, hits: 20, misses: 10 })
  expect(upstream.calls).toHaveLength(10)
  expect([spent.usd, saved.usd]).toEqual([(10 * COST) / 1e9, (20 * COST) / 1e9])
})

describeWithRedis('three replicas over Upstash', () => {
  it('count exactly while one call in five fails', { timeout: 120_000 }, async () => {
    const site = await upstashSite()
    const { env, upstream } = await withUpstream(site.env)
    const replicas = await three(env)
    site.bridge.faults.set({ failShare: 0.2, seed: 7 })
    const asked = await askedOf(replicas)
    site.bridge.faults.set({})
    await addsUp(replicas, asked, upstream.calls.length)
  })

  it('count exactly while one reply in five is lost after its work was done', { timeout: 120_000 }, async () => {
    const site = await upstashSite()
    const lossy = await startLossy(site.bridge.url)
    const { env, upstream } = await withUpstream({ ...site.env, UPSTASH_REDIS_REST_URL: lossy.url })
    const replicas = await three(env)
    lossy.loseOneIn(5)
    const asked = await askedOf(replicas)
    expect(lossy.lost()).toBeGreaterThan(10)
    lossy.loseOneIn(Infinity)
    await addsUp(replicas, asked, upstream.calls.length)
  })

  it('answer at once although nothing can be counted, and count it later', { timeout: 120_000 }, async () => {
    const site = await upstashSite()
    const { env, upstream } = await withUpstream({ ...site.env, REPRISE_LOOKUP_TIMEOUT_MS: '100' })
    const replicas = await three(env)
    site.bridge.faults.set({ hang: true })
    const asked = await askedOf(replicas, 30)
    expect(asked.slowestMs).toBeLessThan(2_000)
    site.bridge.faults.set({})
    await addsUp(replicas, asked, upstream.calls.length)
  })
})

async function withUpstream(site: Readonly<Record<string, string>>) {
  const upstream = await startUpstream()
  const env = { ...site, OPENAI_BASE_URL: upstream.baseURL, OPENAI_API_KEY: 'sk-1', REPRISE_JOIN_TIMEOUT_MS: '200' }
  return { env, upstream }
}

const three = (env: Readonly<Record<string, string>>) => Promise.all([1, 2, 3].map(() => startReplica(env)))

/** Asks all replicas in turn, several at a time, and notes how each answer came about; looks at the statistics meanwhile. */
async function askedOf(replicas: readonly Replica[], requests = REQUESTS) {
  const asked = { hits: 0, others: 0, slowestMs: 0 }
  let next = 0
  const client = async () => {
    for (let at = next++; at < requests; at = next++) {
      const askedAt = performance.now()
      const { status, detail } = await replicas[at % 3]!.ask(undefined, questionOf(at % 40))
      asked.slowestMs = Math.max(asked.slowestMs, performance.now() - askedAt)
      expect(status).toBe(200)
      asked[detail === 'exact' || detail === 'semantic' ? 'hits' : 'others']++
      // Whoever looks at the statistics has them sent: so there is always something on its way.
      if (at % 5 === 0) await replicas[at % 3]!.request(undefined, 'GET', '/v1/cache/stats')
    }
  }
  await Promise.all(Array.from({ length: 6 }, client))
  return asked
}

/** Neither a request nor a nano-dollar more or less than there was, whichever replica is asked. */
async function addsUp(replicas: readonly Replica[], { hits, others }: { hits: number; others: number }, calls: number) {
  for (const replica of replicas) await eventually(async () => void (await statsOf(replica)), PATIENT)
  await eventually(async () => {
    for (const replica of replicas) {
      const { requests, joined, misses, bypasses, ...told } = await statsOf(replica)
      expect([requests, told.hits.total]).toEqual([hits + others, hits])
      expect(joined + misses.total + bypasses.total).toBe(others)
      expect(told.saved.usd).toBe((hits * COST) / 1e9)
    }
  }, PATIENT)
  const { spent } = await statsOf(replicas[0]!)
  expect(spent.usd).toBe((calls * COST) / 1e9)
}

/** Since the day before, which may have ended while the test ran. */
async function statsOf(replica: Replica, now = Date.now()): Promise<Figures> {
  const { status, text } = await replica.request(undefined, 'GET', `/v1/cache/stats?from=${now - 86_400_000}`)
  expect(status).toBe(200)
  return JSON.parse(text) as Figures
}

function questionOf(at: number): string {
  return `What is known about number ${at}?`
}
