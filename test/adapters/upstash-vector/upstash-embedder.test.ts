import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UnusableIndex } from '../../../src/adapters/upstash-vector/checks.ts'
import { openUpstashEmbedder } from '../../../src/adapters/upstash-vector/upstash-embedder.ts'
import { embedderContract } from '../../contract/embedder.contract.ts'
import { aPointer } from '../../contract/samples.ts'
import { hashedWords } from '../../support/upstash/vector-embedding.ts'
import type { Faults } from '../../support/upstash/vector-faults.ts'
import { startVectorServer } from '../../support/upstash/vector-server.ts'
import { open, startService } from './support.ts'

const dimension = 1_024
const embed = hashedWords(dimension)

let shared: Awaited<ReturnType<typeof startVectorServer>>
beforeAll(async () => {
  shared = await startVectorServer({ token: 'any', dimension, embed, embeddingModel: 'BGE_M3' })
})
afterAll(() => shared.close())

embedderContract({
  name: 'the Upstash embedder',
  near: true,
  indexEmbeds: true,
  create: () => openUpstashEmbedder(shared),
})

describe('the Upstash embedder', () => {
  const startModel = (embeddingModel: string) => startService({ dimension, embed, embeddingModel })
  const embedderOf = async (embeddingModel: string) => openUpstashEmbedder(await startModel(embeddingModel))

  it('finds again, together with its index, what was asked in other words', async () => {
    const service = await startModel('BGE_SMALL_EN_V1_5')
    const embedder = await openUpstashEmbedder(service)
    const { space } = embedder
    const { index, clock } = await open(service, { probe: await embedder.embed('any') })
    const probe = (await embedder.embed('How do I reset my password?'))!
    const pointer = aPointer(clock(), probe, { space, question: 'How do I reset my password?' })
    await index.add(pointer)
    const asked = (await embedder.embed('My password: how do I reset it?'))!
    const found = await index.nearest({ ...pointer.key, space }, asked, 8, clock())
    expect(found).toMatchObject([{ question: pointer.question, similarity: expect.closeTo(6 / Math.sqrt(6 * 7), 5) }])
  })

  it('asks the index once, and nothing for a text', async () => {
    const service = await startModel('BGE_M3')
    const embedder = await openUpstashEmbedder(service)
    await embedder.embed('How do I reset my password?')
    expect(service.requests.count('info')).toBe(1)
    expect(service.requests.count()).toBe(1)
  })

  it('names model and host as its space, so that no two indexes share one', async () => {
    const [one, two] = [await embedderOf('BGE_M3'), await embedderOf('BGE_M3')]
    expect(one.space).toMatch(/^upstash\/bge-m3@[0-9a-f]{8}$/)
    expect(two.space).not.toBe(one.space)
  })

  it('has no room for what the model would not read', async () => {
    const service = await startModel('BGE_SMALL_EN_V1_5')
    const embedder = await openUpstashEmbedder(service)
    const [red, blue] = ['red', 'blue'].map((colour) => `${'x '.repeat(512)}Is the wall ${colour}?`) as [string, string]
    const { index, clock } = await open(service, { probe: 'any' })
    const pointer = aPointer(clock(), red)
    await index.add(pointer)
    const [match] = await index.nearest({ ...pointer.key, space: pointer.space }, blue, 1, clock())
    expect(match?.similarity).toBe(1)
    expect([red, blue].map(embedder.fits)).toEqual([false, false])
  })

  it.each([
    ['ALL_MINILM_L6_V2', 240],
    ['BGE_SMALL_EN_V1_5', 496],
    ['BAAI/bge-m3', 8_176],
    ['A_MODEL_TO_COME', 240],
  ])('takes every byte for a token, of which %s reads %d', async (model, most) => {
    const { fits } = await embedderOf(model)
    expect([fits('x'.repeat(most)), fits('x'.repeat(most + 1))]).toEqual([true, false])
    expect([fits('é'.repeat(most / 2)), fits('é'.repeat(most / 2 + 1))]).toEqual([true, false])
  })

  it('lets the configuration say how much the model reads', async () => {
    const service = await startModel('BGE_M3')
    const { fits } = await openUpstashEmbedder({ ...service, windowTokens: 9 })
    expect([fits('x'.repeat(9)), fits('x'.repeat(10))]).toEqual([true, false])
  })

  it('counts what a character stands for', async () => {
    const { fits } = await embedderOf('BGE_M3')
    const eighteenLetters = 'ﷺ'
    expect([fits(eighteenLetters.repeat(100)), fits(eighteenLetters.repeat(300))]).toEqual([true, false])
  })

  it.each([
    'Wo ist hier der Bahnhof?',
    'Où est “la gare”, s’il vous plaît – à 5 €?',
    'if (a < b) { return x^2 }\n\t~$HOME',
  ])('has room for %j, whatever the model', async (text) => {
    const models = ['BGE_SMALL_EN_V1_5', 'BGE_M3']
    expect(await Promise.all(models.map(async (model) => (await embedderOf(model)).fits(text)))).toEqual([true, true])
  })

  it.each(['What does 🔑 mean?', '如何重置密码？', 'ما هي عاصمة فرنسا؟', 'Где вокзал?', 'Is ☂ open?'])(
    'has room for %j only if the model tells it from others like it',
    async (text) => {
      const models = ['BGE_SMALL_EN_V1_5', 'A_MODEL_TO_COME', 'BGE_M3']
      const room = await Promise.all(models.map(async (model) => (await embedderOf(model)).fits(text)))
      expect(room).toEqual([false, false, true])
    },
  )
})

