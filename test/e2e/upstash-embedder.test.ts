import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { silent } from '../../src/insight/log.ts'
import { sameAgain, sameAgainTo, startUpstream } from '../support/upstream.ts'
import { TOKEN, bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { hashedWords } from '../support/upstash/vector-embedding.ts'
import { startVectorServer } from '../support/upstash/vector-server.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how do I reset it?'
const dimension = 1_024

describeWithRedis('replicas over an index that embeds', () => {
  const { bridge } = bridgeSubject()
  let vector: Awaited<ReturnType<typeof startVectorServer>>
  let upstream: Awaited<ReturnType<typeof startUpstream>>

  beforeEach(async () => {
    vector = await startVectorServer({ token: TOKEN, dimension, embed: hashedWords(dimension) })
    upstream = await startUpstream(sameAgain)
    onTestFinished(() => vector.close())
  })

  async function replica() {
    const config = readConfig({
      UPSTASH_REDIS_REST_URL: bridge().url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: TOKEN,
      OPENAI_BASE_URL: upstream.baseURL,
      OPENAI_API_KEY: 'sk-1',
      REPRISE_EMBEDDER: 'upstash',
      REPRISE_LOOKUP_TIMEOUT_MS: '2000',
    })
    const service = await compose(config, silent)
    onTestFinished(service.close)
    const ask = async (content: string) => {
      const headers = { 'content-type': 'application/json', 'reprise-threshold': '0.9' }
      const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
      const url = 'http://localhost/v1/chat/completions'
      const response = await service.fetch(new Request(url, { method: 'POST', headers, body }))
      const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
      const detail = /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
      return { detail, said: choices[0]?.message.content }
    }
    return { ...service, ask }
  }

  it('find by meaning what one of them has kept, with one request for embedding and search', async () => {
    const [one, two] = [await replica(), await replica()]
    expect(one.chosen.join('\n')).toMatch(/embedder +upstash\/bge-small-en-v1-5@/)
    expect((await one.ask(QUESTION)).detail).toBe('nothing-near')
    await one.drain()
    vector.requests.reset()
    expect(await two.ask(REWORDED)).toEqual({ detail: 'semantic', said: sameAgainTo(QUESTION) })
    expect(upstream.calls).toHaveLength(1)
    expect([vector.requests.count('query-data'), vector.requests.count()]).toEqual([1, 1])
  })

  it('compare only by the letter what is too long for the model', async () => {
    const { ask, drain } = await replica()
    const [red, blue] = ['red', 'blue'].map((colour) => `${'x '.repeat(512)}Is the wall ${colour}?`) as [string, string]
    expect((await ask(red)).detail).toBe('exact-only.window')
    await drain()
    expect(await ask(blue)).toEqual({ detail: 'exact-only.window', said: sameAgainTo(blue) })
    expect((await ask(red)).detail).toBe('exact')
    expect([vector.requests.count('upsert-data'), vector.requests.count('query-data')]).toEqual([0, 0])
  })
})
