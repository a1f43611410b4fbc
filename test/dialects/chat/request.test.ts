import { expect, it } from 'vitest'
import { askedOf, asking } from '../../support/call.ts'
import { image, says, text } from '../../support/messages.ts'

const PLAIN = '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}'

it.each([
  PLAIN,
  ' {\n\t"messages" : [{"content":"Gr\\u00fc\\u00dfe","role":"user"}],  "model":"gpt-4o","temperature":1.0,"seed":1e2 }\n ',
  '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"stream":false,"a_field_of_tomorrow":{"b":[null]}}',
  '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"seed":9007199254740993,"__proto__":{"a":1}}',
  '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"stream":true, "stream_options": { "include_usage" : true } }',
  '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"stream_options":{"include_usage":false}}',
])('sends the model %s byte for byte', (text) => {
  expect(askedOf(text).body).toBe(text)
})

it.each([
  ['', PLAIN.slice(0, -1)],
  ['white space behind it', `${PLAIN.slice(0, -1)}\n  `],
  ['braces in its text', PLAIN.slice(0, -1).replace('Hi', '} \\"stream_options\\" }')],
  ['odd numbers', `${PLAIN.slice(0, -1)},"seed":9007199254740993,"temperature":1.0`],
])('asks for the usage of a stream without touching what else there is, %s', (_, members) => {
  const { body } = askedOf(`${members},"stream":true}\r\n\t `)
  expect(body).toBe(`${members},"stream":true,"stream_options":{"include_usage":true}}`)
})

it.each([
  [null, { include_usage: true }],
  [{}, { include_usage: true }],
  [{ include_usage: false }, { include_usage: true }],
  [{ include_usage: null }, { include_usage: true }],
  [{ include_obfuscation: false }, { include_obfuscation: false, include_usage: true }],
  [
    { include_obfuscation: false, new: 1 },
    { include_obfuscation: false, new: 1, include_usage: true },
  ],
])('asks for the usage of a stream whose options are %j', (given, sent) => {
  const { body } = askedOf(asking('Hi', { stream: true, stream_options: given }))
  expect(JSON.parse(body)).toEqual({ ...asking('Hi'), stream: true, stream_options: sent })
})

it.each([PLAIN.slice(0, -1), `${PLAIN.slice(0, -1)},"stream_options":{"include_obfuscation":false}`])(
  'adds nothing to a stream that is only passed on: %s',
  (members) => {
    expect(askedOf(`${members}, "stream":true }\n`).bodyToPass).toBe(`${members}, "stream":true }\n`)
  },
)

it('takes controls out of what is only passed on', () => {
  const { bodyToPass } = askedOf(asking('Hi', { cache: { mode: 'no-store' }, stream: true }))
  expect(JSON.parse(bodyToPass)).toEqual(asking('Hi', { stream: true }))
})

it.each([
  [{ stream: true }, false, false],
  [{ stream: true, stream_options: null }, false, false],
  [{ stream: true, stream_options: { include_usage: false, include_obfuscation: true } }, false, false],
  [{ stream: true, stream_options: { include_usage: true } }, true, false],
  [{ stream: true, stream_options: { include_obfuscation: false } }, false, true],
])('notes what the listener of %j wants to hear', (more, wantsUsage, refusesPadding) => {
  expect(askedOf(asking('Hi', more))).toMatchObject({ streamed: true, wantsUsage, refusesPadding })
})

it.each([{}, { stream: false }, { stream: null }])('takes %j for no stream', (more) => {
  expect(askedOf(asking('Hi', more)).streamed).toBe(false)
})

it.each([
  ['controls', { ttl: 60 }],
  ['no controls', {}],
  ['null', null],
])('does not let the model see a member `cache` of %s', (_, cache) => {
  expect(JSON.parse(askedOf(asking('Hi', { cache })).body)).toEqual(asking('Hi'))
})

it('takes controls out and asks for usage at once', () => {
  const { body } = askedOf(asking('Hi', { cache: {}, stream: true, stream_options: { include_obfuscation: false } }))
  const stream_options = { include_obfuscation: false, include_usage: true }
  expect(JSON.parse(body)).toEqual({ ...asking('Hi'), stream: true, stream_options })
})

