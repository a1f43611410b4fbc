import { expect, it } from 'vitest'
import { END, type Send, completion, delta, inTurn, json, says, streaming } from '../support/model.ts'
import { QUESTION, aRequest, detail, heard, said, world } from '../support/world.ts'

const RATE_LIMIT =
  '{ "error": { "message": "Rate limit reached", "type": "requests", "param": null, "code": "rate_limit_exceeded" } }'

it.each<[number, string, Record<string, string>]>([
  [
    429,
    RATE_LIMIT,
    { 'retry-after-ms': '1200', 'retry-after': '2', 'x-should-retry': 'true', 'x-request-id': 'req_1' },
  ],
  [401, '{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}', { 'x-request-id': 'req_2' }],
  [500, '{"error":{"message":"The server had an error"}}', {}],
  [502, '<html><h1>502 Bad Gateway</h1></html>', { 'content-type': 'text/html', 'cf-ray': '8f1' }],
])("gives the model's error as it came: %i", async (status, body, headers) => {
  const { ask } = world({ model: async () => new Response(body, { status, headers }) })
  const response = await ask(QUESTION)
  expect(response.status).toBe(status)
  expect(await response.text()).toBe(body)
  expect(Object.fromEntries(response.headers)).toMatchObject(headers)
})

it('keeps no error', async () => {
  const { ask } = world({ model: inTurn(async () => new Response(RATE_LIMIT, { status: 429 }), says('Paris.')) })
  await ask(QUESTION)
  expect(await said(await ask(QUESTION))).toBe('Paris.')
})

it('never tries again on its own', async () => {
  const { ask, calls } = world({ model: async () => new Response(RATE_LIMIT, { status: 429 }) })
  await ask(QUESTION)
  expect(calls).toHaveLength(1)
})

it("counts the model's errors", async () => {
  const { ask, stats } = world({ model: async () => new Response(RATE_LIMIT, { status: 429 }) })
  await ask(QUESTION)
  expect((await stats()).failures.by_name).toEqual({ 'model.429': 1 })
})

it.each<[string, Record<string, string>]>([
  ['for an answer to keep', {}],
  ['for one that is not to be kept', { 'cache-control': 'no-store' }],
])('says that the model cannot be reached, asked %s', async (_, headers) => {
  const { ask } = world({ model: () => Promise.reject(new TypeError('fetch failed')) })
  const response = await ask(QUESTION, headers)
  expect(response.status).toBe(502)
  expect(await response.json()).toEqual({
    error: {
      message: 'the model could not be reached',
      type: 'server_error',
      param: null,
      code: 'upstream_unreachable',
    },
  })
})

it('says that the model did not answer in time', async () => {
  const { ask } = world({ limits: { modelTimeoutMs: 1 }, model: (_, { signal }) => refusalOf(signal!) })
  const response = await ask(QUESTION)
  expect(response.status).toBe(504)
  expect(await response.json()).toEqual({
    error: {
      message: 'the model did not answer in time',
      type: 'server_error',
      param: null,
      code: 'upstream_timeout',
    },
  })
})

it('says that a whole answer broke off', async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"id":"chatcmpl-1"'))
      controller.error(new Error('connection lost'))
    },
  })
  const { ask } = world({ model: async () => new Response(broken) })
  const response = await ask(QUESTION)
  expect(response.status).toBe(502)
  expect(await response.json()).toMatchObject({ error: { type: 'server_error', code: 'upstream_broke_off' } })
})

it("ends a stream with the model's own words when it reports an error", async () => {
  const error = '{"error":{"message":"overloaded","type":"server_error","param":null,"code":"overloaded"}}'
  const { hear } = world({ model: async () => streaming([delta('Par'), `data: ${error}\n\n`]) })
  expect((await heard(await hear(QUESTION))).slice(1)).toEqual([error])
})

it('asks for the token counts of a stream whether the caller does or not', async () => {
  const { hear, calls } = world()
  await hear(QUESTION)
  const stream_options = { include_usage: true }
  expect(JSON.parse(calls[0]!.body as string)).toEqual(aRequest(QUESTION, { stream: true, stream_options }))
})

it.each(['', 'max-age=0', 'no-store'])('does not tell the token counts of a stream unasked: %s', async (control) => {
  const { hear } = world()
  const text = await (await hear(QUESTION, { 'cache-control': control })).text()
  expect(text).not.toContain('usage')
  expect(text).not.toContain('"choices":[]')
})

it.each(['no-cache', 'no-store', 'max-age=60'])('tells the token counts of a stream if asked: %s', async (control) => {
  const { ask, hear } = world()
  await ask(QUESTION)
  const response = await hear(QUESTION, { 'cache-control': control }, { stream_options: { include_usage: true } })
  const events = await heard(response)
  expect(JSON.parse(events.at(-2)!)).toMatchObject({ choices: [], usage: { prompt_tokens: 14, completion_tokens: 3 } })
  for (const event of events.slice(0, -2)) expect(JSON.parse(event)).toHaveProperty('usage', null)
})

it('streams an answer that came whole although a stream was asked for', async () => {
  const { hear, ask } = world({ model: async () => json(completion('Paris.')) })
  const response = await hear(QUESTION)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(await said(response)).toBe('Paris.')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('gives whole an answer that came as a stream although none was asked for', async () => {
  const model: Send = async () => streaming([delta('Par'), delta('is.'), ...END])
  const { ask } = world({ model })
  const response = await ask(QUESTION)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await said(response)).toBe('Paris.')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('never ends well a stream of which no completion came', async () => {
  const { hear, entries } = world({ model: async () => new Response('<html>It works!</html>') })
  const events = await heard(await hear(QUESTION))
  expect(events.map((event) => Object.keys(JSON.parse(event)))).toEqual([['error']])
  expect(await entries()).toEqual([])
})

/** Waits until it is told to give up. */
function refusalOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason))
  return promise
}
