import { http, HttpResponse } from 'msw/http'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openaiEmbedder, type OpenaiEmbedderOptions } from '../../../src/adapters/openai/openai-embedder.ts'
import { embedderContract } from '../../contract/embedder.contract.ts'

const baseURL = 'https://embeddings.test/v1'
const apiKey = 'sk-not-to-be-told'
const question = 'A question not to be told'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

embedderContract({
  name: 'the OpenAI embedder',
  near: false,
  create() {
    endpoint(({ input }) => answer(base64(letterCounts(input))))
    return embedder()
  },
})

describe('the OpenAI embedder', () => {
  it('asks for the text by model and key, as base64', async () => {
    const asked = endpoint(() => answer(base64([3, 4])))
    await embedder().embed(question)
    expect(asked).toEqual([{ model: 'some-model', input: question, encoding_format: 'base64' }])
  })

  it('asks for a number of dimensions only if told to', async () => {
    const asked = endpoint(() => answer(base64([3, 4])))
    await embedder({ dimensions: 2 }).embed(question)
    expect(asked[0]).toMatchObject({ dimensions: 2 })
  })

  it('reads base64 and makes it a unit vector', async () => {
    endpoint(() => answer(base64([3, -4])))
    expect(await embedder().embed(question)).toEqual(Float32Array.of(0.6, -0.8))
  })

  it('reads plain numbers from a server that does not know base64', async () => {
    endpoint(() => answer([3, -4]))
    expect(await embedder().embed(question)).toEqual(Float32Array.of(0.6, -0.8))
  })

  it.each([
    [
      'an unknown key',
      () => HttpResponse.json({ error: { message: `Incorrect key: ${apiKey}` } }, { status: 401 }),
      '401',
    ],
    ['too many requests', () => HttpResponse.json({ error: { message: question } }, { status: 429 }), '429'],
    ['a failing server', () => HttpResponse.json({ error: { message: question } }, { status: 500 }), '500'],
    ['a failing proxy', () => HttpResponse.html(`<h1>Bad Gateway</h1>${question}`, { status: 502 }), '502'],
    ['a web page', () => HttpResponse.html(`<p>${question}</p>`), 'other than one vector'],
    ['broken JSON', () => jsonText(`{"${question}`), 'cannot be read'],
    ['a lost connection', () => HttpResponse.error(), 'could not be reached'],
    ['no vector', () => HttpResponse.json({ data: [] }), 'other than one vector'],
    [
      'two vectors',
      () => HttpResponse.json({ data: [{ embedding: [1] }, { embedding: [1] }] }),
      'other than one vector',
    ],
    ['no base64', () => answer('?'), 'other than one vector'],
    ['half a number', () => answer(btoa('abcdef')), 'other than one vector'],
    ['a missing number', () => answer([1, null]), 'other than one vector'],
    ['a vector of nothing', () => answer(''), 'no direction'],
    ['a zero vector', () => answer(base64([0, 0])), 'no direction'],
    ['not a number', () => answer(base64([1, NaN])), 'no direction'],
    ['infinity', () => answer(base64([1, Infinity])), 'no direction'],
    ['silence', () => new Promise<Response>(() => {}), 'did not answer within 50 ms'],
    ['a body that never ends', () => jsonText(new ReadableStream()), 'did not answer within 50 ms'],
  ])('rejects %s without telling the text or the key', async (_, respond, fault) => {
    endpoint(respond)
    const error = await embedder({ timeoutMs: 50 })
      .embed(question)
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Error)
    expect(told(error)).toContain(fault)
    expect(told(error)).not.toContain(question)
    expect(told(error)).not.toContain(apiKey)
  })

  it('asks once, however the endpoint fails', async () => {
    const asked = endpoint(() => HttpResponse.json({}, { status: 500, headers: { 'retry-after-ms': '1' } }))
    await expect(embedder().embed(question)).rejects.toThrow('500')
    expect(asked).toHaveLength(1)
  })

  it.each([{ dimensions: 3 }, { model: 'text-embedding-3-small' }])(
    'rejects another size than that of %j',
    async (named) => {
      endpoint(() => answer(base64([3, 4])))
      await expect(embedder(named).embed(question)).rejects.toThrow('sent 2 dimensions where')
    },
  )

  it('holds a model of unknown size to that of its first vector', async () => {
    endpoint(({ input }) => answer(base64(input === 'first' ? [3, 4] : [3, 4, 5])))
    const held = embedder()
    await held.embed('first')
    await expect(held.embed('second')).rejects.toThrow('sent 3 dimensions where 2 were expected')
  })

  it('asks once for equal texts at the same time or later', async () => {
    const asked = endpoint(() => answer(base64([3, 4])))
    const { embed } = embedder()
    await Promise.all([embed(question), embed(question)])
    await embed(question)
    expect(asked).toHaveLength(1)
  })

  it('asks again for a text that failed', async () => {
    const asked = endpoint(() => (asked.length === 1 ? HttpResponse.json({}, { status: 500 }) : answer(base64([3, 4]))))
    const { embed } = embedder()
    await expect(embed(question)).rejects.toThrow('500')
    expect(await embed(question)).toHaveLength(2)
  })

  it.each([
    [{}, /^openai\/some-model\/native@[0-9a-f]{8}$/],
    [{ dimensions: 256 }, /^openai\/some-model\/256@/],
    [{ model: 'text-embedding-3-small' }, /^openai\/text-embedding-3-small\/1536@/],
    [{ model: 'text-embedding-3-large', dimensions: 256 }, /^openai\/text-embedding-3-large\/256@/],
  ])('names the space of %j', (named, space) => {
    expect(embedder(named).space).toMatch(space)
  })

  it('names one space for each endpoint, with or without a slash at its end', () => {
    expect(embedder({ baseURL: `${baseURL}/` }).space).toBe(embedder().space)
    expect(embedder({ baseURL: 'https://others.test/v1' }).space).not.toBe(embedder().space)
  })

  it.each([
    [{}, 0.9],
    [{ model: 'text-embedding-3-small' }, 0.85],
    [{ model: 'text-embedding-3-small', threshold: 0.7 }, 0.7],
  ])('has a threshold for %j', (named, threshold) => {
    expect(embedder(named).threshold).toBe(threshold)
  })

  it('fits as many bytes as its window has tokens', () => {
    const { fits } = embedder({ windowTokens: 6 })
    expect(['ab cde', 'ab cdef', '密码', '密码!'].map(fits)).toEqual([true, false, true, false])
  })

  it('has a window of 8,192 tokens unless told otherwise', () => {
    expect(['x'.repeat(8_192), 'x'.repeat(8_193)].map(embedder().fits)).toEqual([true, false])
  })
})

