import { expect, it } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { PATIENT, overUpstash } from '../support/replicas.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

describeWithRedis('feedback over Upstash', () => {
  const { upstream, replica } = overUpstash()
  type Replica = Awaited<ReturnType<typeof replica>>

  /** Two replicas that both have served the answer to one question for another. */
  async function serving() {
    const [one, two] = [await replica(), await replica()]
    await one.ask(QUESTION)
    await one.drain()
    for (const each of [one, two]) {
      await eventually(async () => expect((await each.ask(REWORDED, ONLY)).detail).toBe('semantic'), PATIENT)
    }
    return { one, two, hit: await post(one, '/chat/completions', asking(REWORDED)) }
  }

  it('a wrong answer is served for that question on no replica any more, a second later at most', async () => {
    const { one, two, hit } = await serving()
    const said = await post(two, '/cache/feedback', { request_id: hit.headers.get('x-request-id'), correct: false })
    expect(await said.json()).toMatchObject({ remembered: 'refused' })
    expect(await detailOf(two)).toBe('known-wrong')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await detailOf(one)).toBe('known-wrong')
    expect(await detailOf(await replica())).toBe('known-wrong')
  })

  it('a right one is found by its words on all replicas, and by those that start later', async () => {
    const { one, two, hit } = await serving()
    const said = await post(one, '/cache/feedback', { request_id: hit.headers.get('x-request-id'), correct: true })
    expect(await said.json()).toMatchObject({ remembered: 'alias' })
    for (const each of [one, two, await replica()]) expect(await each.ask(REWORDED)).toMatchObject({ detail: 'exact' })
    expect(upstream().calls.filter(({ path }) => path.includes('completions'))).toHaveLength(1)
  })

  it('is heard of an answer that was wrong for its own question, which no replica serves any more', async () => {
    const { one, two } = await serving()
    const hit = await post(two, '/chat/completions', asking(QUESTION))
    const said = await post(two, '/cache/feedback', { request_id: hit.headers.get('x-request-id'), correct: false })
    expect(await said.json()).toMatchObject({ remembered: 'removed' })
    for (const each of [one, two])
      expect((await post(each, '/chat/completions', asking(QUESTION), ONLY)).status).toBe(504)
  })

  it('says so if it cannot be remembered', async () => {
    const { one, hit } = await serving()
    await one.close()
    const said = await post(await replica({ UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9' }), '/cache/feedback', {
      request_id: hit.headers.get('x-request-id'),
      correct: false,
    })
    expect(said.status).toBe(503)
  })

  const asking = (content: string) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })

  async function post({ fetch }: Replica, path: string, body: object, headers = {}): Promise<Response> {
    return fetch(new Request(`http://localhost/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  }

  async function detailOf(each: Replica): Promise<string | undefined> {
    const { candidates, verdict } = (await (await post(each, '/cache/explain', asking(REWORDED))).json()) as {
      candidates: object[]
      verdict: { detail: string }
    }
    expect(candidates).toMatchObject([{ known_wrong: true }])
    return verdict.detail
  }
})

const ONLY = { 'cache-control': 'only-if-cached' }
