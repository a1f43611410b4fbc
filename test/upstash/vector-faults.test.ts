import { expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'

const query = { vector: [1, 0], topK: 1 }

it('fails with a status until it is told otherwise', async () => {
  const { server, index } = await openVector()
  server.faults.set({ status: 429 })
  await expect(index.query(query)).rejects.toThrow('Too Many Requests')
  server.faults.set({})
  expect(await index.query(query)).toEqual([])
})

it('answers with a page that is no JSON', async () => {
  const { server, index } = await openVector()
  server.faults.set({ html502: true })
  await expect(index.query(query)).rejects.toThrow(SyntaxError)
})

it('hangs until the client gives up', async () => {
  const { server, connect } = await openVector()
  server.faults.set({ hang: true })
  const index = connect({ signal: () => AbortSignal.timeout(50) })
  await expect(index.query(query)).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }))
  expect(server.requests.count('query')).toBe(1)
})

it('closes while a request hangs', async () => {
  const { server, index } = await openVector()
  server.faults.set({ hang: true })
  const asked = index.query(query).catch((error: Error) => error.message)
  await expect.poll(() => server.requests.count()).toBe(1)
  await server.close()
  expect(await asked).toBe('fetch failed')
})

it('resets the connection', async () => {
  const { server, index } = await openVector()
  server.faults.set({ reset: true })
  await expect(index.query(query)).rejects.toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ code: 'ECONNRESET' }) }),
  )
})

it('takes its time', async () => {
  const { server, connect } = await openVector()
  server.faults.set({ latencyMs: 30 })
  const startedAt = performance.now()
  expect(await connect().query(query)).toEqual([])
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29)
})

it('fails a share of the requests, the same for the same seed', async () => {
  const { server, index } = await openVector()
  const failures = async (seed: number) => {
    server.faults.set({ failShare: 0.3, seed })
    const asked = Array.from(
      { length: 100 },
      () => () =>
        index.query(query).then(
          () => '.',
          () => 'x',
        ),
    )
    const outcomes: string[] = []
    for (const ask of asked) outcomes.push(await ask())
    return outcomes.join('')
  }
  const first = await failures(7)
  expect(first.match(/x/g)?.length).toBeGreaterThan(15)
  expect(first.match(/x/g)?.length).toBeLessThan(45)
  expect(await failures(7)).toBe(first)
  expect(await failures(8)).not.toBe(first)
})

it('refuses more vectors than it has room for, but not new versions of old ones', async () => {
  const { server, index } = await openVector()
  server.faults.set({ capacity: 1 })
  await index.upsert({ id: 'a', vector: [1, 0] })
  await expect(index.namespace('ns').upsert({ id: 'b', vector: [1, 0] })).rejects.toThrow('full')
  expect(await index.upsert({ id: 'a', vector: [0, 1] })).toBe('Success')
  expect(await index.listNamespaces()).toEqual([''])
})
