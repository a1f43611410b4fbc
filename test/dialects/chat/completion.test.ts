import { expect, it } from 'vitest'
import { tellChat } from '../../../src/dialects/chat/completion.ts'
import { askedOf, asking } from '../../support/call.ts'
import { completion, completions } from '../recordings.ts'

const asked = askedOf(asking('Hi', { model: 'gpt-4o' }))
const wantsJson = askedOf(asking('Hi', { model: 'gpt-4o', response_format: { type: 'json_object' } }))
const wantsSchema = askedOf(
  asking('Hi', { model: 'gpt-4o', response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }),
)
const CALL = { id: 'call_1', type: 'function', function: { name: 'rate', arguments: '{}' } }
const CITATION = { type: 'url_citation', url_citation: { url: 'https://a.example' } }

it.each([
  ['unfinished', answer({}, { finish_reason: null })],
  ['unfinished', answer({}, { finish_reason: undefined })],
  ['unfinished', two({ finish_reason: 'stop' }, { finish_reason: null })],
  ['length', answer({}, { finish_reason: 'length' })],
  ['length', two({ finish_reason: 'stop' }, { finish_reason: 'length' })],
  ['content-filter', answer({}, { finish_reason: 'content_filter' })],
  [
    'content-filter',
    answer({}, { content_filter_results: { hate: { filtered: false }, violence: { filtered: true } } }),
  ],
  ['refusal', answer({ content: null, refusal: "I can't help with that." })],
  ['empty', answer({ content: null })],
  ['empty', answer({ content: '' })],
  ['empty', answer({ content: ' \n' })],
  ['empty', answer({ content: null, tool_calls: [] })],
  ['citations', answer({ annotations: [CITATION] })],
  ['other-model', { ...answer(), model: 'gpt-4o-mini-2024-07-18' }],
  ['other-model', { ...answer(), model: 'gpt-3.5-turbo' }],
  ['malformed', { ...answer(), choices: [] }],
  ['malformed', { ...answer(), id: undefined }],
  ['malformed', { error: { message: 'over capacity', type: 'server_error', param: null, code: null } }],
  ['malformed', null],
  ['malformed', []],
])('does not keep what is %s', (why, given) => {
  expect(tellChat(JSON.stringify(given), asked).unfit).toBe(why)
})

it.each(['', '<html>502 Bad Gateway</html>', '{"id":"chatcmpl-1","choices":['])('does not keep %j', (text) => {
  expect(tellChat(text, asked)).toEqual({ model: 'gpt-4o', usage: undefined, content: undefined, unfit: 'malformed' })
})

it.each([
  ['an ordinary answer', answer()],
  ['an answer without the members that only some servers send', { ...answer(), usage: undefined, object: undefined }],
  ['calls of tools', answer({ content: null, tool_calls: [CALL] }, { finish_reason: 'tool_calls' })],
  ['a call of a function', answer({ content: null, function_call: CALL.function }, { finish_reason: 'function_call' })],
  ['an empty refusal', answer({ refusal: '' })],
  ['annotations that are no citations', answer({ annotations: [{ type: 'file_path' }] })],
  [
    'an answer that the filter let pass',
    answer({}, { content_filter_results: { hate: { filtered: false }, jailbreak: null } }),
  ],
  ['a choice of two', two({ finish_reason: 'stop' }, { finish_reason: 'stop' })],
])('keeps %s', (_, given) => {
  expect(tellChat(JSON.stringify(given), asked).unfit).toBeUndefined()
})

it.each([
  ['gpt-4o', 'gpt-4o'],
  ['gpt-4o', 'gpt-4o-2024-08-06'],
  ['gpt-4o-2024-08-06', 'gpt-4o-2024-08-06'],
  ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125'],
  ['gpt-4-turbo-preview', 'gpt-4-0125-preview'],
  ['o1-preview', 'o1-preview-2024-09-12'],
  ['chatgpt-4o-latest', 'chatgpt-4o-latest'],
  ['my-deployment', 'gpt-4o-2024-08-06'],
  ['gpt-4o', 'a-name-of-the-gateway'],
  ['llama-3', 'meta/llama-3-70b'],
])('keeps what %s answered as %s', (model, answered) => {
  const told = tellChat(JSON.stringify({ ...answer(), model: answered }), askedOf(asking('Hi', { model })))
  expect(told).toMatchObject({ model: answered, unfit: undefined })
})

it.each([
  ['gpt-4o-mini', 'gpt-4o-2024-08-06'],
  ['gpt-4.1', 'gpt-4.1-nano-2025-04-14'],
  ['o3', 'o3-mini-2025-01-31'],
  ['gpt-5', 'gpt-5-mini'],
  ['gpt-4', 'gpt-4-32k-0613'],
])('does not keep what %s answered as %s', (model, answered) => {
  const told = tellChat(JSON.stringify({ ...answer(), model: answered }), askedOf(asking('Hi', { model })))
  expect(told.unfit).toBe('other-model')
})

it.each([wantsJson, wantsSchema])('does not keep text where JSON was wanted', (asked) => {
  expect(tellChat(JSON.stringify(answer({ content: 'Sure! {"a":1}' })), asked).unfit).toBe('not-json')
  expect(tellChat(JSON.stringify(answer({ content: '{"a":' })), asked).unfit).toBe('not-json')
})

it.each(['{"a":1}', ' [1]\n', 'null', '"text"'])('keeps %j where JSON was wanted', (content) => {
  expect(tellChat(JSON.stringify(answer({ content })), wantsJson).unfit).toBeUndefined()
})

it('keeps calls of tools where JSON was wanted', () => {
  const calls = answer({ content: null, tool_calls: [CALL] }, { finish_reason: 'tool_calls' })
  expect(tellChat(JSON.stringify(calls), wantsJson).unfit).toBeUndefined()
})

it('tells the model and the usage', () => {
  const told = tellChat(completion('text'), askedOf(asking('Hi', { model: 'gpt-4.1-nano' })))
  expect(told).toMatchObject({
    model: 'gpt-4.1-nano-2025-04-14',
    usage: { promptTokens: 16, completionTokens: 15 },
    unfit: undefined,
  })
})

it('tells the content alike, whatever its id, time and counts', () => {
  const again = {
    ...JSON.parse(completion('text')),
    id: 'chatcmpl-2',
    created: 1,
    usage: null,
    system_fingerprint: 'fp',
  }
  const told = [completion('text'), JSON.stringify(again)].map((text) => tellChat(text, asked).content)
  expect(told[1]).toEqual(told[0])
  expect(told[0]).not.toEqual(tellChat(completion('refusal'), asked).content)
})

it('finds fault with those of the recorded completions that are not to be repeated', () => {
  const faults = completions.map((name) => {
    const text = completion(name)
    return [name, tellChat(text, askedOf(asking('Hi', { model: JSON.parse(text).model }))).unfit]
  })
  expect(faults.filter(([, unfit]) => unfit)).toEqual([
    ['annotations', 'citations'],
    ['refusal', 'refusal'],
  ])
})

function answer(message: object = {}, more: object = {}) {
  const choice = {
    index: 0,
    message: { role: 'assistant', content: 'Hello.', refusal: null, ...message },
    logprobs: null,
  }
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  const head = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o-2024-08-06' }
  return { ...head, choices: [{ ...choice, finish_reason: 'stop', ...more }], usage }
}

function two(one: object, other: object) {
  return { ...answer(), choices: [answer({}, one).choices[0], { ...answer({}, other).choices[0], index: 1 }] }
}
