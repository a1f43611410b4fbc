import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { started } from '../support/process.ts'
import { createPrices, purgeUnderLoad } from '../support/purge-load.ts'
import { startUpstream } from '../support/upstream.ts'
import { TOKEN, bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { startVectorServer } from '../support/upstash/vector-server.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

/** Few enough for a machine on which the stand-ins for both services, and whoever asks, are one process. */
const RATE = 100

describeWithRedis('three replicas over Upstash', () => {
  const { bridge } = bridgeSubject()

  async function replicas() {
    const prices = createPrices()
    const vector = await startVectorServer({ token: TOKEN, dimension: 128 })
    const upstream = await startUpstream((question) => ({
      choices: [{ content: prices.answerTo(question) }],
      pause: pause(Math.random() * 40),
    }))
    const env = {
      OPENAI_BASE_URL: upstream.baseURL,
      OPENAI_API_KEY: 'sk-1',
      UPSTASH_REDIS_REST_URL: bridge().url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: TOKEN,
      REPRISE_LOG_LEVEL: 'silent',
    }
    const services = await Promise.all([1, 2, 3].map(() => started(env)))
    const close = async () => {
      for (const { kill } of services) kill('SIGKILL')
      await Promise.all(services.map(({ ended }) => ended))
      await vector.close()
    }
    return { urls: services.map(({ url }) => url), prices, close }
  }

  it.each([
    ['', {}, 10],
    [', not even while nobody hears of it', { streams: 'silent' } as const, 5],
  ])('serve nothing that was purged on one of them%s', { timeout: 60_000 }, async (_, faults, purges) => {
    const { urls, prices, close } = await replicas()
    bridge().faults.set(faults)
    const told = await purgeUnderLoad({ urls, prices, purges, rate: RATE, pauseMs: 100 })
    expect(told.stale).toEqual([])
    expect(told.failed).toEqual([])
    expect(told.wrongInTheEnd).toEqual([])
    expect(told.requests / told.seconds).toBeGreaterThan(0.9 * RATE)
    expect(told.hits).toBeGreaterThan(0.3 * told.requests)
    await close()
  })
})