it('leaves a member `cache` further in to the model', () => {
  const body = { ...asking('Hi'), metadata: { cache: 'yes' } }
  expect(askedOf(body).body).toBe(JSON.stringify(body))
})

it.each(['"cache":{}', '"stream":true', '"stream":true,"stream_options":null', '"cache":{},"stream":true'])(
  'sends integers beyond 2^53 as they were written, in a body with %s',
  (more) => {
    const { body } = askedOf(
      `${PLAIN.slice(0, -1)},"seed":-123456789012345678901,"a":[{"n":9007199254740993}],${more}}`,
    )
    expect(body).toContain('"seed":-123456789012345678901,"a":[{"n":9007199254740993}]')
  },
)

it('sends members by any name, in a body that is written anew', () => {
  const { body } = askedOf(`${PLAIN.slice(0, -1)},"cache":{},"__proto__":{"a":1},"constructor":2}`)
  expect(body).toBe(`${PLAIN.slice(0, -1)},"__proto__":{"a":1},"constructor":2}`)
})

it.each([
  ['text', 'What is it?', 'What is it?'],
  ['parts', [text('What is'), text('it?')], 'What is\nit?'],
  ['parts with others between', [text('What is'), image('AAAA'), text('it?')], 'What is\nit?'],
  ['text with space around it', '\n What\r\nis it? \t', 'What\nis it?'],
  ['text with odd line ends', 'a\rb\n\rc', 'a\rb\n\rc'],
  ['text in letters with marks', 'cafe\u0301', 'caf\u00e9'],
  ['digits in a long row', '12345678901234567890', '12345678901234567890'],
])('reads a question of %s', (_, content, question) => {
  expect(askedOf(asking(content)).question).toBe(question)
})

it('reads the last message only', () => {
  const messages = ['system', 'user', 'assistant', 'user'].map((role) => says(role, `by the ${role}`))
  expect(askedOf(asking('', { messages })).words).toEqual(['by the user'])
})

it.each(['system', 'developer', 'assistant', 'tool', 'function'])(
  'reads no question from a last word of %s',
  (role) => {
    expect(askedOf(asking('', { messages: [says(role, 'Hi')] }))).toMatchObject({ question: '', words: [] })
  },
)

it.each([
  ['json_object', true],
  ['json_schema', true],
  ['text', false],
])('notes whether %s must be JSON', (type, wantsJson) => {
  expect(askedOf(asking('Hi', { response_format: { type } })).wantsJson).toBe(wantsJson)
})

it.each([
  ['model', { model: undefined }],
  ['model', { model: '' }],
  ['model', { model: 4 }],
  ['messages', { messages: undefined }],
  ['messages', { messages: [] }],
  ['messages', { messages: 'Hi' }],
  ['messages[0].role', { messages: [{ content: 'Hi' }] }],
  [
    'messages[1].content',
    {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'user', content: 7 },
      ],
    },
  ],
  ['messages[0]', { messages: ['Hi'] }],
  ['stream', { stream: 'yes' }],
  ['stream_options.include_usage', { stream_options: { include_usage: 1 } }],
  ['n', { n: 0 }],
  ['n', { n: 1.5 }],
  ['temperature', { temperature: '1' }],
  ['tools[0].type', { tools: [{}] }],
  ['response_format.type', { response_format: {} }],
  ['store', { store: 'true' }],
])('names the field at fault: %s', (param, more) => {
  expect(() => askedOf(asking('Hi', more))).toThrow(
    expect.objectContaining({ status: 400, code: 'invalid_request', param, message: expect.stringContaining(param) }),
  )
})

it('names all the fields at fault at once', () => {
  expect(() => askedOf('{"model":4,"messages":[]}')).toThrow(/model: .*; messages: /)
})

it.each(['', '{', '{"model":"gpt-4o",}', `${PLAIN}${PLAIN}`, 'NaN'])('refuses %j as no JSON', (text) => {
  expect(() => askedOf(text)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_json' }))
})

it.each(['null', '[]', '"Hi"', '1'])('refuses %s as no request', (text) => {
  expect(() => askedOf(text)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_request', param: null }))
})
