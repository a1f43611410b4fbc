import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { USAGE, startUpstream } from '../support/upstream.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'
import { type Replica, PATIENT, embeddedSite, startReplica, upstashSite } from './sites.ts'

const CLIENTS = 32
const QUESTION = 'How do I reset my password?'

// Upstash's limiter reads the time of day, which is held here, in a future that no Redis has reached.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2100, 2, 10, 9, 0, 20) }))
afterEach(() => void vi.useRealTimers())

const nextMinute = () => vi.setSystemTime(Date.now() + 60_000)

it('admits exactly the rate in each minute, of 32 clients at once', async () => {
  const replicas = await limited(embeddedSite().env, 1, { requestsPerMinute: 500 })
  const key = await keyOf(replicas)
  expect(await rush(replicas, key, 1_000)).toEqual({ 200: 500, 429: 500 })
  nextMinute()
  expect(await rush(replicas, key, 1_000)).toEqual({ 200: 500, 429: 500 })
})

it('refuses what a key may not, and leaves the rest of the tenant’s rate to the other keys', async () => {
  const replicas = await limited(embeddedSite().env, 1, { requestsPerMinute: 100 })
  const [narrow, wide] = [await keyOf(replicas, { requestsPerMinute: 20 }), await keyOf(replicas)]
  expect(await rush(replicas, narrow, 200)).toEqual({ 200: 20, 429: 180 })
  expect(await rush(replicas, wide, 200)).toEqual({ 200: 80, 429: 120 })
})

it('takes the tokens that an answer cost, and none for a hit', async () => {
  const replicas = await limited(embeddedSite().env, 1, { tokensPerMinute: 2 * USAGE.total_tokens })
  const key = await keyOf(replicas)
  const [desk] = replicas
  for (let times = 0; times < 5; times++) expect((await desk.ask(key, QUESTION)).status).toBe(200)
  expect((await desk.ask(key, 'Where is the next branch?')).status).toBe(200)
  await eventually(async () => expect(await desk.ask(key, QUESTION)).toMatchObject(REFUSED), PATIENT)
  nextMinute()
  expect((await desk.ask(key, QUESTION)).status).toBe(200)
})

it('says in OpenAI’s words what is left and when to come again, and never closes the counter', async () => {
  const replicas = await limited(embeddedSite().env, 1, { requestsPerMinute: 2 })
  const key = await keyOf(replicas)
  const [desk] = replicas
  const post = () =>
    desk.request(key, 'POST', '/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] })
  const headersOf = async () => Object.fromEntries((await post()).headers)
  const quota = { 'x-ratelimit-limit-requests': '2', 'x-ratelimit-reset-requests': '40s' }
  expect(await headersOf()).toMatchObject({ ...quota, 'x-ratelimit-remaining-requests': '1' })
  expect(await headersOf()).toMatchObject({ ...quota, 'x-ratelimit-remaining-requests': '0' })
  const refused = await post()
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    ...quota,
    'retry-after': '40',
    'retry-after-ms': '40000',
  })
  expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  for (const path of ['stats', 'entries', 'export', 'jobs']) {
    expect((await desk.request(key, 'GET', `/v1/cache/${path}`)).status).toBe(200)
  }
})

describeWithRedis('three replicas over Upstash', () => {
  it.each([100, 500])(
    'admit within a hundredth of %i a minute, of 32 clients at once',
    { timeout: 120_000 },
    async (rate) => {
      const replicas = await limited((await upstashSite()).env, 3, { requestsPerMinute: rate })
      const key = await keyOf(replicas)
      for (let minute = 0; minute < 2; minute++) {
        const { 200: admitted = 0, 429: refused = 0 } = await rush(replicas, key, 2 * rate)
        expect(admitted).toBeGreaterThanOrEqual(0.99 * rate)
        expect(admitted).toBeLessThanOrEqual(1.01 * rate)
        expect(admitted + refused).toBe(2 * rate)
        nextMinute()
      }
    },
  )

  it(
    'let everyone in while Redis is down, and hold them to their limits again after it',
    { timeout: 120_000 },
    async () => {
      const site = await upstashSite()
      const replicas = await limited({ ...site.env, REPRISE_LOOKUP_TIMEOUT_MS: '300' }, 3, { requestsPerMinute: 6 })
      const key = await keyOf(replicas)
      for (const { ask } of replicas) expect((await ask(key, QUESTION)).status).toBe(200)
      site.bridge.faults.set({ status: 503 })
      expect(await rush(replicas, key, 60)).toEqual({ 200: 60 })
      site.bridge.faults.set({})
      nextMinute()
      await eventually(async () => expect(await rush(replicas, key, 12)).toHaveProperty('429'), PATIENT)
    },
  )
})

const REFUSED = { status: 429, code: 'rate_limit_exceeded' }

type Replicas = readonly [Replica, ...Replica[]]

/** Replicas with a tenant who may use so much. */
async function limited(site: Readonly<Record<string, string>>, count: number, limits: object): Promise<Replicas> {
  const { baseURL } = await startUpstream()
  const env = { ...site, OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: 'sk-1', REPRISE_AUTH: 'keys' }
  const desk = await startReplica(env)
  const branches = await Promise.all(Array.from({ length: count - 1 }, () => startReplica(env)))
  expect((await desk.operator('PUT', '/tenants/acme', { name: 'Acme', limits })).status).toBe(201)
  return [desk, ...branches]
}

async function keyOf([desk]: Replicas, limits: object = {}): Promise<string> {
  const { status, text } = await desk.operator('POST', '/tenants/acme/keys', { name: 'a key', limits })
  expect(status).toBe(201)
  return (JSON.parse(text) as { key: string }).key
}

/** So many requests, by 32 clients, each at one of the replicas; by status, how many came to what. */
async function rush(replicas: Replicas, key: string, requests: number): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  let left = requests
  const client = async (replica: Replica) => {
    while (left-- > 0) {
      const { status } = await replica.ask(key, QUESTION)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, at) => client(replicas[at % replicas.length]!)))
  return statuses
}
