import { expect, it } from 'vitest'
import { mockModel } from '../../../src/adapters/mock-model/mock-model.ts'
import { ask, choicesOf, post, writesOf } from './asking.ts'

const usage = {
  prompt_tokens: 2,
  completion_tokens: 3,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
}

const head = {
  id: 'chatcmpl-mock-1',
  created: 1_770_933_883,
  model: 'gpt-4o-mini',
  service_tier: 'default',
  system_fingerprint: 'fp_mock',
}

it('answers with a whole completion', async () => {
  const response = await ask(model(), 'France?')
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'application/json',
    'openai-processing-ms': '0',
    'x-request-id': 'req_mock_1',
  })
  expect(await response.json()).toEqual({
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'It is Paris.', refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
  })
})

it('streams a role, the words, a finish and [DONE], each in a write of its own', async () => {
  const response = await ask(model(), 'France?', { stream: true })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const { writes } = await writesOf(response)
  expect(writes.at(-1)).toBe('data: [DONE]\n\n')
  expect(writes.slice(0, -1).map(eventOf)).toEqual([
    chunk({ role: 'assistant', content: '', refusal: null }),
    chunk({ content: 'It' }),
    chunk({ content: ' is' }),
    chunk({ content: ' Paris.' }),
    chunk({}, 'stop'),
  ])
})

it('streams usage in a chunk without choices if asked, and null in all others', async () => {
  const response = await ask(model(), 'France?', { stream: true, stream_options: { include_usage: true } })
  const { writes } = await writesOf(response)
  const chunks = writes.slice(0, -1).map(eventOf)
  expect(chunks.at(-1)).toEqual({ ...head, object: 'chat.completion.chunk', choices: [], usage })
  expect(chunks.slice(0, -1)).toEqual([
    { ...chunk({ role: 'assistant', content: '', refusal: null }), usage: null },
    { ...chunk({ content: 'It' }), usage: null },
    { ...chunk({ content: ' is' }), usage: null },
    { ...chunk({ content: ' Paris.' }), usage: null },
    { ...chunk({}, 'stop'), usage: null },
  ])
})

it('streams n choices in turn', async () => {
  const response = await ask(model(), 'France?', { stream: true, n: 2 })
  expect(await choicesOf(response)).toMatchObject([
    { index: 0, delta: { role: 'assistant' } },
    { index: 1, delta: { role: 'assistant' } },
    { index: 0, delta: { content: 'It' } },
    { index: 1, delta: { content: 'It' } },
    { index: 0, delta: { content: ' is' } },
    { index: 1, delta: { content: ' is' } },
    { index: 0, delta: { content: ' Paris.' } },
    { index: 1, delta: { content: ' Paris.' } },
    { index: 0, delta: {}, finish_reason: 'stop' },
    { index: 1, delta: {}, finish_reason: 'stop' },
  ])
})

it('keeps streaming the longer of two choices', async () => {
  const choices = [{ message: { content: 'one' } }, { message: { content: 'one two' } }]
  const response = await ask(mockModel({ rules: [{ text: 'hi', completion: { choices } }] }), 'hi', { stream: true })
  const streamed = (await choicesOf(response)) as { index: number; finish_reason: string | null }[]
  expect(streamed.map(({ index, finish_reason: end }) => (end ? `${index} ends` : index))).toEqual([
    0,
    1,
    0,
    1,
    '0 ends',
    1,
    '1 ends',
  ])
})

it('splits the arguments of tool calls over chunks', async () => {
  const call = { type: 'function' as const, function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }
  const custom = { id: 'call_x', type: 'custom' as const, custom: { name: 'sql', input: 'select' } }
  const completion = { choices: [{ message: { tool_calls: [call, custom] } }] }
  const response = await ask(mockModel({ rules: [{ text: 'hi', completion }] }), 'hi', { stream: true })
  expect(await choicesOf(response)).toEqual([
    choice({ role: 'assistant', content: null, refusal: null }),
    choice({
      tool_calls: [{ index: 0, id: 'call_mock_1', ...call, function: { name: 'get_weather', arguments: '' } }],
    }),
    choice({ tool_calls: [{ index: 0, function: { arguments: '{"city' } }] }),
    choice({ tool_calls: [{ index: 0, function: { arguments: '":"Par' } }] }),
    choice({ tool_calls: [{ index: 0, function: { arguments: 'is"}' } }] }),
    choice({ tool_calls: [{ index: 1, id: 'call_x', type: 'custom', custom: { name: 'sql', input: '' } }] }),
    choice({ tool_calls: [{ index: 1, custom: { input: 'select' } }] }),
    choice({}, 'tool_calls'),
  ])
})

it('streams a refusal word by word', async () => {
  const completion = { choices: [{ message: { refusal: 'I cannot.' } }] }
  const response = await ask(mockModel({ rules: [{ text: 'hi', completion }] }), 'hi', { stream: true })
  expect(await choicesOf(response)).toEqual([
    choice({ role: 'assistant', content: null, refusal: null }),
    choice({ refusal: 'I' }),
    choice({ refusal: ' cannot.' }),
    choice({}, 'stop'),
  ])
})

