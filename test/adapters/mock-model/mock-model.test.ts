import { getEventListeners } from 'node:events'
import { expect, it, onTestFinished, vi } from 'vitest'
import { mockModel } from '../../../src/adapters/mock-model/mock-model.ts'
import { ask, post, writesOf } from './asking.ts'

it('answers a question that a rule knows word for word', async () => {
  const model = mockModel({ rules: [{ text: ' What is the capital of France? ', answer: 'Paris.' }] })
  expect(await answer(model, '\nWhat is the capital of France?')).toBe('Paris.')
})

it('fills the groups of a pattern into the answer', async () => {
  const model = mockModel({ rules: [{ pattern: '^weather in (\\w+)( today)?', flags: 'i', answer: '$1:$2 $3 $20' }] })
  expect(await answer(model, 'Weather in Paris')).toBe('Paris: $3 0')
})

it('fills the groups of a pattern into a completion', async () => {
  const call = { type: 'function' as const, function: { name: 'get_weather', arguments: '{"city":"$1"}' } }
  const completion = { choices: [{ message: { tool_calls: [call] } }] }
  const model = mockModel({ rules: [{ pattern: '^weather in (\\w+)$', completion }] })
  expect(await (await ask(model, 'weather in Paris')).json()).toMatchObject({
    choices: [{ message: { tool_calls: [{ function: { arguments: '{"city":"Paris"}' } }] } }],
  })
})

it('leaves a dollar alone in the answer to a text', async () => {
  const model = mockModel({ rules: [{ text: 'price?', answer: 'It is $1.' }] })
  expect(await answer(model, 'price?')).toBe('It is $1.')
})

it('follows the first rule that fits', async () => {
  const rules = [
    { text: 'hi', model: 'gpt-4o', answer: 'for gpt-4o only' },
    { pattern: '^h', answer: 'first' },
    { text: 'hi', answer: 'second' },
  ]
  expect(await answer(mockModel({ rules }), 'hi')).toBe('first')
})

it('looks at the last user message, the text of its parts joined', async () => {
  const model = mockModel()
  const messages = [
    { role: 'user', content: 'first' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'one' },
        { type: 'image_url', image_url: { url: 'data:' } },
        { type: 'text', text: 'two' },
      ],
    },
    { role: 'assistant', content: 'last, but not the user' },
  ]
  expect(await answer(model, '', { messages })).toBe('echo: one\n\ntwo')
})

it('answers by the rules it was last given', async () => {
  const model = mockModel({ rules: [{ text: 'hi', answer: 'old' }] })
  model.answer([{ text: 'hi', answer: 'new' }])
  expect(await answer(model, 'hi')).toBe('new')
})

it('remembers every request', async () => {
  const model = mockModel()
  const headers = new Headers({ Authorization: 'Bearer sk-test' })
  await model.send('/models?limit=2', { method: 'GET', headers })
  await ask(model, 'hi')
  expect(model.calls).toEqual([
    { method: 'GET', path: '/models?limit=2', headers: { authorization: 'Bearer sk-test' }, body: undefined },
    {
      method: 'POST',
      path: '/chat/completions',
      headers: { 'content-type': 'application/json' },
      body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] },
    },
  ])
})

it('forgets its requests when cleared', async () => {
  const model = mockModel()
  await ask(model, 'hi')
  model.clear()
  expect(model.calls).toEqual([])
})

it('reads a body that is streamed', async () => {
  const model = mockModel()
  const body = new Blob([JSON.stringify({ model: 'mock', messages: [{ role: 'user', content: 'hi' }] })]).stream()
  const response = await model.send('/chat/completions', { method: 'POST', headers: new Headers(), body })
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'echo: hi' } }] })
})

it('answers with the error of a rule', async () => {
  const error = { status: 429, message: 'Slow down', code: 'rate_limit_exceeded', headers: { 'retry-after-ms': '20' } }
  const response = await ask(mockModel({ rules: [{ text: 'hi', error }] }), 'hi', { stream: true })
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after-ms')).toBe('20')
  expect(await response.json()).toEqual({
    error: { message: 'Slow down', type: 'invalid_request_error', param: null, code: 'rate_limit_exceeded' },
  })
})

it('puts faults that are set before those of a rule, on every path, until reset', async () => {
  const model = mockModel({ rules: [{ text: 'hi', error: { status: 400 } }] })
  const statuses = async () => [(await ask(model, 'hi')).status, (await post(model, '/nowhere', {})).status]
  model.set({ error: { status: 503 } })
  expect(await statuses()).toEqual([503, 503])
  model.reset()
  expect(await statuses()).toEqual([400, 404])
})

it('adds a fault to those already set', async () => {
  const { waits, delay } = waiting()
  const model = mockModel({ delay })
  model.set({ latencyMs: 10 })
  model.set({ error: { status: 500 } })
  expect((await ask(model, 'hi')).status).toBe(500)
  expect(waits).toEqual([10])
})

it('says of an error from 500 up that the server is to blame', async () => {
  const model = mockModel()
  model.set({ error: { status: 500 } })
  expect(await (await ask(model, 'hi')).json()).toMatchObject({ error: { type: 'server_error' } })
})