describe('the Upstash embedder at a start without its index', () => {
  const troubles: Faults[] = [{ reset: true }, { hang: true }, { html502: true }, { status: 500 }]

  async function startIn(trouble: Faults, model?: string) {
    const service = await startService({ dimension, embed, embeddingModel: 'BGE_M3' })
    const healthy = await openUpstashEmbedder(service)
    service.faults.set(trouble)
    const warnings: string[] = []
    const warn = (message: string) => void warnings.push(message)
    return { healthy, embedder: await openUpstashEmbedder({ ...service, model, timeoutMs: 200, warn }), warnings }
  }

  it.each(troubles)('is the same as any other if the configuration names the model, in case of %o', async (trouble) => {
    const { healthy, embedder, warnings } = await startIn(trouble, 'BAAI/bge-m3')
    expect(embedder).toMatchObject({ space: healthy.space, threshold: healthy.threshold })
    expect(embedder.fits('x'.repeat(8_176))).toBe(true)
    expect(warnings).toEqual([])
  })

  it.each(troubles)(
    'keeps to a space of its own otherwise, trusts no text that is long, and says so: %o',
    async (trouble) => {
      const { healthy, embedder, warnings } = await startIn(trouble)
      expect(embedder.space).toMatch(/^upstash\/unknown@[0-9a-f]{8}$/)
      expect(embedder.threshold).toBeGreaterThan(healthy.threshold)
      expect(embedder.fits('x'.repeat(241))).toBe(false)
      expect(warnings).toEqual([
        expect.stringMatching(/^Upstash Vector .+ unless the configuration names the model\.$/),
      ])
      expect(warnings[0]).not.toContain('not-to-be-told')
    },
  )
})

describe('the Upstash embedder and a configuration', () => {
  it('that names the model of the index are of one mind, whatever the spelling', async () => {
    const service = await startService({ dimension, embed, embeddingModel: 'BGE_LARGE_EN_V1_5' })
    const { space } = await openUpstashEmbedder(service)
    expect((await openUpstashEmbedder({ ...service, model: 'BAAI/bge-large-en-v1.5' })).space).toBe(space)
  })

  it('that names another do not start', async () => {
    const service = await startService({ dimension, embed, embeddingModel: 'BGE_LARGE_EN_V1_5' })
    const start = openUpstashEmbedder({ ...service, model: 'bge-m3' })
    await expect(start).rejects.toThrow(UnusableIndex)
    await expect(start).rejects.toThrow('embeds with bge-large-en-v1-5, and the configuration says bge-m3')
  })

  it('leave it to the check of the index that it has no model at all', async () => {
    const service = await startService()
    expect((await openUpstashEmbedder(service)).space).toMatch(/^upstash\/unknown@/)
    expect((await openUpstashEmbedder({ ...service, model: 'bge-m3' })).space).toMatch(/^upstash\/bge-m3@/)
  })
})
