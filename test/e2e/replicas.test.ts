import { expect, it } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { PATIENT, overUpstash } from '../support/replicas.ts'
import { sameAgainTo, startUpstream } from '../support/upstream.ts'
import { TOKEN } from '../support/upstash/redis-bridge-subject.ts'
import { startVectorServer } from '../support/upstash/vector-server.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

describeWithRedis('replicas over Upstash', () => {
  const { bridge, vector, upstream, replica } = overUpstash()

  it('serve what one of them has kept, in the same words and in others', async () => {
    const [one, two] = [await replica(), await replica()]
    expect((await one.ask(QUESTION)).detail).toBe('nothing-near')
    await one.drain()
    expect(await two.ask(QUESTION)).toEqual({ detail: 'exact', said: sameAgainTo(QUESTION) })
    expect(await two.ask(REWORDED)).toEqual({ detail: 'semantic', said: sameAgainTo(QUESTION) })
    expect(upstream().calls).toHaveLength(1)
  })

  it('ask the model once for what all are asked at once', async () => {
    const replicas = [await replica(), await replica(), await replica()]
    const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => replicas[at % 3]!.ask(QUESTION)))
    expect(new Set(answers.map(({ said }) => said))).toEqual(new Set([sameAgainTo(QUESTION)]))
    expect(upstream().calls).toHaveLength(1)
  })

  it('see at once what another has replaced', async () => {
    let turn = 0
    const { baseURL } = await startUpstream(() => ({ choices: [{ content: `Answer ${++turn}.` }] }))
    const [one, two] = [await replica({ OPENAI_BASE_URL: baseURL }), await replica({ OPENAI_BASE_URL: baseURL })]
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
    vector().faults.set({ reset: true })
    for (let at = 0; at < 8; at++) {
      const question = `Which is the oldest bridge of city ${at}?`
      expect((await one.ask(question)).said).toBe(sameAgainTo(question))
    }
    expect(await one.health()).toMatchObject({ store: 'down' })
    bridge().faults.set({})
    vector().faults.set({})
    await eventually(async () => {
      await one.ask('Is it back?')
      expect((await one.health())['store']).toBe('up')
    }, PATIENT)
  })

  it('do not start on an index that does not fit, and say what would', async () => {
    const small = await startVectorServer({ token: TOKEN, dimension: 384 })
    await expect(replica({ UPSTASH_VECTOR_REST_URL: small.url })).rejects.toThrow(/384 dimensions.*128/)
    await small.close()
  })

  it('start although the index cannot be reached, for it may be back any moment', async () => {
    vector().faults.set({ reset: true })
    const one = await replica()
    expect((await one.ask(QUESTION)).said).toBe(sameAgainTo(QUESTION))
  })
})

/** A dependency that is down is left alone for a while before it is tried again. */
const LONG = { timeout: 30_000 }
