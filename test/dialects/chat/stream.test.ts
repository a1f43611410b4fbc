import { expect, it } from 'vitest'
import { chat } from '../../../src/dialects/chat/chat.ts'
import { hearChat, listenToChat } from '../../../src/dialects/chat/stream.ts'
import { BrokenAnswer } from '../../../src/errors.ts'
import { askedOf, asking } from '../../support/call.ts'
import { bytes, chunks, streams } from '../recordings.ts'

const recorded = chunks('text')
const [role, word] = recorded as [string, string]
const finish = recorded.at(-2)!
const counts = recorded.at(-1)!
const DONE = '[DONE]'

it.each(streams)('hears every chunk of the recorded stream %s, and not its end mark', async (name) => {
  expect(await listenTo(...chunks(name), DONE)).toEqual({ heard: chunks(name) })
})

it('is content with a stream that closes after its finish without an end mark', async () => {
  expect(await listenTo(role, word, finish)).toEqual({ heard: [role, word, finish] })
})

it('hears nothing after the end mark', async () => {
  expect(await listenTo(role, finish, DONE, word)).toEqual({ heard: [role, finish] })
})

it.each([
  ['without a finish', [role, word]],
  ['before it began', []],
  ['when one of two choices has finished', chunks('two-choices').slice(0, -2)],
  ['with what is not JSON', [role, '{"id":"chatcmpl-', finish]],
])('takes a stream for broken that closes %s', async (_, sent) => {
  const { heard, failure } = await listenTo(...sent)
  expect(heard).toEqual(sent)
  expect(failure).toBeInstanceOf(BrokenAnswer)
  expect(JSON.parse((failure as BrokenAnswer).said)).toMatchObject({ error: { code: 'upstream_broke_off' } })
})

it('passes on a stream that is marked as ended but did not finish, and finds it not worth keeping', async () => {
  expect(await listenTo(role, word, DONE)).toEqual({ heard: [role, word] })
  const asked = askedOf(asking('Hi', { model: 'gpt-4.1-nano' }))
  expect(chat.tell(chat.fold([role, word]), asked).unfit).toBe('unfinished')
})

it('repeats the words of a model that breaks off with an error', async () => {
  const error = '{"error":{"message":"over capacity","type":"server_error","param":null,"code":"overloaded"}}'
  const { heard, failure } = await listenTo(role, word, error, DONE)
  expect(heard).toEqual([role, word])
  expect(failure).toBeInstanceOf(BrokenAnswer)
  expect((failure as BrokenAnswer).said).toBe(error)
})

it('takes no offence at the word error', async () => {
  const quoting = JSON.stringify({ ...JSON.parse(word), choices: [{ index: 0, delta: { content: '{"error":1}' } }] })
  const without = JSON.stringify({ ...JSON.parse(word), error: null })
  expect(await listenTo(role, quoting, without, finish, DONE)).toEqual({ heard: [role, quoting, without, finish] })
})

it('takes a stream for broken whose bytes break off', async () => {
  const reset = new Error('connection reset')
  let pulls = 0
  const failing = new ReadableStream<Uint8Array>({
    pull: (controller) =>
      pulls++ === 0 ? controller.enqueue(new TextEncoder().encode(chat.event(role))) : controller.error(reset),
  })
  const listening = listenToChat(failing)
  expect(await listening.next()).toMatchObject({ value: role })
  await expect(listening.next()).rejects.toThrow(expect.objectContaining({ name: 'BrokenAnswer', cause: reset }))
})

it('lets who asked for usage hear all there is', () => {
  const asked = askedOf(asking('Hi', { stream: true, stream_options: { include_usage: true } }))
  expect(recorded.map((chunk) => hearChat(chunk, asked))).toEqual(recorded)
})

it('lets who did not ask for usage hear none of it', () => {
  const asked = askedOf(asking('Hi', { stream: true }))
  const heard = recorded.map((chunk) => hearChat(chunk, asked))
  const expected = recorded.slice(0, -1).map((chunk) => without(chunk, 'usage'))
  expect(heard.at(-1)).toBeUndefined()
  expect(heard.slice(0, -1).map((chunk) => JSON.parse(chunk!))).toEqual(expected)
})

it('lets who refuses padding hear none of it', () => {
  const stream_options = { include_usage: true, include_obfuscation: false }
  const asked = askedOf(asking('Hi', { stream: true, stream_options }))
  const heard = recorded.map((chunk) => JSON.parse(hearChat(chunk, asked)!))
  expect(heard).toEqual(recorded.map((chunk) => without(chunk, 'obfuscation')))
})

it('takes away both, and nothing else', () => {
  const asked = askedOf(asking('Hi', { stream: true, stream_options: { include_obfuscation: false } }))
  expect(JSON.parse(hearChat(word, asked)!)).toEqual(without(word, 'usage', 'obfuscation'))
  expect(hearChat(counts, asked)).toBeUndefined()
})

it('keeps the words of a chunk that also counts', () => {
  const counting = JSON.stringify({ ...JSON.parse(word), usage: { prompt_tokens: 1, completion_tokens: 1 } })
  expect(JSON.parse(hearChat(counting, askedOf(asking('Hi')))!)).toEqual(without(word, 'usage'))
})

it('lets a chunk be heard byte for byte that has nothing to hide', () => {
  const odd = '{ "id":"chatcmpl-1", "choices":[{"index":0,"delta":{"content":"the \\"usage\\" of \\u00e9"}}] }'
  expect(hearChat(odd, askedOf(asking('Hi')))).toBe(odd)
})

it.each([{}, { usage: null }])('lets an opening chunk without choices be heard, %j', (more) => {
  const opening = JSON.parse(chunks('azure')[0]!)
  const heard = hearChat(JSON.stringify({ ...opening, ...more }), askedOf(asking('Hi', { stream: true })))
  expect(JSON.parse(heard!)).toEqual(opening)
})

async function listenTo(...sent: string[]): Promise<{ heard: string[]; failure?: unknown }> {
  const heard: string[] = []
  try {
    for await (const chunk of listenToChat(bytes(...sent.map(chat.event)))) heard.push(chunk)
    return { heard }
  } catch (failure) {
    return { heard, failure }
  }
}

function without(chunk: string, ...names: string[]): object {
  return Object.fromEntries(Object.entries(JSON.parse(chunk)).filter(([name]) => !names.includes(name)))
}