interface Asked {
  readonly input: string
  readonly [field: string]: unknown
}

/** Answers every request to the endpoint; gives what was asked so far. */
function endpoint(respond: (asked: Asked) => Response | Promise<Response>): Asked[] {
  const all: Asked[] = []
  server.use(
    http.post(`${baseURL}/embeddings`, async ({ request }) => {
      expect(request.headers.get('authorization')).toBe(`Bearer ${apiKey}`)
      const asked = (await request.json()) as Asked
      all.push(asked)
      return respond(asked)
    }),
  )
  return all
}

const embedder = (options: Partial<OpenaiEmbedderOptions> = {}) =>
  openaiEmbedder({ baseURL, apiKey, model: 'some-model', timeoutMs: 5_000, ...options })

const answer = (embedding: unknown) =>
  HttpResponse.json({ object: 'list', data: [{ object: 'embedding', index: 0, embedding }], model: 'some-model' })

const jsonText = (body: string | ReadableStream) =>
  new HttpResponse(body, { headers: { 'content-type': 'application/json' } })

function base64(values: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(values.length * 4))
  for (const [at, value] of values.entries()) bytes.setFloat32(at * 4, value, true)
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)))
}

function letterCounts(text: string): number[] {
  const counts = Array.from({ length: 64 }, () => 0)
  counts[0] = 1
  for (const unit of text) counts[unit.codePointAt(0)! % 64]! += 1
  return counts
}

/** All that an error says, to whoever logs it whole. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return [error.stack, JSON.stringify(error), error.cause === undefined ? '' : told(error.cause)].join('\n')
}
