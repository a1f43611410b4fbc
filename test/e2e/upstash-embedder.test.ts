import { expect, it } from 'vitest'
import { overUpstash } from '../support/replicas.ts'
import { sameAgainTo } from '../support/upstream.ts'
import { hashedWords } from '../support/upstash/vector-embedding.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how do I reset it?'
const dimension = 1_024

describeWithRedis('replicas over an index that embeds', () => {
  const { vector, upstream, replica: any } = overUpstash({ dimension, embed: hashedWords(dimension) })

  async function replica() {
    const service = await any({ REPRISE_EMBEDDER: 'upstash' })
    return { ...service, ask: (content: string) => service.ask(content, { 'reprise-threshold': '0.9' }) }
  }

  it('find by meaning what one of them has kept, with one request for embedding and search', async () => {
    const [one, two] = [await replica(), await replica()]
    expect(one.chosen.join('\n')).toMatch(/embedder +upstash\/bge-small-en-v1-5@/)
    expect((await one.ask(QUESTION)).detail).toBe('nothing-near')
    await one.drain()
    vector().requests.reset()
    expect(await two.ask(REWORDED)).toEqual({ detail: 'semantic', said: sameAgainTo(QUESTION) })
    expect(upstream().calls).toHaveLength(1)
    expect([vector().requests.count('query-data'), vector().requests.count()]).toEqual([1, 1])
  })

  it('compare only by the letter what is too long for the model', async () => {
    const { ask, drain } = await replica()
    const [red, blue] = ['red', 'blue'].map((colour) => `${'x '.repeat(512)}Is the wall ${colour}?`) as [string, string]
    expect((await ask(red)).detail).toBe('exact-only.window')
    await drain()
    expect(await ask(blue)).toEqual({ detail: 'exact-only.window', said: sameAgainTo(blue) })
    expect((await ask(red)).detail).toBe('exact')
    expect([vector().requests.count('upsert-data'), vector().requests.count('query-data')]).toEqual([0, 0])
  })
})
