import { expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'

async function openSlow() {
  let now = 1_000_000
  const opened = await openVector({ visibilityDelayMs: 500, clock: () => now })
  const found = async () => (await opened.index.query({ vector: [1, 0], topK: 9 })).map(({ id }) => id)
  return { ...opened, found, advance: (ms: number) => void (now += ms) }
}

it('shows queries what was upserted after the delay, to the millisecond', async () => {
  const { index, found, advance } = await openSlow()
  await index.upsert({ id: 'a', vector: [1, 0] })
  advance(499)
  expect(await found()).toEqual([])
  advance(1)
  expect(await found()).toEqual(['a'])
})

it('gives it out by id at once', async () => {
  const { index } = await openSlow()
  await index.upsert({ id: 'a', vector: [1, 0] })
  expect(await index.fetch(['a'])).toEqual([{ id: 'a' }])
  expect((await index.range({ cursor: 0, limit: 1 })).vectors).toEqual([{ id: 'a' }])
})

it('counts it as pending until then', async () => {
  const { index, advance } = await openSlow()
  await index.upsert([1, 2].map((id) => ({ id, vector: [1, 0] })))
  await index.namespace('ns').upsert({ id: 3, vector: [1, 0] })
  expect(await index.info()).toMatchObject({
    vectorCount: 0,
    pendingVectorCount: 3,
    namespaces: { '': { vectorCount: 0, pendingVectorCount: 2 }, ns: { vectorCount: 0, pendingVectorCount: 1 } },
  })
  advance(500)
  expect(await index.info()).toMatchObject({
    vectorCount: 3,
    pendingVectorCount: 0,
    namespaces: { '': { vectorCount: 2, pendingVectorCount: 0 }, ns: { vectorCount: 1, pendingVectorCount: 0 } },
  })
})

it('shows queries the old record until the new one is visible', async () => {
  const { index, advance } = await openSlow()
  await index.upsert({ id: 'a', vector: [1, 0], metadata: { version: 1 } })
  advance(500)
  await index.upsert({ id: 'a', vector: [0, 1], metadata: { version: 2 } })
  const query = { vector: [1, 0], topK: 1, includeMetadata: true }
  expect(await index.query(query)).toEqual([{ id: 'a', score: 1, metadata: { version: 1 } }])
  advance(500)
  expect(await index.query(query)).toEqual([{ id: 'a', score: 0.5, metadata: { version: 2 } }])
})

it('never shows what was deleted before it was visible', async () => {
  const { index, found, advance } = await openSlow()
  await index.upsert({ id: 'a', vector: [1, 0] })
  expect(await index.delete('a')).toEqual({ deleted: 1 })
  advance(500)
  expect(await found()).toEqual([])
  expect((await index.info()).pendingVectorCount).toBe(0)
})

it('hides what was deleted at once', async () => {
  const { index, found, advance } = await openSlow()
  await index.upsert({ id: 'a', vector: [1, 0] })
  advance(500)
  await index.delete('a')
  expect(await found()).toEqual([])
})

it('settles on command', async () => {
  const { server, index, found } = await openSlow()
  await index.upsert({ id: 'a', vector: [1, 0] })
  server.settle()
  expect(await found()).toEqual(['a'])
})
