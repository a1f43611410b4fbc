import { expect, it } from 'vitest'
import { chat } from '../../src/dialects/chat/chat.ts'
import { BrokenAnswer } from '../../src/errors.ts'
import { eventStream, eventText } from '../../src/http/event-stream.ts'

const textOf = (stream: ReadableStream<Uint8Array>) => new Response(stream).text()

it('writes chunks as events, and says that nothing follows', async () => {
  async function* chunks() {
    yield '{"a":1}'
    yield '{"b":"ü"}'
  }
  const text = 'data: {"a":1}\n\ndata: {"b":"ü"}\n\ndata: [DONE]\n\n'
  expect(await textOf(eventStream(chunks(), chat))).toBe(text)
  expect(eventText(['{"a":1}', '{"b":"ü"}'], chat)).toBe(text)
})

it.each<[string, Error, string]>([
  ["the model's own words", new BrokenAnswer('{"error":{"message":"busy"}}'), '{"error":{"message":"busy"}}'],
  [
    'nothing of what went wrong inside',
    new TypeError('secret'),
    '{"error":{"message":"the answer could not be told","type":"server_error","param":null,"code":"internal_error"}}',
  ],
])('ends a stream that breaks off with an error, telling %s', async (_, error, told) => {
  async function* chunks() {
    yield '{"a":1}'
    throw error
  }
  expect(await textOf(eventStream(chunks(), chat))).toBe(`data: {"a":1}\n\ndata: ${told}\n\n`)
})

it('asks for no chunk before the reader does', async () => {
  let asked = 0
  async function* chunks() {
    for (;;) yield String(asked++)
  }
  const reader = eventStream(chunks(), chat).getReader()
  await reader.read()
  await reader.read()
  // One is fetched ahead.
  expect(asked).toBeLessThanOrEqual(3)
})

it('stops listening when the reader leaves', async () => {
  const left = Promise.withResolvers<void>()
  async function* chunks() {
    try {
      for (;;) yield '{}'
    } finally {
      left.resolve()
    }
  }
  const reader = eventStream(chunks(), chat).getReader()
  await reader.read()
  await reader.cancel()
  await left.promise
})
