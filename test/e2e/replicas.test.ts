import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { type Composed, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { silent } from '../../src/insight/log.ts'
import { eventually } from '../contract/patience.ts'
import { sameAgain, sameAgainTo, startUpstream } from '../support/upstream.ts'
import { TOKEN, bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { startVectorServer } from '../support/upstash/vector-server.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

describeWithRedis('replicas over Upstash', () => {
  const { bridge } = bridgeSubject()
  let vector: Awaited<ReturnType<typeof startVectorServer>>
  let upstream: Awaited<ReturnType<typeof startUpstream>>

  beforeEach(async () => {
    vector = await startVectorServer({ token: TOKEN, dimension: 512 })
    upstream = await startUpstream(sameAgain)
    onTestFinished(() => vector.close())
  })

  async function replica(env: Readonly<Record<string, string>> = {}) {
    const config = readConfig({
      UPSTASH_REDIS_REST_URL: bridge().url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: TOKEN,
      OPENAI_BASE_URL: upstream.baseURL,
      OPENAI_API_KEY: 'sk-1',
      REPRISE_LOOKUP_TIMEOUT_MS: '2000',
      ...env,
    })
    const service = await compose(config, silent)
    onTestFinished(service.close)
    return { ...service, ask: (content: string, headers?: Headings) => asking(service, content, headers) }
  }

  it('serve what one of them has kept, in the same words and in others', async () => {
    const [one, two] = [await replica(), await replica()]
    expect((await one.ask(QUESTION)).detail).toBe('nothing-near')
    await one.drain()
    expect(await two.ask(QUESTION)).toEqual({ detail: 'exact', said: sameAgainTo(QUESTION) })
    expect(await two.ask(REWORDED)).toEqual({ detail: 'semantic', said: sameAgainTo(QUESTION) })
    expect(upstream.calls).toHaveLength(1)
  })

  it('ask the model once for what all are asked at once', async () => {
    const replicas = [await replica(), await replica(), await replica()]
    const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => replicas[at % 3]!.ask(QUESTION)))
    expect(new Set(answers.map(({ said }) => said))).toEqual(new Set([sameAgainTo(QUESTION)]))
    expect(upstream.calls).toHaveLength(1)
  })

  it('spend one command on a hit that is cold in memory, none on a warm one, and four on a miss', async () => {
    const [one, two] = [await replica(), await replica()]
    const { commands } = bridge()
    const spent = async (work: () => Promise<unknown>) => {
      const before = commands.log().filter(isOurs).length
      await work()
      return commands.log().filter(isOurs).length - before
    }
    expect(await spent(async () => [await one.ask(QUESTION), await one.drain()])).toBe(4)
    expect(await spent(() => two.ask(QUESTION))).toBe(1)
    // News of the answer may still be on their way, and make it cold once more.
    await eventually(async () => expect(await spent(() => two.ask(QUESTION))).toBe(0), PATIENT)
  })

  it('see at once what another has replaced', async () => {
    let turn = 0
    upstream = await startUpstream(() => ({ choices: [{ content: `Answer ${++turn}.` }] }))
    const [one, two] = [await replica(), await replica()]
    await one.ask(QUESTION)
    await one.drain()
    await eventually(async () => expect((await two.ask(QUESTION)).said).toBe('Answer 1.'), PATIENT)
    await one.ask(QUESTION, { 'cache-control': 'no-cache' })
    await one.drain()
    await eventually(
      async () => expect(await two.ask(QUESTION)).toEqual({ detail: 'exact', said: 'Answer 2.' }),
      PATIENT,
    )
  })

  it('answer from the model while Redis and Vector are down, say so, and recover by themselves', LONG, async () => {
    const one = await replica({ REPRISE_LOOKUP_TIMEOUT_MS: '200' })
    await one.ask(QUESTION)
    await one.drain()
    bridge().faults.set({ reset: true })
    vector.faults.set({ reset: true })
    for (let at = 0; at < 8; at++) {
      const question = `Which is the oldest bridge of city ${at}?`
      expect((await one.ask(question)).said).toBe(sameAgainTo(question))
    }
    expect(await health(one)).toMatchObject({ store: 'down' })
    bridge().faults.set({})
    vector.faults.set({})
    await eventually(async () => {
      await one.ask('Is it back?')
      expect((await health(one))['store']).toBe('up')
    }, PATIENT)
  })

  it('do not start on an index that does not fit, and say what would', async () => {
    vector = await startVectorServer({ token: TOKEN, dimension: 384 })
    await expect(replica()).rejects.toThrow(/384 dimensions.*512/)
  })

  it('start although the index cannot be reached, for it may be back any moment', async () => {
    vector.faults.set({ reset: true })
    const one = await replica()
    expect((await one.ask(QUESTION)).said).toBe(sameAgainTo(QUESTION))
  })
})

type Headings = Readonly<Record<string, string>>

/** A dependency that is down is left alone for a while before it is tried again. */
const LONG = { timeout: 30_000 }
/** Real services across a network take their time; so long at most. */
const PATIENT = { tries: 80, pause: () => new Promise<void>((resolve) => setTimeout(resolve, 100)) }

/** Commands that the service pays for; not those of the stand-in itself, or of scripts. */
const isOurs = (command: unknown) => !/^(?:FLUSHALL|SUBSCRIBE)/i.test(String(command))

async function asking(service: Composed, content: string, headers: Headings = {}) {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
  const response = await service.fetch(
    new Request('http://localhost/v1/chat/completions', { method: 'POST', headers, body }),
  )
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  const detail = /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
  return { detail, said: choices[0]!.message.content }
}

async function health(service: Composed): Promise<Record<string, string>> {
  const response = await service.fetch(new Request('http://localhost/readyz'))
  return ((await response.json()) as { health: Record<string, string> }).health
}
