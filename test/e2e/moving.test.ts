import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { silent } from '../../src/insight/log.ts'
import { eventually } from '../contract/patience.ts'
import { emptyFolder } from '../support/process.ts'
import { sameAgain, sameAgainTo, startUpstream } from '../support/upstream.ts'
import { TOKEN, bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { startVectorServer } from '../support/upstash/vector-server.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

describeWithRedis('a service that moves between engines', () => {
  const { bridge } = bridgeSubject()
  let vector: Awaited<ReturnType<typeof startVectorServer>>
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let folder: string

  beforeEach(async () => {
    vector = await startVectorServer({ token: TOKEN, dimension: 128 })
    upstream = await startUpstream(sameAgain)
    folder = emptyFolder()
    onTestFinished(() => vector.close())
  })

  /** Serves from one engine, and is on the move to another if one is named. */
  async function serving(engine: 'embedded' | 'upstash', mirror = '') {
    const config = readConfig({
      UPSTASH_REDIS_REST_URL: bridge().url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: TOKEN,
      OPENAI_BASE_URL: upstream.baseURL,
      OPENAI_API_KEY: 'sk-1',
      REPRISE_DATA_DIR: folder,
      REPRISE_LOOKUP_TIMEOUT_MS: '2000',
      REPRISE_ENGINE: engine,
      REPRISE_MIRROR: mirror,
    })
    const service = await compose(config, silent, undefined, () => 0)
    let isClosed = false
    const stop = async () => {
      if (isClosed) return
      isClosed = true
      await service.drain()
      await service.close()
    }
    onTestFinished(stop)
    const send = (path: string, body: object, headers = {}) =>
      service.fetch(
        new Request(`http://localhost${path}`, {
          method: 'POST',
          headers: { ...JSON_TYPE, ...headers },
          body: JSON.stringify(body),
        }),
      )
    return {
      stop,
      async ask(content: string, headers: Readonly<Record<string, string>> = {}) {
        const response = await send(
          '/v1/chat/completions',
          { model: 'gpt-4o-mini', messages: [{ role: 'user', content }] },
          headers,
        )
        const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
        expect(choices[0]!.message.content).toBe(sameAgainTo(content === REWORDED ? QUESTION : content))
        return /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
      },
      /** How an answer would come about, if not from the model. */
      async peek(content: string) {
        const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content }] }
        const { headers } = await send('/v1/chat/completions', body, { 'cache-control': 'only-if-cached' })
        return /detail=([^;]+)/.exec(headers.get('cache-status') ?? '')?.[1]
      },
      purge: async (selector: object) => (await send('/v1/cache/purge', selector)).status,
      async mirror() {
        const response = await service.fetch(new Request('http://localhost/readyz'))
        return ((await response.json()) as { health: { mirror?: string } }).health.mirror
      },
    }
  }

  /** One step of the way: asks all the while, until the mirror is complete. */
  async function moving(engine: 'embedded' | 'upstash', mirror: string, step: string) {
    const service = await serving(engine, mirror)
    const asked: string[] = []
    while ((await service.mirror()) === 'copying' || asked.length < 10) {
      const question = `What is ${step} ${asked.length} good for?`
      await service.ask(question)
      asked.push(question)
      // The copy has its turn as well, as it has between requests from a network.
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await eventually(async () => expect(await service.mirror()).toBe('complete'), PATIENT)
    return { ...service, asked }
  }

  it('loses no answer on the way there and back, while requests go on', LONG, async () => {
    const before = await serving('embedded')
    const asked = [QUESTION, ...Array.from({ length: 40 }, (_, at) => `Which bridge has number ${at} in its name?`)]
    for (const question of asked) await before.ask(question)
    await before.stop()

    // There, then back: each time both are kept in step before the one lets the other go first.
    for (const [engine, mirror] of [THERE, BACK, BACK, THERE]) {
      const step = await moving(engine, mirror, `${engine} number ${asked.length}`)
      asked.push(...step.asked)
      await step.stop()
    }

    upstream.calls.length = 0
    for (const engine of ['embedded', 'upstash'] as const) {
      const after = await serving(engine)
      for (const question of asked) expect(await after.ask(question)).toBe('exact')
      expect(await after.ask(REWORDED)).toBe('semantic')
      await after.stop()
    }
    expect(upstream.calls).toEqual([])
  })

  it('holds what was purged on the way for purged on either side', LONG, async () => {
    const before = await serving('embedded')
    await before.ask(QUESTION, { 'reprise-tags': 'old' })
    await before.stop()
    const first = await moving('embedded', 'upstash', 'a lever')
    expect(await first.purge({ tag: 'old' })).toBe(200)
    await first.stop()

    for (const engine of ['upstash', 'embedded'] as const) {
      const after = await serving(engine)
      expect(await after.ask(first.asked[0]!)).toBe('exact')
      expect(await after.peek(QUESTION)).toBe('cache_miss')
      await after.stop()
    }
  })

  it('purges nothing by halves: it fails, and can be repeated, while the second cannot be told', LONG, async () => {
    const service = await moving('embedded', 'upstash', 'a wheel')
    bridge().faults.set({ reset: true })
    expect(await service.purge({ all: true })).toBeGreaterThanOrEqual(500)
    bridge().faults.set({})
    await eventually(async () => expect(await service.purge({ all: true })).toBe(200), PATIENT)
    await service.stop()
    const after = await serving('upstash')
    expect(await after.ask(service.asked[0]!)).toBe('nothing-near')
  })

  it('answers on while the second is down, and brings it what it missed at the next start', LONG, async () => {
    const service = await moving('embedded', 'upstash', 'a pulley')
    bridge().faults.set({ hang: true })
    expect(await service.ask(QUESTION)).not.toBe('exact')
    expect(await service.ask(QUESTION)).toBe('exact')
    await eventually(async () => expect(await service.mirror()).toMatch(/incomplete|down/), PATIENT)
    bridge().faults.set({})
    await service.stop()

    await (await moving('embedded', 'upstash', 'a screw')).stop()
    const after = await serving('upstash')
    expect(await after.ask(QUESTION)).toBe('exact')
    expect(await after.ask(REWORDED)).toBe('semantic')
  })

  it('does not start on an empty engine whose mirror is full: they would be the wrong way round', LONG, async () => {
    const upstash = await serving('upstash')
    await upstash.ask(QUESTION)
    await upstash.stop()
    await expect(serving('embedded', 'upstash')).rejects.toThrow(/wrong way round/)
  })
})

const THERE = ['embedded', 'upstash'] as const
const BACK = ['upstash', 'embedded'] as const
const JSON_TYPE = { 'content-type': 'application/json' }
/** Four starts, and what is down is left alone for a while before it is tried again. */
const LONG = { timeout: 40_000 }
const PATIENT = { tries: 100, pause: () => new Promise<void>((resolve) => setTimeout(resolve, 100)) }
