import { expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'

it('describes the index', async () => {
  const { index } = await openVector({ dimension: 256, similarityFunction: 'DOT_PRODUCT' })
  expect(await index.info()).toEqual({
    vectorCount: 0,
    pendingVectorCount: 0,
    indexSize: expect.any(Number),
    dimension: 256,
    similarityFunction: 'DOT_PRODUCT',
    indexType: 'DENSE',
    denseIndex: { dimension: 256, similarityFunction: 'DOT_PRODUCT', embeddingModel: '' },
    namespaces: { '': { vectorCount: 0, pendingVectorCount: 0 } },
  })
})

it('lets nobody in with another token', async () => {
  const { server, connect } = await openVector()
  await expect(connect({ token: 'guess' }).info()).rejects.toThrow('Unauthorized: Invalid auth token')
  const response = await fetch(`${server.url}/info`)
  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({ error: 'Unauthorized: Invalid auth token', status: 401 })
})

it.each(['GET', 'DELETE'])('takes %s as well as POST, and no PATCH', async (method) => {
  const { server } = await openVector()
  const headers = { authorization: 'Bearer secret' }
  const statuses = [method, 'PATCH'].map(
    async (method) => (await fetch(`${server.url}/info`, { method, headers })).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 405])
})

it.each([
  { path: '/nonsense', body: '{}', status: 404 },
  { path: '/constructor', body: '{}', status: 404 },
  { path: '/query', body: '{', status: 400 },
  { path: '/query', body: '{}', status: 422 },
  { path: '/query', body: '[]', status: 422 },
])('answers $body at $path with $status', async ({ path, body, status }) => {
  const { server } = await openVector()
  const headers = { authorization: 'Bearer secret' }
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body })
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ error: expect.any(String), status })
})

it('counts requests by command, those that fail too', async () => {
  const { server, index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0] })
  await index.query({ vector: [1, 0], topK: 1 })
  server.faults.set({ status: 500 })
  await index.query({ vector: [1, 0], topK: 1 }).catch(() => {})
  expect(server.requests.count('query')).toBe(2)
  expect(server.requests.count()).toBe(3)
  server.requests.reset()
  expect(server.requests.count()).toBe(0)
})
