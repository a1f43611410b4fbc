import OpenAI, { APIUserAbortError, NotFoundError, RateLimitError } from 'openai'
import type { ChatCompletionChunk } from 'openai/resources'
import { expect, it } from 'vitest'
import { loadRules } from '../../../src/adapters/mock-model/load-rules.ts'
import { mockModel } from '../../../src/adapters/mock-model/mock-model.ts'
import type { MockModel } from '../../../src/adapters/mock-model/mock-model.ts'

const model = mockModel({ rules: await loadRules('fixtures/mock') })
const openai = clientOf(model)

it('answers the SDK', async () => {
  const asked = openai.chat.completions.create(asking('What is the capital of France?')).withResponse()
  const { data, request_id: id } = await asked
  expect(data.choices[0]?.message.content).toBe('Paris.')
  expect(id).toMatch(/^req_mock_\d+$/)
})

it('streams to the SDK', async () => {
  const stream = await openai.chat.completions.create({ ...asking('hello there'), stream: true })
  const chunks: ChatCompletionChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('echo: hello there')
})

it('satisfies the stream helper of the SDK', async () => {
  const request = { ...asking('hello there'), n: 2, stream_options: { include_usage: true } }
  const streamed = await openai.chat.completions.stream(request).finalChatCompletion()
  expect(streamed.choices.map(({ message }) => message.content)).toEqual(['echo: hello there', 'echo: hello there'])
  expect(streamed.usage?.completion_tokens).toBe(9)
})

it('streams tool calls that the helper puts together again', async () => {
  const plain = await openai.chat.completions.create(asking('mock: tool'))
  const streamed = await openai.chat.completions.stream(asking('mock: tool')).finalChatCompletion()
  expect(streamed.choices[0]?.finish_reason).toBe('tool_calls')
  expect(streamed.choices[0]?.message.tool_calls).toMatchObject(plain.choices[0]?.message.tool_calls ?? [])
})

it('streams a refusal that the helper puts together again', async () => {
  const streamed = await openai.chat.completions.stream(asking('mock: refuse')).finalChatCompletion()
  expect(streamed.choices[0]?.message).toMatchObject({ content: null, refusal: "I'm sorry, I can't help with that." })
})

it('says when to try again, and the SDK does', async () => {
  const limited = mockModel({ rules: [{ text: 'hi', error: { status: 429, headers: { 'retry-after-ms': '1' } } }] })
  await expect(clientOf(limited).chat.completions.create(asking('hi'))).rejects.toThrow(RateLimitError)
  expect(limited.calls.map(({ headers }) => headers['x-stainless-retry-count'])).toEqual(['0', '1', '2'])
})

it('gives the SDK the fields of an error', async () => {
  const once = openai.chat.completions.create(asking('mock: error 429'), { maxRetries: 0 })
  await expect(once).rejects.toMatchObject({ status: 429, type: 'requests', code: 'rate_limit_exceeded' })
})

it('lets the SDK see that a stream was cut', async () => {
  const stream = await openai.chat.completions.create({ ...asking('mock: cut'), stream: true })
  const words: string[] = []
  const reading = async () => {
    for await (const { choices } of stream) words.push(choices[0]?.delta.content ?? '')
  }
  await expect(reading()).rejects.toThrow('terminated')
  expect(words.join('')).toBe('The connection is')
})

it('lets the SDK give up', async () => {
  const hanging = mockModel()
  hanging.set({ hang: true })
  const controller = new AbortController()
  const answer = clientOf(hanging).chat.completions.create(asking('hi'), { signal: controller.signal })
  controller.abort()
  await expect(answer).rejects.toThrow(APIUserAbortError)
})

it('lists its models to the SDK', async () => {
  const { data } = await openai.models.list()
  expect(data.map(({ id }) => id)).toEqual(['gpt-4.1', 'gpt-4o', 'gpt-4o-mini', 'mock'])
  expect(await openai.models.retrieve('gpt-4o')).toEqual(data[1])
})

it('tells the SDK of a model that does not exist', async () => {
  await expect(openai.models.retrieve('gpt-0')).rejects.toThrow(NotFoundError)
})

it('embeds for the SDK, which asks for base64 and decodes it', async () => {
  const input = 'hello'
  const decoded = await openai.embeddings.create({ model: 'text-embedding-3-small', input })
  const floats = await openai.embeddings.create({ model: 'text-embedding-3-small', input, encoding_format: 'float' })
  expect(model.calls.at(-2)?.body).toMatchObject({ encoding_format: 'base64' })
  expect(decoded.data).toEqual(floats.data)
})

function asking(content: string) {
  return { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content }] }
}

function clientOf(model: MockModel): OpenAI {
  return new OpenAI({
    apiKey: 'sk-test',
    baseURL: 'http://mock/v1',
    fetch: (url, init) => {
      const { pathname, search } = new URL(String(url))
      return model.send(pathname.replace('/v1', '') + search, {
        method: init?.method ?? 'GET',
        headers: new Headers(init?.headers),
        body: typeof init?.body === 'string' ? init.body : undefined,
        signal: init?.signal ?? undefined,
      })
    },
  })
}
