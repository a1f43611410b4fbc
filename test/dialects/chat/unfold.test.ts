import OpenAI from 'openai'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import { expect, it } from 'vitest'
import { chat } from '../../../src/dialects/chat/chat.ts'
import { eventText } from '../../../src/http/event-stream.ts'
import { askedOf, asking } from '../../support/call.ts'
import { bytes, completion, completions } from '../recordings.ts'

const plain = askedOf(asking('Hi', { stream: true }))
const withUsage = askedOf(asking('Hi', { stream: true, stream_options: { include_usage: true } }))
const counted = completions.filter((name) => name !== 'text-without-usage')

it.each(completions)('unfolds %s into chunks that fold into the very same', (name) => {
  expect(JSON.parse(chat.fold(chat.unfold(completion(name), withUsage)))).toEqual(JSON.parse(completion(name)))
})

it.each(completions)('gives every chunk of %s the same id, time, model and kind', (name) => {
  const { id, created, model } = JSON.parse(completion(name))
  for (const chunk of unfolded(name)) {
    expect(chunk).toMatchObject({ id, created, model, object: 'chat.completion.chunk' })
  }
})

it.each(completions)('opens every choice of %s with its role and closes it with its finish', (name) => {
  for (const { index, finish_reason } of JSON.parse(completion(name)).choices) {
    const own = unfolded(name).flatMap(({ choices }) => choices.filter((choice) => choice.index === index))
    expect(own[0]?.delta['role']).toBe('assistant')
    expect(own.map((choice) => choice.finish_reason)).toEqual([...own.slice(1).map(() => null), finish_reason])
    expect(own.at(-1)?.delta).toEqual({})
  }
})

it.each(completions)('says nothing of usage in %s to who did not ask', (name) => {
  for (const chunk of unfolded(name)) {
    expect(chunk).not.toHaveProperty('usage')
    expect(chunk.choices).toHaveLength(1)
  }
})

it.each(counted)('tells the usage of %s in a last chunk of its own, and null before', (name) => {
  const told = unfolded(name, withUsage)
  expect(told.at(-1)).toMatchObject({ choices: [], usage: JSON.parse(completion(name)).usage })
  expect(told.slice(0, -1).map(({ usage }) => usage)).toEqual(told.slice(1).map(() => null))
})

it('makes up no usage that is not known', () => {
  const told = unfolded('text-without-usage', withUsage)
  expect(told.map(({ usage }) => usage)).toEqual(told.map(() => null))
  expect(told.at(-1)?.choices).toHaveLength(1)
})

it('tells a long text in several pieces, none of which splits a character', () => {
  const content = `${'👩‍💻 né日本 '.repeat(40)}x${'😀'.repeat(200)}\n\n  end  `
  const whole = JSON.parse(completion('text-without-usage'))
  whole.choices[0].message.content = content
  const pieces = chat
    .unfold(JSON.stringify(whole), plain)
    .flatMap((chunk) => JSON.parse(chunk).choices[0].delta.content ?? [])
  expect(pieces.length).toBeGreaterThan(10)
  expect(pieces.join('')).toBe(content)
  expect(pieces.every((piece: string) => piece.isWellFormed())).toBe(true)
})

it.each(counted)('unfolds %s so that the SDK helper puts it together again', async (name) => {
  const { choices, usage } = JSON.parse(completion(name))
  const lines = chat.unfold(completion(name), withUsage).join('\n')
  const final = await ChatCompletionStream.fromReadableStream(bytes(lines)).finalChatCompletion()
  expect(final).toMatchObject({ choices, usage })
})

it.each(completions)('streams %s so that the SDK hears it as it was', async (name) => {
  const openai = clientHearing(eventText(chat.unfold(completion(name), plain), chat))
  const final = await openai.chat.completions.stream({ model: 'm', messages: [] }).finalChatCompletion()
  const { id, created, model, choices } = JSON.parse(completion(name))
  expect(final).toMatchObject({ id, created, model, choices })
})

interface Chunk {
  readonly choices: { index: number; delta: Record<string, unknown>; finish_reason: string | null }[]
  readonly usage?: unknown
}

function unfolded(name: string, asked = plain): Chunk[] {
  return chat.unfold(completion(name), asked).map((chunk) => JSON.parse(chunk))
}

function clientHearing(events: string): OpenAI {
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' }
  return new OpenAI({ apiKey: 'sk-test', fetch: () => Promise.resolve(new Response(bytes(events), { headers })) })
}
