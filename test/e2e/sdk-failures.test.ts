import { APIError, APIUserAbortError, InternalServerError, RateLimitError, toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { type Answer, sameAgain, sameAgainTo, vectorOf } from '../support/upstream.ts'
import { asking, detailOf, startService } from './service.ts'

const QUESTION = 'Which is the oldest bridge?'

describe('the SDK, when the model has had enough,', () => {
  const busy = { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' }

  it('tries again when it is told to, and the service does not', async () => {
    const { openai, upstream } = await startService((question, heard) =>
      heard.headers['x-stainless-retry-count'] === '2'
        ? sameAgain(question, heard)
        : { status: 429, headers: { 'retry-after-ms': '1' }, error: busy },
    )
    const { choices } = await openai.chat.completions.create(asking(QUESTION))
    expect(choices[0]?.message.content).toBe(sameAgainTo(QUESTION))
    expect(upstream.calls).toHaveLength(3)
  })

  it('sees the error and its headers as they came', async () => {
    const headers = { 'retry-after-ms': '1', 'x-ratelimit-remaining-requests': '0' }
    const { openai, upstream } = await startService(() => ({ status: 429, headers, error: busy }))
    const error = await openai.chat.completions.create(asking(QUESTION)).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(RateLimitError)
    const { status, code, type, requestID, headers: seen } = error as RateLimitError
    expect({ status, code, type, requestID }).toEqual({
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
      requestID: 'req_upstream_3',
    })
    expect(Object.fromEntries(seen)).toMatchObject(headers)
    expect(upstream.calls).toHaveLength(3)
  })

  it('does not try again if the model forbids it', async () => {
    const error = { ...busy, code: 'insufficient_quota' }
    const { openai, upstream } = await startService(() => ({
      status: 429,
      headers: { 'x-should-retry': 'false' },
      error,
    }))
    await expect(openai.chat.completions.create(asking(QUESTION))).rejects.toMatchObject({ code: 'insufficient_quota' })
    expect(upstream.calls).toHaveLength(1)
  })

  it('is not given the error again when it asks later', async () => {
    const { openai } = await startService(failingOnce({ status: 500, error: busy }))
    await expect(openai.chat.completions.create(asking(QUESTION), { maxRetries: 0 })).rejects.toThrow(
      InternalServerError,
    )
    const { choices } = await openai.chat.completions.create(asking(QUESTION))
    expect(choices[0]?.message.content).toBe(sameAgainTo(QUESTION))
  })
})

describe.each(['hangs up', 'errs', 'stops'] as const)(
  'the SDK, when the model %s in the middle of a stream,',
  (breaks) => {
    const choices = [{ content: sameAgainTo(QUESTION) }]

    it('fails after what it has heard', async () => {
      const { openai } = await startService(() => ({ choices, breaks }))
      let heard = ''
      const listening = async () => {
        for await (const chunk of await openai.chat.completions.create({ ...asking(QUESTION), stream: true })) {
          heard += chunk.choices[0]?.delta.content ?? ''
        }
      }
      await expect(listening()).rejects.toThrow(APIError)
      expect(heard.length).toBeGreaterThan(0)
      expect(sameAgainTo(QUESTION).startsWith(heard)).toBe(true)
    })

    it('fails in its helper', async () => {
      const { openai } = await startService(() => ({ choices, breaks }))
      await expect(openai.chat.completions.stream(asking(QUESTION)).finalChatCompletion()).rejects.toThrow()
    })

    it('gets a whole new answer the next time', async () => {
      const { openai, upstream } = await startService(failingOnce({ choices, breaks }))
      await expect(openai.chat.completions.stream(asking(QUESTION)).finalChatCompletion()).rejects.toThrow()
      const { data, response } = await openai.chat.completions.create(asking(QUESTION)).withResponse()
      expect(data.choices[0]?.message.content).toBe(sameAgainTo(QUESTION))
      expect(detailOf(response)).toBe('nothing-near')
      expect(upstream.calls).toHaveLength(2)
    })
  },
)

it('tells the SDK of a whole answer that broke off, and keeps nothing of it', async () => {
  const { openai, upstream } = await startService(failingOnce({ choices: [{ content: 'half' }], breaks: 'hangs up' }))
  await expect(openai.chat.completions.create(asking(QUESTION), { maxRetries: 0 })).rejects.toMatchObject({
    status: 502,
  })
  const { choices } = await openai.chat.completions.create(asking(QUESTION))
  expect(choices[0]?.message.content).toBe(sameAgainTo(QUESTION))
  expect(upstream.calls).toHaveLength(2)
})

describe('the SDK, when its caller has lost patience,', () => {
  it('leaves behind a stream that is finished and kept', async () => {
    const pause = Promise.withResolvers<void>()
    const { openai, upstream, landed } = await startService(() => ({
      choices: [{ content: sameAgainTo(QUESTION) }],
      pause: pause.promise,
    }))
    const stream = await openai.chat.completions.create({ ...asking(QUESTION), stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stream.controller.abort()
    pause.resolve()
    await landed()
    const { data, response } = await openai.chat.completions.create(asking(QUESTION)).withResponse()
    expect(detailOf(response)).toBe('exact')
    expect(data.choices[0]?.message.content).toBe(sameAgainTo(QUESTION))
    expect(upstream.calls).toHaveLength(1)
  })

  it('leaves behind a whole answer that is finished and kept', async () => {
    const [called, pause, controller] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      new AbortController(),
    ]
    const { openai, upstream, landed } = await startService(() => {
      called.resolve()
      return { choices: [{ content: sameAgainTo(QUESTION) }], pause: pause.promise }
    })
    const answer = openai.chat.completions.create(asking(QUESTION), { signal: controller.signal })
    await called.promise
    controller.abort()
    await expect(answer).rejects.toThrow(APIUserAbortError)
    pause.resolve()
    await landed()
    const { response } = await openai.chat.completions.create(asking(QUESTION)).withResponse()
    expect(detailOf(response)).toBe('exact')
    expect(upstream.calls).toHaveLength(1)
  })
})

describe('the SDK, passing through,', () => {
  it.each([undefined, 'float', 'base64'] as const)('embeds in the encoding %s', async (encoding_format) => {
    const { openai, upstream } = await startService()
    const request = {
      model: 'text-embedding-3-small',
      input: ['one', 'two'],
      ...(encoding_format && { encoding_format }),
    }
    const first = await openai.embeddings.create(request)
    const second = await openai.embeddings.create(request)
    const vectors = first.data.map(({ embedding }) => (typeof embedding === 'string' ? decoded(embedding) : embedding))
    expect(vectors).toEqual([[...vectorOf('one')], [...vectorOf('two')]])
    expect(second).toEqual(first)
    expect(upstream.calls[0]?.headers.authorization).toBe('Bearer sk-service')
  })

  it('lists the models, query and all', async () => {
    const { openai, upstream } = await startService()
    const { data } = await openai.models.list({ query: { limit: 2 } })
    expect(data.map(({ id }) => id)).toEqual(['gpt-4o-mini'])
    expect(await openai.models.retrieve('gpt-4o-mini')).toEqual(data[0])
    expect(upstream.calls.map(({ path }) => path)).toEqual(['/v1/models?limit=2', '/v1/models/gpt-4o-mini'])
  })

  it('is told that a path does not exist by the model itself', async () => {
    const { openai } = await startService()
    await expect(openai.models.retrieve('gpt-0')).rejects.toMatchObject({ status: 404, code: 'unknown_url' })
  })

  it('uploads a file, byte for byte', async () => {
    const { openai, upstream } = await startService()
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251)
    await openai.files.create({ file: await toFile(bytes, 'a.bin'), purpose: 'assistants' })
    expect(upstream.calls[0]?.raw.includes(Buffer.from(bytes))).toBe(true)
    expect(upstream.calls[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  })
})

/** A model that does this to the first request, and answers the others. */
function failingOnce(turn: ReturnType<Answer>): Answer {
  let failed = false
  return (question, heard) => {
    if (failed) return sameAgain(question, heard)
    failed = true
    return turn
  }
}

function decoded(base64: string): number[] {
  return [...new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)]
}
