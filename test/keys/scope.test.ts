import { expect, it } from 'vitest'
import { keyOf } from '../../src/keys/key.ts'
import { asking, callOf } from '../support/call.ts'
import { call, file, image, result, says, sound, text } from '../support/messages.ts'

const HELLO = { role: 'assistant', content: 'Hello, how can I help?' }
const QUESTION = { role: 'user', content: 'What is a mortgage?' }
const BASE = { model: 'gpt-4o-mini', messages: [HELLO, QUESTION] }
const MARKED = { ...text('Hi'), prompt_cache_breakpoint: { mode: 'explicit' } }
const TOOL = { type: 'function', function: { name: 'rate', parameters: { type: 'object' } } }

/** Fields of the request: two values of each that differ from each other and from its absence. */
const fields: [field: string, one: unknown, other: unknown][] = [
  ['model', 'gpt-4o', 'gpt-4.1'],
  ['tools', [TOOL], [{ ...TOOL, function: { ...TOOL.function, name: 'rates' } }]],
  ['tools', [TOOL], [{ ...TOOL, an_invented_field: 1 }]],
  ['tools', [TOOL, { ...TOOL, function: { name: 'b' } }], [{ ...TOOL, function: { name: 'b' } }, TOOL]],
  ['tool_choice', 'auto', 'required'],
  ['functions', [TOOL.function], [{ name: 'rates' }]],
  ['function_call', 'auto', { name: 'rate' }],
  ['parallel_tool_calls', true, false],
  ['max_tool_calls', 1, 2],
  ['response_format', { type: 'json_object' }, schema({ type: 'object' })],
  ['response_format', schema({ type: 'object' }), schema({ type: 'array' })],
  ['response_format', schema({ const: null }), schema({})],
  ['response_format', { type: 'text', an_invented_field: 1 }, { type: 'text', an_invented_field: 2 }],
  ['verbosity', 'low', 'high'],
  ['temperature', 0, 0.1],
  ['top_p', 1, 0.9],
  ['presence_penalty', 0, 0.5],
  ['frequency_penalty', 0, 0.5],
  ['logit_bias', { 50256: -100 }, { 50256: 100 }],
  ['seed', 1, 2],
  ['stop', ['\n', 'END'], ['END', '\n']],
  ['n', 2, 3],
  ['best_of', 1, 2],
  ['suffix', 'a', 'b'],
  ['echo', true, false],
  ['max_tokens', 10, 20],
  ['max_completion_tokens', 10, 20],
  ['max_output_tokens', 10, 20],
  ['logprobs', true, 'invented'],
  ['top_logprobs', 1, 2],
  ['reasoning_effort', 'low', 'high'],
  ['reasoning', { effort: 'low' }, { effort: 'low', summary: 'auto' }],
  ['modalities', ['text'], ['text', 'image']],
  ['prediction', { type: 'content', content: 'a' }, { type: 'content', content: 'b' }],
  ['truncation', 'auto', 'disabled'],
  ['include', ['a'], ['b']],
  ['moderation', { level: 'low' }, { level: 'high' }],
  ['access_programs', ['a'], ['b']],
  ['image', { size: 1 }, { size: 2 }],
  ['prompt', { id: 'p', version: '1', variables: { a: 'x' } }, { id: 'p', version: '1', variables: { a: 'y' } }],
  ['a_field_of_tomorrow', 1, 2],
  ['a_field_of_tomorrow', { deep: [1, { er: 1 }] }, { deep: [1, { er: 2 }] }],
  ['constructor', 'a', 'b'],
  ['toString', 'a', 'b'],
  ['hasOwnProperty', 'a', 'b'],
  ['__proto__', 'a', 'b'],
]