it('does not wait for a group that is no number', async () => {
  const { waits, delay } = waiting()
  const model = mockModel({ rules: [{ pattern: '^slow (.+)', latencyMs: '$1', chunkLatencyMs: '$1' }], delay })
  await (await ask(model, 'slow poke', { stream: true })).text()
  expect(waits).toEqual([])
})

it('waits before the head as long as a rule says', async () => {
  const { waits, delay } = waiting()
  const model = mockModel({ rules: [{ pattern: '^slow (\\d+)', latencyMs: '$1' }], delay })
  await ask(model, 'slow 2000')
  expect(waits).toEqual([2000])
})

it('waits before each event of a stream, and only of a stream', async () => {
  const { waits, delay } = waiting()
  const model = mockModel({ rules: [{ text: 'hi', answer: 'Hello', chunkLatencyMs: 5 }], delay })
  await (await ask(model, 'hi')).text()
  expect(waits).toEqual([])
  await (await ask(model, 'hi', { stream: true })).text()
  expect(waits).toEqual([5, 5, 5, 5])
})

it('breaks a stream after as many events as a rule says', async () => {
  const model = mockModel({ rules: [{ text: 'hi', answer: 'Hello, how are you?', cutAfter: 2 }] })
  const { writes, failure } = await writesOf(await ask(model, 'hi', { stream: true }))
  expect(writes).toHaveLength(2)
  expect(writes[1]).toContain('"Hello,"')
  expect(failure).toEqual(new TypeError('terminated'))
})

it('breaks an answer that is not streamed in the middle', async () => {
  const model = mockModel({ rules: [{ text: 'hi', cutAfter: 7 }] })
  const { writes, failure } = await writesOf(await ask(model, 'hi'))
  expect(writes.join('')).toMatch(/^\{"id":"chatcmpl-mock-1".*[^}]$/)
  expect(failure).toEqual(new TypeError('terminated'))
})

it('sends nothing of a body that breaks at once', async () => {
  const model = mockModel()
  model.set({ cutAfter: 0 })
  expect(await writesOf(await ask(model, 'hi'))).toEqual({ writes: [], failure: new TypeError('terminated') })
})

it('hangs until the request is aborted, and rejects with the reason', async () => {
  const model = mockModel({ rules: [{ text: 'hi', hang: true }] })
  const { abort, signal, reason } = aborting()
  const answer = ask(model, 'hi', {}, signal)
  abort()
  await expect(answer).rejects.toBe(reason)
  expect(model.calls).toHaveLength(1)
})

it('waits in real time unless told how to wait', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const model = mockModel()
  model.set({ latencyMs: 2000 })
  const answered = vi.fn()
  const answer = ask(model, 'hi').then(answered)
  await vi.advanceTimersByTimeAsync(1999)
  expect(answered).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await answer
  expect(answered).toHaveBeenCalledOnce()
})

it('stops waiting when the request is aborted', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const model = mockModel()
  model.set({ latencyMs: 60_000 })
  const { abort, signal, reason } = aborting()
  const answer = ask(model, 'hi', {}, signal)
  expect(vi.getTimerCount()).toBe(1)
  abort()
  await expect(answer).rejects.toBe(reason)
  expect(vi.getTimerCount()).toBe(0)
})

it('leaves nothing behind on a signal that outlives the request', async () => {
  const { signal } = aborting()
  const model = mockModel()
  model.set({ latencyMs: 1 })
  await (await ask(model, 'hi', {}, signal)).text()
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('rejects when aborted during a wait that does not heed the signal', async () => {
  const { abort, signal, reason } = aborting()
  const model = mockModel({ delay: async () => abort() })
  model.set({ latencyMs: 1 })
  await expect(ask(model, 'hi', {}, signal)).rejects.toBe(reason)
})

it('does not see a request that was aborted before', async () => {
  const model = mockModel()
  const { abort, signal, reason } = aborting()
  abort()
  await expect(ask(model, 'hi', {}, signal)).rejects.toBe(reason)
  expect(model.calls).toEqual([])
})

it('rejects when aborted while the body is still arriving', async () => {
  const { abort, signal, reason } = aborting()
  const body = new ReadableStream<Uint8Array>()
  const answer = mockModel().send('/chat/completions', { method: 'POST', headers: new Headers(), body, signal })
  abort()
  await expect(answer).rejects.toBe(reason)
})

it('breaks a stream with the reason when aborted between two reads', async () => {
  const { abort, signal, reason } = aborting()
  const reader = (await ask(mockModel(), 'hi', { stream: true }, signal)).body?.getReader()
  await reader?.read()
  abort()
  await expect(reader?.read()).rejects.toBe(reason)
})

it('breaks a stream with the reason when aborted during a read', async () => {
  const { abort, signal, reason } = aborting()
  const model = mockModel()
  model.set({ chunkLatencyMs: 60_000 })
  const reader = (await ask(model, 'hi', { stream: true }, signal)).body?.getReader()
  const read = reader?.read()
  abort()
  await expect(read).rejects.toBe(reason)
})

async function answer(model: ReturnType<typeof mockModel>, content: string, more: object = {}): Promise<unknown> {
  const response = await ask(model, content, more)
  const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] }
  return choices[0].message.content
}

function waiting() {
  const waits: number[] = []
  const delay = async (ms: number) => void waits.push(ms)
  return { waits, delay }
}

function aborting() {
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  return { signal: controller.signal, reason, abort: () => controller.abort(reason) }
}
