import { expect, it } from 'vitest'
import { events } from '../../src/dialects/sse.ts'
import { bytes } from './recordings.ts'

it.each([
  ['events one by one', 'data: a\n\ndata: b\n\n', ['a', 'b']],
  ['events that end in CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['data without a space after its colon', 'data:a\n\ndata:{"b":1}\n\n', ['a', '{"b":1}']],
  ['only the first space as no part of the data', 'data:  a \n\n', [' a ']],
  ['data of several lines as one', 'data: a\ndata:\ndata: b\n\n', ['a\n\nb']],
  ['nothing for a comment', ': ping\n\n:\n\ndata: a\n: in between\n\n', ['a']],
  ['nothing for other fields', 'event: error\nid: 1\nretry: 10\ndata: a\n\ndatabase: b\n\nevent: none\n\n', ['a']],
  ['nothing for blank lines', '\n\n\r\n\ndata: a\n\n\n\n', ['a']],
  ['a last event without its blank line', 'data: a\n\ndata: b\n', ['a', 'b']],
  ['a last event without any line end', 'data: a\n\ndata: b', ['a', 'b']],
  ['a last event of several lines', 'data: a\ndata: b', ['a\nb']],
  ['a last event that ends in half a CRLF', 'data: a\r\n\r\ndata: b\r', ['a', 'b']],
  ['colons, quotes and text of many bytes', 'data: {"é":"日本: 👩‍💻"}\n\n', ['{"é":"日本: 👩‍💻"}']],
  ['nothing for nothing', '', []],
])('tells %s', async (_, text, told) => {
  expect(await all(bytes(text))).toEqual(told)
})

it('tells the same wherever the bytes are cut', async () => {
  const whole = new TextEncoder().encode(
    ': hi\r\n\r\ndata: é\r\ndata:日👩‍💻\n\nevent: x\ndata: {"a": 1}\r\n\r\ndata: [DONE]',
  )
  for (let at = 0; at <= whole.length; at++) {
    const told = await all(bytes(whole.subarray(0, at), whole.subarray(at)))
    expect(told, `cut at ${at}`).toEqual(['é\n日👩‍💻', '{"a": 1}', '[DONE]'])
  }
})

it('tells the same when every byte comes alone', async () => {
  const whole = new TextEncoder().encode('data: é\r\n\r\ndata: 👩‍💻\n\n')
  expect(await all(bytes(...Array.from(whole, (byte) => Uint8Array.of(byte))))).toEqual(['é', '👩‍💻'])
})

it('tells an event of many megabytes in time that grows with its length only', async () => {
  const piece = new Uint8Array(16_384).fill('x'.charCodeAt(0))
  const [event] = await all(bytes('data: ', ...Array.from({ length: 1_000 }, () => piece), '\n\n'))
  expect(event).toHaveLength(16_384_000)
})

it('tells an event as soon as it is complete', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const told = events(readable)
  void writer.write(new TextEncoder().encode('data: a\n\ndata: b'))
  expect(await told.next()).toEqual({ done: false, value: 'a' })
  void writer.close()
  expect(await told.next()).toEqual({ done: false, value: 'b' })
})

it('lets its reader see that the bytes broke off', async () => {
  const failing = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error('connection reset')),
  })
  await expect(all(failing)).rejects.toThrow('connection reset')
})

it('stops the bytes when its reader stops', async () => {
  let cancelled = false
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
    cancel: () => void (cancelled = true),
  })
  for await (const event of events(endless)) {
    expect(event).toBe('a')
    break
  }
  expect(cancelled).toBe(true)
})

function all(body: ReadableStream<Uint8Array>): Promise<string[]> {
  return Array.fromAsync(events(body))
}