/** What was said before the question, or with it: the messages of two requests. */
const messages: [what: string, one: object[], other: object[]][] = [
  ['system text', [says('system', 'Be brief.'), QUESTION], [says('system', 'Be verbose.'), QUESTION]],
  ['system or developer', [says('system', 'Be brief.'), QUESTION], [says('developer', 'Be brief.'), QUESTION]],
  ['an earlier question', [says('user', 'Hi'), QUESTION], [says('user', 'Hello'), QUESTION]],
  ['an earlier answer', [says('assistant', 'Yes'), QUESTION], [says('assistant', 'No'), QUESTION]],
  ['one turn more', [QUESTION], [says('assistant', 'Yes'), QUESTION]],
  ['the order of turns', [HELLO, says('user', 'Hi'), QUESTION], [says('user', 'Hi'), HELLO, QUESTION]],
  ['the spaces of an earlier turn', [says('user', 'Hi'), QUESTION], [says('user', 'Hi '), QUESTION]],
  ['the line ends of an earlier turn', [says('user', 'a\nb'), QUESTION], [says('user', 'a\r\nb'), QUESTION]],
  ['the bytes of an earlier turn', [says('user', '\u00e9'), QUESTION], [says('user', 'e\u0301'), QUESTION]],
  ['the name of an earlier speaker', [{ ...HELLO, name: 'ann' }, QUESTION], [{ ...HELLO, name: 'bob' }, QUESTION]],
  ['the name of who asks', [{ ...QUESTION, name: 'ann' }], [{ ...QUESTION, name: 'bob' }]],
  ['a tool result', [result('4.1 %'), QUESTION], [result('4.2 %'), QUESTION]],
  ['the call that a tool result is for', [result('4 %', 'call_1'), QUESTION], [result('4 %', 'call_2'), QUESTION]],
  ['the arguments of an earlier tool call', [call('{"years":30}'), QUESTION], [call('{"years":15}'), QUESTION]],
  ['an invented field of an earlier message', [{ ...HELLO, mood: 1 }, QUESTION], [{ ...HELLO, mood: 2 }, QUESTION]],
  ['an invented field of the last message', [{ ...QUESTION, mood: 1 }], [{ ...QUESTION, mood: 2 }]],
  ['a field __proto__ of a message', [{ ...QUESTION, ['__proto__']: 1 }], [{ ...QUESTION, ['__proto__']: 2 }]],
  ['the words of the question', [says('user', 'What is a mortgage?')], [says('user', 'What is a loan?')]],
  ['the case of the question', [says('user', 'What is IT?')], [says('user', 'What is it?')]],
  ['a raised digit of the question', [says('user', 'What is 2²?')], [says('user', 'What is 22?')]],
  ['a space inside the question', [says('user', 'is a b')], [says('user', 'is ab')]],
]

/** What a question may consist of, or bring along. */
const parts: [what: string, one: object[], other: object[]][] = [
  ['where the question is split', [text('ab'), text('c')], [text('a'), text('bc')]],
  ['the order of parts', [text('a'), text('b')], [text('b'), text('a')]],
  ['the place of an image', [text('a'), image('AAAA'), text('b')], [text('a'), text('b'), image('AAAA')]],
  ['an image', [text('a'), image('AAAA')], [text('a'), image('AAAB')]],
  ['the detail of an image', [image('AAAA', { detail: 'low' })], [image('AAAA', { detail: 'high' })]],
  ['a sound', [text('a'), sound('AAAA')], [text('a'), sound('AAAB')]],
  ['a file', [text('a'), file('AAAA')], [text('a'), file('AAAB')]],
  ['an invented kind of part', [text('a'), { type: 'smell', smell: 1 }], [text('a'), { type: 'smell', smell: 2 }]],
  ['an invented field of a part', [{ ...text('a'), mood: 1 }], [{ ...text('a'), mood: 2 }]],
]

