import { expect, it } from 'vitest'
import type { Send } from '../support/model.ts'
import { world } from '../support/world.ts'

it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])(
  'passes on a %s with its path and query',
  async (method) => {
    const { app, calls } = world({ model: async () => new Response('ok') })
    await app.request('/v1/files/file-1/content?limit=2&after=a%2Fb&flag', { method })
    expect(calls).toMatchObject([{ method, path: '/files/file-1/content?limit=2&after=a%2Fb&flag' }])
  },
)

it.each([
  '/models/ft%3Agpt-4o%2Fmine',
  '/files/a%20b%25c',
  '/files/..%5C..%5Cadmin',
  '/files/%E2%82%AC',
  '/chat/completions/chatcmpl-1',
  '/chat/completions/',
  '/cached',
])('passes on the path %s letter for letter', async (path) => {
  const { app, calls } = world({ model: async () => new Response('ok') })
  await app.request(`/v1${path}`)
  expect(calls.map((call) => call.path)).toEqual([path])
})

it('passes on models as the upstream lists them', async () => {
  const models = '{"object":"list","data":[{"id":"gpt-4o-mini"}]}'
  const headers = { 'content-type': 'application/json', 'x-request-id': 'req_upstream' }
  const { app } = world({ model: async () => new Response(models, { headers }) })
  const response = await app.request('/v1/models')
  expect(await response.text()).toBe(models)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...headers,
    'cache-status': 'reprise; fwd=bypass; detail=pass-through',
  })
})

it('passes on a GET of kept completions, which is no question', async () => {
  const { app, calls } = world({ model: async () => new Response('{"data":[]}') })
  expect((await app.request('/v1/chat/completions?limit=1')).status).toBe(200)
  expect(calls).toMatchObject([{ method: 'GET', path: '/chat/completions?limit=1' }])
})

it('passes on bytes as they are, both ways', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
  const echo: Send = async (_, { body }) => new Response(body ?? null)
  const { app } = world({ model: echo })
  const response = await app.request('/v1/audio/transcriptions', { method: 'POST', body: bytes })
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
})

it('passes on a body as it comes, without waiting for its end', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const echo: Send = async (_, { body }) => new Response(body ?? null)
  const { app } = world({ model: echo })
  const init = { method: 'POST', body: readable, duplex: 'half' }
  const response = await app.request('/v1/files', init as RequestInit)
  const reader = response.body!.getReader()
  for (const part of ['first', 'second']) {
    const reading = reader.read()
    await writer.write(new TextEncoder().encode(part))
    expect(new TextDecoder().decode((await reading).value)).toBe(part)
  }
  await writer.close()
  expect((await reader.read()).done).toBe(true)
})

it('takes bodies of any length', async () => {
  const { app } = world({ model: async () => new Response('ok'), service: { maxBodyBytes: 10 } })
  expect((await app.request('/v1/files', { method: 'POST', body: 'x'.repeat(1000) })).status).toBe(200)
})

it.each([204, 304])('passes on a status %i, which has no body', async (status) => {
  const { app } = world({ model: async () => new Response(null, { status, headers: { etag: '"1"' } }) })
  const response = await app.request('/v1/files/file-1', { method: 'DELETE' })
  expect(response.status).toBe(status)
  expect(response.body).toBeNull()
  expect(response.headers.get('etag')).toBe('"1"')
})

it("passes on the upstream's errors as they are", async () => {
  const { app } = world({ model: async () => new Response('{"error":{}}', { status: 404 }) })
  const response = await app.request('/v1/responses/resp_1')
  expect([response.status, await response.text()]).toEqual([404, '{"error":{}}'])
})

it('says that the upstream cannot be reached', async () => {
  const { app } = world({ model: () => Promise.reject(new TypeError('fetch failed')) })
  const response = await app.request('/v1/models')
  expect(response.status).toBe(502)
  expect(await response.json()).toMatchObject({ error: { type: 'server_error', code: 'upstream_unreachable' } })
})

it('passes on neither secrets nor what is between the caller and us', async () => {
  const { app, calls } = world({ model: async () => new Response('ok') })
  await app.request('/v1/files', {
    method: 'POST',
    body: 'x',
    headers: {
      authorization: 'Bearer secret',
      cookie: 'session=secret',
      'cache-control': 'no-cache',
      'reprise-ttl': '60',
      'accept-encoding': 'br',
      connection: 'close',
      'content-type': 'multipart/form-data; boundary=x',
      'openai-beta': 'assistants=v2',
    },
  })
  expect(Object.fromEntries(calls[0]!.headers)).toEqual({
    'content-type': 'multipart/form-data; boundary=x',
    'openai-beta': 'assistants=v2',
  })
})

it('passes back neither cookies nor an encoding that no longer holds', async () => {
  const headers = { 'content-encoding': 'gzip', 'content-length': '9', 'set-cookie': 'a=b', connection: 'close' }
  const { app } = world({ model: async () => new Response('ok', { headers }) })
  const names = [...(await app.request('/v1/models')).headers.keys()]
  for (const name of Object.keys(headers)) expect(names).not.toContain(name)
})

it('keeps the length of a body that came as it was sent', async () => {
  const { app } = world({ model: async () => new Response('ok', { headers: { 'content-length': '2' } }) })
  expect((await app.request('/v1/models')).headers.get('content-length')).toBe('2')
})

it('neither keeps nor looks up what passes through', async () => {
  const { app, calls, entries } = world({ model: async () => new Response('{}') })
  for (let turn = 0; turn < 2; turn++) await app.request('/v1/moderations', { method: 'POST', body: '{"input":"Hi"}' })
  expect(calls).toHaveLength(2)
  expect(await entries()).toEqual([])
})

it('lets go of the upstream when the caller does', async () => {
  const leaving = new AbortController()
  const { app, calls } = world({ model: async () => new Response('ok') })
  await app.request('/v1/files', { signal: leaving.signal })
  leaving.abort()
  expect(calls[0]!.signal?.aborted).toBe(true)
})
