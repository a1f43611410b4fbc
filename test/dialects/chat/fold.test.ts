import { expect, it } from 'vitest'
import { foldChat } from '../../../src/dialects/chat/fold.ts'
import { chunks, completion, streams } from '../recordings.ts'

it.each(streams)('folds the recorded stream %s into the completion that was recorded with it', (name) => {
  expect(JSON.parse(foldChat(chunks(name)))).toEqual(JSON.parse(completion(name)))
})

it('takes id, model and time from wherever they are, not from an opening chunk without any', () => {
  const [opening, ...others] = chunks('azure')
  expect(opening).toContain('"id":""')
  const late = JSON.parse(foldChat([...others, opening!]))
  expect(late).toMatchObject({ id: 'chatcmpl-D8Z5azure', created: 1770933892, model: 'gpt-4o-2024-11-20' })
})

it('does not forget what a filter said in the middle of a stream', () => {
  const filtered = { violence: { filtered: true, severity: 'high' } }
  const folded = fold({ content: 'a' }, { content_filter_results: filtered }, { content_filter_results: {} })
  expect(folded.choices[0].content_filter_results).toEqual(filtered)
})

it.each([
  ['again', { id: 'call_1', type: 'function', function: { name: 'rate', arguments: '}' } }],
  ['as null', { id: null, type: null, function: { name: null, arguments: '}' } }],
  ['as empty text', { id: '', type: '', function: { name: '', arguments: '}' } }],
])('keeps the names of a tool call that a server tells %s', (_, more) => {
  const first = { index: 0, id: 'call_1', type: 'function', function: { name: 'rate', arguments: '{' } }
  const { message } = fold({ tool_calls: [first] }, { tool_calls: [{ index: 0, ...more }] }).choices[0]
  expect(message.tool_calls).toEqual([{ id: 'call_1', type: 'function', function: { name: 'rate', arguments: '{}' } }])
})

it('folds a call of the old kind', () => {
  const named = { function_call: { name: 'rate', arguments: '' } }
  const { message } = fold(named, { function_call: { arguments: '{"y"' } }, { function_call: { arguments: ':30}' } })
    .choices[0]
  expect(message).toEqual({ ...EMPTY, function_call: { name: 'rate', arguments: '{"y":30}' } })
})

it('folds calls that come interleaved, each by its own index', () => {
  const call = (index: number, text: string, more = {}) => ({
    tool_calls: [{ index, ...more, function: { arguments: text } }],
  })
  const deltas = [call(1, 'a', { id: 'call_b' }), call(0, '1', { id: 'call_a' }), call(1, 'b'), call(0, '2')]
  const { message } = fold(...deltas).choices[0]
  expect(message.tool_calls).toEqual([
    { id: 'call_a', function: { arguments: '12' } },
    { id: 'call_b', function: { arguments: 'ab' } },
  ])
})

it('says no content, rather than an empty one, of a message that only calls tools', () => {
  const { message } = fold({ content: '', tool_calls: [{ index: 0, id: 'call_1' }] }).choices[0]
  expect(message.content).toBeNull()
})

it('says no refusal, rather than an empty one, of a message that does not refuse', () => {
  expect(fold({ content: '', refusal: '' }, { content: 'Hi' }).choices[0].message).toEqual({ ...EMPTY, content: 'Hi' })
})

it('keeps the content of a message that also calls tools', () => {
  const { message } = fold({ content: 'Let me see.' }, { tool_calls: [{ index: 0, id: 'call_1' }] }).choices[0]
  expect(message).toMatchObject({ content: 'Let me see.', tool_calls: [{ id: 'call_1' }] })
})

it('puts choices in order, whichever began first', () => {
  const folded = JSON.parse(foldChat([chunk({ content: 'b' }, { index: 1 }), chunk({ content: 'a' }, { index: 0 })]))
  expect(folded.choices).toMatchObject([
    { index: 0, message: { content: 'a' } },
    { index: 1, message: { content: 'b' } },
  ])
})

it('folds a long answer with log probabilities in time that grows with its length only', () => {
  const token = { token: ' word', logprob: -0.5, bytes: null, top_logprobs: [] }
  const said = chunk({ content: ' word' }, { logprobs: { content: [token], refusal: null } })
  const folded = JSON.parse(foldChat(Array.from({ length: 40_000 }, () => said)))
  expect(folded.choices[0].logprobs.content).toHaveLength(40_000)
})

it('leaves no trace of padding', () => {
  expect(streams.map((name) => foldChat(chunks(name))).join('')).not.toContain('obfuscation')
})

it('keeps the usage of a server that counts with every chunk, as it was last', () => {
  const counted = [1, 2, 3].map((tokens) =>
    chunk({ content: 'a' }, {}, { usage: { prompt_tokens: 5, completion_tokens: tokens } }),
  )
  expect(JSON.parse(foldChat(counted)).usage).toEqual({ prompt_tokens: 5, completion_tokens: 3 })
})

it('tells no usage if none was told', () => {
  expect(JSON.parse(foldChat([chunk({ content: 'a' }, {}, { usage: null })]))).not.toHaveProperty('usage')
})

it('gives no finish to what did not finish', () => {
  expect(fold({ content: 'a' }).choices[0].finish_reason).toBeNull()
})

it.each([
  ['no chunks', []],
  ['chunks without an id', ['{"choices":[{"index":0,"delta":{"content":"a"}}]}']],
  ['chunks without a choice', ['{"id":"chatcmpl-1","created":1,"model":"m","choices":[]}']],
  ['what is not JSON', ['{"id":']],
  ['what is no chunk', ['[]']],
])('makes nothing of %s', (_, texts) => {
  expect(() => foldChat(texts)).toThrow()
})

const EMPTY = { role: 'assistant', content: null, refusal: null }

function fold(...steps: object[]) {
  const isMore = (step: object) => 'content_filter_results' in step
  return JSON.parse(foldChat(steps.map((step) => (isMore(step) ? chunk({}, step) : chunk(step)))))
}

function chunk(delta: object, choice: object = {}, head: object = {}): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: null, ...choice }]
  return JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...head })
}