/** None of these can change the answer. */
const ignored: [field: string, value: unknown][] = [
  ['user', 'ann'],
  ['safety_identifier', 'ann'],
  ['prompt_cache_key', 'k'],
  ['prompt_cache_retention', '24h'],
  ['prompt_cache_options', { ttl: '24h' }],
  ['stream', true],
  ['stream', false],
  ['stream_options', { include_usage: true, include_obfuscation: false }],
  ['metadata', { team: 'a' }],
  ['store', false],
  ['service_tier', 'flex'],
  ['cache', { tags: ['a'], ttl: 60, threshold: 0.5, match: 'exact', mode: 'no-cache' }],
]

/** Each says the same in other words. */
const equal: [what: string, one: object | string, other: object | string][] = [
  ['null and absent', BASE, { ...BASE, temperature: null, tools: null, seed: null, a_field_of_tomorrow: null }],
  ['null and absent in a message', saying(QUESTION), saying({ ...QUESTION, name: null, mood: null })],
  ['null and absent in a part', asking([text('a')]), asking([{ ...text('a'), mood: null }])],
  ['no cache controls and null', BASE, { ...BASE, cache: null }],
  ['one choice and the default', BASE, { ...BASE, n: 1 }],
  ['no log probabilities and the default', BASE, { ...BASE, logprobs: false }],
  ['text format and the default', BASE, { ...BASE, response_format: { type: 'text' } }],
  ['text and its one text part, in the question', asking('Hi'), asking([text('Hi')])],
  ['text and its one text part, in an earlier turn', after('Hi'), after([text('Hi')])],
  ['a part with and without a cache breakpoint', asking([text('Hi')]), asking([MARKED])],
  ['an earlier part with and without a cache breakpoint', after([text('Hi')]), after([MARKED])],
  ['spaces around the question', asking('Hi'), asking(' \n Hi\t\n')],
  ['line ends of the question', asking('a\nb'), asking('a\r\nb')],
  ['ways to write marks in the question', asking('caf\u00e9'), asking('cafe\u0301')],
  ['the order of fields', { ...BASE, seed: 1, stop: 'END' }, { stop: 'END', seed: 1, ...BASE }],
  ['the order of fields further in', saying(QUESTION), saying({ content: QUESTION.content, role: 'user' })],
  ['ways to write a number', body('"temperature":0.50'), body('"temperature":5e-1')],
]

it.each(fields)('tells requests apart by %s', (field, one, other) => {
  const ids = [BASE, withField(field, one), withField(field, other)].map(idOf)
  expect(new Set(ids).size).toBe(3)
})

it.each(messages)('tells requests apart by %s', (_, one, other) => {
  expect(idOf(saying(...one))).not.toBe(idOf(saying(...other)))
})

it.each(parts)('tells questions apart by %s', (_, one, other) => {
  expect(idOf(asking(one))).not.toBe(idOf(asking(other)))
})

it.each([
  ['max_tokens', 'max_completion_tokens', 10],
  ['tools', 'functions', [TOOL]],
  ['function_call', 'tool_choice', 'auto'],
])('does not take %s for %s', (one, other, value) => {
  expect(idOf(withField(one, value))).not.toBe(idOf(withField(other, value)))
})

it.each(ignored)('gives requests that differ in %s the same key', (field, value) => {
  expect(idOf(withField(field, value))).toBe(idOf(BASE))
})

it.each(equal)('gives %s the same key', (_, one, other) => {
  expect(idOf(one)).toBe(idOf(other))
})

function idOf(body: object | string): string {
  return keyOf(callOf(body), 'upstream', undefined).id
}

/** A body as text, for what `JSON.stringify` cannot write. */
function body(members: string): string {
  return `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],${members}}`
}

function withField(field: string, value: unknown): object {
  return { ...BASE, [field]: value }
}

function saying(...messages: object[]): object {
  return { ...BASE, messages }
}

function after(content: unknown): object {
  return saying(says('user', content), QUESTION)
}

function schema(schema: object): object {
  return { type: 'json_schema', json_schema: { name: 'a', schema } }
}