it('shares log probabilities out over the words and leaves none over', async () => {
  const tokens = ['Pa', 'ris', ' it', ' is', '.'].map((token, at) => ({ token, logprob: -0.5 - at, bytes: null }))
  const completion = { choices: [{ message: { content: 'Paris it is.' }, logprobs: { content: tokens } }] }
  const response = await ask(mockModel({ rules: [{ text: 'hi', completion }] }), 'hi', { stream: true })
  expect(await choicesOf(response)).toEqual([
    choice({ role: 'assistant', content: '', refusal: null }),
    { ...choice({ content: 'Paris' }), logprobs: { content: tokens.slice(0, 1), refusal: null } },
    { ...choice({ content: ' it' }), logprobs: { content: tokens.slice(1, 2), refusal: null } },
    { ...choice({ content: ' is.' }), logprobs: { content: tokens.slice(2), refusal: null } },
    choice({}, 'stop'),
  ])
})

it('streams the annotations of a message before its end', async () => {
  const annotations = [{ type: 'url_citation', url_citation: { url: 'https://example.com' } }]
  const completion = { choices: [{ message: { content: 'Paris.', annotations } }] }
  const response = await ask(mockModel({ rules: [{ text: 'hi', completion }] }), 'hi', { stream: true })
  expect((await choicesOf(response)).at(-2)).toEqual(choice({ annotations }))
})

it('streams members it does not know with the role', async () => {
  const completion = { choices: [{ message: { content: '', audio: { id: 'audio_1' } } }] }
  const response = await ask(mockModel({ rules: [{ text: 'hi', completion }] }), 'hi', { stream: true })
  expect(await choicesOf(response)).toEqual([
    choice({ role: 'assistant', content: '', refusal: null, audio: { id: 'audio_1' } }),
    choice({}, 'stop'),
  ])
})

it('counts a token for every four bytes, begun ones too', async () => {
  const response = await ask(mockModel({ rules: [{ text: 'äöüß?', answer: '' }] }), 'äöüß?')
  expect(await response.json()).toMatchObject({ usage: { prompt_tokens: 3, completion_tokens: 0 } })
})

it('keeps every space of an answer', async () => {
  const answer = ' a\n\n  b\tc \n'
  const response = await ask(mockModel({ rules: [{ text: 'hi', answer }] }), 'hi', { stream: true })
  const choices = (await choicesOf(response)) as { delta: { content?: string } }[]
  expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe(answer)
})

it('lets a rule say as much of the completion as it likes', async () => {
  const completion = {
    model: 'gpt-4o-mini-2024-07-18',
    system_fingerprint: null,
    choices: [{ finish_reason: 'length' as const }],
    usage: { prompt_tokens: 7, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } },
  }
  const rules = [{ text: 'hi', answer: 'It was a', completion }]
  expect(await (await ask(mockModel({ rules }), 'hi')).json()).toMatchObject({
    model: 'gpt-4o-mini-2024-07-18',
    system_fingerprint: null,
    choices: [{ message: { content: 'It was a' }, finish_reason: 'length' }],
    usage: { ...completion.usage, total_tokens: 16 },
  })
})

it('echoes as an object in JSON mode', async () => {
  const response = await ask(model(), 'say "hi"', { response_format: { type: 'json_object' } })
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: '{"echo":"say \\"hi\\""}' } }] })
})

it('numbers requests and completions alike', async () => {
  const twice = model()
  await ask(twice, 'one')
  const response = await ask(twice, 'two')
  expect(response.headers.get('x-request-id')).toBe('req_mock_2')
  expect(await response.json()).toMatchObject({ id: 'chatcmpl-mock-2' })
})

it('reports how long it took', async () => {
  let now = 1000
  const slow = mockModel({ clock: () => now, delay: async (ms) => void (now += ms) })
  slow.set({ latencyMs: 250 })
  const response = await ask(slow, 'hi')
  expect(response.headers.get('openai-processing-ms')).toBe('250')
})

it.each([
  ['messages', { messages: 'hi' }],
  ['messages[0].role', { messages: [{ role: 'robot', content: 'hi' }] }],
  ['model', { model: undefined }],
  ['n', { n: 0 }],
  ['stream_options', { stream_options: { include_usage: true } }],
])('refuses a request with a bad %s', async (param, bad) => {
  const response = await ask(model(), 'hi', bad)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: { message: expect.stringContaining(`'${param}'`), type: 'invalid_request_error', param, code: null },
  })
})

it('refuses a body that is not JSON', async () => {
  const response = await model().send('/chat/completions', { method: 'POST', headers: new Headers(), body: '{' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param: null } })
})

it('answers any other path with a 404 in the same shape', async () => {
  const response = await post(model(), '/responses?x=1', {})
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    error: { message: 'Invalid URL (POST /v1/responses)', type: 'invalid_request_error', param: null, code: null },
  })
})

function model() {
  return mockModel({ rules: [{ text: 'France?', answer: 'It is Paris.' }], clock: () => 1_770_933_883_900 })
}

function eventOf(write: string): unknown {
  const [, json = ''] = /^data: (.*)\n\n$/.exec(write) ?? []
  return JSON.parse(json)
}

function choice(delta: object, finish_reason: string | null = null) {
  return { index: 0, delta, logprobs: null, finish_reason }
}

function chunk(delta: object, finish?: string) {
  return { ...head, object: 'chat.completion.chunk', choices: [choice(delta, finish)] }
}
