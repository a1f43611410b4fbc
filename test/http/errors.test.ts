import { expect, it } from 'vitest'
import { QUESTION, aRequest, world } from '../support/world.ts'

const asking = (members: object) => JSON.stringify({ ...aRequest(QUESTION), ...members })

it.each<[string, string, string | null, string]>([
  ['is not JSON', '{"model":', null, 'invalid_json'],
  ['is empty', '', null, 'invalid_json'],
  ['is no object', '"hello"', null, 'invalid_request'],
  ['names no model', asking({ model: undefined }), 'model', 'invalid_request'],
  ['names a model that is no text', asking({ model: 4 }), 'model', 'invalid_request'],
  ['has no messages', asking({ messages: [] }), 'messages', 'invalid_request'],
  ['has messages that are no list', asking({ messages: 'Hi' }), 'messages', 'invalid_request'],
  ['has a message without a role', asking({ messages: [{ content: 'Hi' }] }), 'messages[0].role', 'invalid_request'],
  [
    'has content of a wrong type',
    asking({ messages: [{ role: 'user', content: 7 }] }),
    'messages[0].content',
    'invalid_request',
  ],
  ['has a stream of a wrong type', asking({ stream: 'yes' }), 'stream', 'invalid_request'],
  ['has an n that is not whole', asking({ n: 1.5 }), 'n', 'invalid_request'],
  ['has controls of no object', asking({ cache: 'off' }), 'cache', 'invalid_directive'],
  ['has a control of a wrong type', asking({ cache: { ttl: '60' } }), 'cache.ttl', 'invalid_directive'],
  ['has an unknown control', asking({ cache: { tll: 60 } }), 'cache.tll', 'invalid_directive'],
])('refuses a body that %s, naming the field at fault', async (_, body, param, code) => {
  const { post, calls } = world()
  const response = await post('/chat/completions', body)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: { message: expect.stringMatching(/\w/), type: 'invalid_request_error', param, code },
  })
  expect(calls).toEqual([])
})

it.each([
  ['Reprise-TTL', '-1'],
  ['Reprise-TTL', 'an hour'],
  ['Reprise-Threshold', '1.1'],
  ['Reprise-Threshold', 'high'],
  ['Reprise-Match', 'fuzzy'],
  ['Reprise-Namespace', 'no spaces'],
  ['Reprise-Namespace', 'x'.repeat(65)],
  ['Reprise-Tags', Array.from({ length: 17 }, (_, at) => `t${at}`).join()],
  ['Reprise-Session', 'a/b'],
  ['Cache-Control', 'max-age=soon'],
  ['Cache-Control', 'max-age'],
  ['Cache-Control', 'max-stale=-1'],
])('refuses the header %s: %s, naming it', async (name, value) => {
  const { ask, calls } = world()
  const response = await ask(QUESTION, { [name]: value })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: {
      message: expect.stringContaining(name),
      type: 'invalid_request_error',
      param: name,
      code: 'invalid_directive',
    },
  })
  expect(calls).toEqual([])
})

it('refuses a misspelt control rather than do nothing', async () => {
  const { ask } = world()
  expect((await ask(QUESTION, { 'reprise-treshold': '0.9' })).status).toBe(400)
})

it('ignores directives of Cache-Control that it does not know', async () => {
  const { ask } = world()
  expect((await ask(QUESTION, { 'cache-control': 'stale-if-error=60, private' })).status).toBe(200)
})

it.each<[string, string | ReadableStream, Record<string, string>]>([
  ['says beforehand that it is', asking({ padding: 'x'.repeat(2000) }), { 'content-length': '2000' }],
  ['does not say how long it is', asking({ padding: 'x'.repeat(2000) }), {}],
  ['comes in many chunks', manyChunks(100), {}],
])('refuses a body that is too large and %s', async (_, body, headers) => {
  const { app, calls } = world({ service: { maxBodyBytes: 1000 } })
  const init = { method: 'POST', headers, body, duplex: 'half' }
  const response = await app.request('/v1/chat/completions', init as RequestInit)
  expect(response.status).toBe(413)
  expect(await response.json()).toEqual({
    error: {
      message: 'the request body is larger than 1000 bytes',
      type: 'invalid_request_error',
      param: null,
      code: 'request_too_large',
    },
  })
  expect(calls).toEqual([])
})

it('takes a body that is just as large as it may be', async () => {
  const body = asking({ padding: 'ü' })
  const { post } = world({ service: { maxBodyBytes: Buffer.byteLength(body) } })
  expect((await post('/chat/completions', body)).status).toBe(200)
})

it('reads characters that are cut in two between chunks', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(aRequest('Où est la clé ?')))
  const { app, ask } = world()
  const body = ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)))
  await app.request('/v1/chat/completions', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect((await ask('Où est la clé ?', { 'cache-control': 'only-if-cached' })).status).toBe(200)
})

it.each([
  ['GET', '/v1/cache/nowhere'],
  ['POST', '/v1/cache'],
  ['DELETE', '/v1/admin/tenants'],
  ['GET', '/nowhere'],
])('knows no %s %s', async (method, path) => {
  const { app, calls } = world()
  const response = await app.request(path, { method })
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    error: {
      message: `unknown URL (${method} ${path})`,
      type: 'invalid_request_error',
      param: null,
      code: 'unknown_url',
    },
  })
  expect(calls).toEqual([])
})

it('tells nobody what went wrong inside', async () => {
  const { app } = world({
    service: {
      sizes: () => Promise.reject(new Error('secret: disk 7 of host 10.0.0.3 is full')),
    },
  })
  const response = await app.request('/v1/cache/stats')
  expect(response.status).toBe(500)
  expect(await response.json()).toEqual({
    error: { message: 'internal error', type: 'server_error', param: null, code: 'internal_error' },
  })
})

function manyChunks(count: number): ReadableStream<Uint8Array> {
  return ReadableStream.from(Array.from({ length: count }, () => new Uint8Array(100).fill(32)))
}
