import { expect, it } from 'vitest'
import { END, type Send, completion, delta, json, says, streaming } from '../support/model.ts'
import { QUESTION, detail, said, world } from '../support/world.ts'

const choice = (message: object, members: object = {}) => ({
  choices: [
    { index: 0, message: { role: 'assistant', content: 'Paris.', ...message }, finish_reason: 'stop', ...members },
  ],
})

it.each<[string, object]>([
  ['length', choice({}, { finish_reason: 'length' })],
  ['content-filter', choice({}, { finish_reason: 'content_filter' })],
  ['unfinished', choice({}, { finish_reason: null })],
  ['refusal', choice({ refusal: 'I cannot help with that.' })],
  ['empty', choice({ content: '' })],
  ['citations', choice({ annotations: [{ type: 'url_citation', url_citation: { url: 'https://news.test' } }] })],
  ['content-filter', choice({}, { content_filter_results: { violence: { filtered: true } } })],
  ['other-model', { model: 'gpt-3.5-turbo' }],
])('gives but does not keep an answer that is unfit for others: %s', async (why, members) => {
  const body = JSON.stringify(completion('Paris.', members))
  const { ask, entries, stats } = world({ model: async () => new Response(body) })
  const response = await ask(QUESTION)
  expect(response.headers.get('cache-status')).toBe('reprise; fwd=uri-miss; detail=nothing-near')
  expect(await response.text()).toBe(body)
  expect(await entries()).toEqual([])
  expect((await stats()).not_kept.by_reason).toEqual({ [why]: 1 })
})

it('notes of answers whether they say the same', async () => {
  const answers = ['Paris,\nof course.', ' Paris, of course.\n', 'Rome, of course.']
  const { ask, entries } = world({ model: async () => new Response(JSON.stringify(completion(answers.shift()!))) })
  for (const country of ['France', 'the French', 'Italy']) await ask(`What is the capital of ${country}?`)
  const [one, same, other] = (await entries()).map(({ says }) => says)
  expect(one).toMatch(/^[0-9a-f]{32}$/)
  expect(same).toBe(one)
  expect(other).not.toBe(one)
})

it('does not keep what should be JSON and is not', async () => {
  const { ask, entries } = world({ model: says('{"city": "Par') })
  await ask(QUESTION, {}, { response_format: { type: 'json_object' } })
  expect(await entries()).toEqual([])
})

it('does not keep an answer that is longer than may be kept', async () => {
  const { ask, entries } = world({ model: says('x'.repeat(500)), limits: { maxAnswerLength: 500 } })
  expect(await said(await ask(QUESTION))).toBe('x'.repeat(500))
  expect(await entries()).toEqual([])
})

it('keeps the answer of a server that tells no more than it must', async () => {
  const bare = { id: 'c', created: 1, model: 'llama', ...choice({}) }
  const { ask, hear } = world({ model: async () => json(bare) })
  await ask(QUESTION)
  expect(await (await ask(QUESTION)).json()).toEqual(bare)
  expect(await said(await hear(QUESTION))).toBe('Paris.')
})

it('keeps with an answer what it cost, who gave it and how long that took', async () => {
  const model: Send = async (...request) => {
    at.pass(2)
    return says('Paris.')(...request)
  }
  const at = world({ model })
  await at.ask(QUESTION)
  expect(await at.entries()).toMatchObject([
    {
      question: QUESTION,
      model: 'gpt-4o-mini-2024-07-18',
      usage: { promptTokens: 14, completionTokens: 3 },
      tookMs: 2000,
      space: 'words-1',
    },
  ])
})

it('keeps the same answer to the same stream as to the same whole', async () => {
  const [whole, streamed] = [world(), world()]
  await whole.ask(QUESTION)
  await said(await streamed.hear(QUESTION))
  const [[one], [other]] = [await whole.entries(), await streamed.entries()]
  const answer = (text: string) => JSON.parse(text).choices[0]
  expect(answer(other!.completion)).toMatchObject({ index: 0, message: { role: 'assistant', content: 'Answer 1.' } })
  expect({ ...other, completion: '' }).toEqual({ ...one, completion: '' })
})

it('has kept a stream by the time that it ends', async () => {
  const { ask, hear } = world()
  await said(await hear(QUESTION))
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('does not keep a stream that says it ended before its answer did', async () => {
  const events = [delta('Par'), 'data: [DONE]\n\n']
  const { hear, entries } = world({ model: async () => streaming(events) })
  expect(await said(await hear(QUESTION))).toBe('Par')
  expect(await entries()).toEqual([])
})

it('does not keep a stream in which the model reports an error', async () => {
  const events = [delta('Par'), 'data: {"error":{"message":"overloaded"}}\n\n', ...END]
  const { hear, entries, idle } = world({ model: async () => streaming(events) })
  expect(await (await hear(QUESTION)).text()).not.toContain('[DONE]')
  await idle()
  expect(await entries()).toEqual([])
})

it.each<[string, Response]>([
  ['text', new Response('<html>It works!</html>', { headers: { 'content-type': 'text/html' } })],
  ['nothing', new Response('')],
  ['no choices', json({ id: 'c', choices: [] })],
  ['an error', json({ error: { message: 'quota exceeded' } })],
])('gives but does not keep what is no completion: %s', async (_, made) => {
  const expected = [await made.clone().text(), made.headers.get('content-type') ?? 'application/json']
  const { ask, entries } = world({ model: async () => made })
  const response = await ask(QUESTION)
  expect([await response.text(), response.headers.get('content-type')]).toEqual(expected)
  expect(response.headers.get('cache-status')).toBe('reprise; fwd=uri-miss; detail=nothing-near')
  expect(await entries()).toEqual([])
})
