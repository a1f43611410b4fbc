import { FusionAlgorithm, WeightingStrategy } from '@upstash/vector'
import { describe, expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'

it.each([
  { similarityFunction: 'COSINE', scores: { same: 1, longer: 1, across: 0.5, opposite: 0 } },
  { similarityFunction: 'DOT_PRODUCT', scores: { longer: 1.5, same: 1, across: 0.5, opposite: 0 } },
  { similarityFunction: 'EUCLIDEAN', scores: { same: 1, longer: 0.5, across: 0.33333334, opposite: 0.2 } },
] as const)('scores by $similarityFunction, highest first', async ({ similarityFunction, scores }) => {
  const { index } = await openVector({ similarityFunction })
  await index.upsert([
    { id: 'opposite', vector: [-1, 0] },
    { id: 'across', vector: [0, 1] },
    { id: 'same', vector: [1, 0] },
    { id: 'longer', vector: [2, 0] },
  ])
  const found = await index.query({ vector: [1, 0], topK: 10 })
  expect(found).toEqual(Object.entries(scores).map(([id, score]) => ({ id, score })))
})

it('scores an identical vector exactly 1', async () => {
  const { index } = await openVector({ dimension: 384 })
  const vectors = Array.from({ length: 50 }, (_, nth) =>
    Array.from({ length: 384 }, (_, at) => Math.sin(nth * 384 + at)),
  )
  await index.upsert(vectors.map((vector, nth) => ({ id: nth, vector })))
  const found = await index.queryMany(vectors.map((vector) => ({ vector, topK: 1 })))
  expect(found).toEqual(vectors.map((_, nth) => [{ id: String(nth), score: 1 }]))
})

it('finds the nearest only', async () => {
  const { index, server } = await openVector()
  await index.upsert([30, 10, 20].map((id) => ({ id, vector: [100, id] })))
  expect((await index.query({ vector: [1, 0], topK: 2 })).map(({ id }) => id)).toEqual(['10', '20'])
  expect(server.requests.of('query')).toMatchObject([{ namespace: '', body: { topK: 2 } }])
})

it('finds ten if it is not told how many', async () => {
  const { index } = await openVector()
  await index.upsert(Array.from({ length: 12 }, (_, id) => ({ id, vector: [1, id] })))
  expect(await index.query({ vector: [1, 0] } as never)).toHaveLength(10)
})

it.each([0, 1001, 1.5])('refuses a topK of %d', async (topK) => {
  const { index } = await openVector()
  await expect(index.query({ vector: [1, 0], topK })).rejects.toThrow()
})

it('includes what is asked for', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0], metadata: { x: 1 }, data: 'text' })
  const query = { vector: [1, 0], topK: 1 }
  expect(await index.query(query)).toEqual([{ id: 'a', score: 1 }])
  expect(await index.query({ ...query, includeMetadata: true, includeData: true, includeVectors: true })).toEqual([
    { id: 'a', score: 1, vector: [1, 0], metadata: { x: 1 }, data: 'text' },
  ])
})

it.each([1, 2])('answers a batch of %d query or queries with as many lists', async (size) => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0] })
  const queries = Array.from({ length: size }, () => ({ vector: [1, 0], topK: 1 }))
  expect(await index.queryMany(queries)).toEqual(queries.map(() => [{ id: 'a', score: 1 }]))
})

it('answers a batch of one flat on the wire', async () => {
  const { index, server } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0] })
  const headers = { authorization: 'Bearer secret' }
  const body = JSON.stringify([{ vector: [1, 0], topK: 1 }])
  const response = await fetch(`${server.url}/query`, { method: 'POST', headers, body })
  expect(await response.json()).toEqual({ result: [{ id: 'a', score: 1 }] })
})

describe('with a filter', () => {
  const far = Array.from({ length: 100 }, (_, nth) => ({
    id: nth,
    vector: [100, nth],
    metadata: { wanted: nth === 99 },
  }))
  const query = { vector: [1, 0], topK: 5, filter: 'wanted = true', includeMetadata: true }

  it('finds only what it holds of', async () => {
    const { index } = await openVector()
    await index.upsert(far)
    expect(await index.query(query)).toMatchObject([{ id: '99', metadata: { wanted: true } }])
  })

  it('misses what lies beyond the filtering budget', async () => {
    const { index } = await openVector({ filterBudget: 99 })
    await index.upsert(far)
    expect(await index.query(query)).toEqual([])
    await index.delete('0')
    expect(await index.query(query)).toHaveLength(1)
  })

  it('has no budget to run out of otherwise', async () => {
    const { index } = await openVector({ filterBudget: 1 })
    await index.upsert(far)
    expect(await index.query({ vector: [1, 0], topK: 1000 })).toHaveLength(100)
  })

  it('refuses one that is malformed', async () => {
    const { index } = await openVector()
    await expect(index.query({ ...query, filter: 'wanted is true' })).rejects.toThrow('Invalid filter')
  })
})

it('resumes a query where it was left', async () => {
  const { index } = await openVector()
  await index.upsert(Array.from({ length: 5 }, (_, id) => ({ id, vector: [1, id] })))
  const { result, fetchNext, stop } = await index.resumableQuery({ vector: [1, 0], topK: 2, maxIdle: 60 })
  const ids = async (found: Promise<{ id: number | string }[]>) => (await found).map(({ id }) => id)
  expect(await ids(Promise.resolve(result))).toEqual(['0', '1'])
  expect(await ids(fetchNext(1))).toEqual(['2'])
  expect(await ids(fetchNext(10))).toEqual(['3', '4'])
  expect(await stop()).toBe('Success')
})

it('forgets a query that was idle for too long', async () => {
  let now = 0
  const { index } = await openVector({ clock: () => now })
  await index.upsert({ id: 'a', vector: [1, 0] })
  const { fetchNext } = await index.resumableQuery({ vector: [1, 0], topK: 1, maxIdle: 60 })
  for (now of [60_000, 120_000]) expect(await fetchNext(1)).toEqual([])
  now = 180_001
  await expect(fetchNext(1)).rejects.toThrow('does not exist')
})

it('scores a sparse index by inner product, and only what has a dimension in common', async () => {
  const { index } = await openVector({ indexType: 'SPARSE' })
  await index.upsert([
    { id: 'none', sparseVector: { indices: [7], values: [9] } },
    { id: 'one', sparseVector: { indices: [1, 7], values: [2, 9] } },
    { id: 'two', sparseVector: { indices: [1, 2], values: [3, 4] } },
  ])
  const sparseVector = { indices: [1, 2], values: [10, 100] }
  expect(await index.query({ sparseVector, topK: 5 })).toEqual([
    { id: 'two', score: 430 },
    { id: 'one', score: 20 },
  ])
  const [rare] = await index.query({ sparseVector, topK: 1, weightingStrategy: WeightingStrategy.IDF })
  expect(rare?.score).toBeCloseTo(30 * Math.log(1.6) + 400 * Math.log(8 / 3), 3)
})

it.each([
  { fusionAlgorithm: FusionAlgorithm.RRF, scores: [1 / 60 + 1 / 60, 1 / 61] },
  { fusionAlgorithm: FusionAlgorithm.DBSF, scores: [0.5 + Math.SQRT1_2 / 6 + 0.5, 0.5 - Math.SQRT1_2 / 6] },
])('fuses the scores of a hybrid index by $fusionAlgorithm', async ({ fusionAlgorithm, scores }) => {
  const { index } = await openVector({ indexType: 'HYBRID' })
  await index.upsert([
    { id: 'b', vector: [0, 1], sparseVector: { indices: [2], values: [1] } },
    { id: 'a', vector: [1, 0], sparseVector: { indices: [1], values: [1] } },
  ])
  const query = { vector: [1, 0], sparseVector: { indices: [1], values: [1] }, topK: 2, fusionAlgorithm }
  const [first, second] = scores
  expect(await index.query(query)).toEqual([
    { id: 'a', score: expect.closeTo(first!, 6) },
    { id: 'b', score: expect.closeTo(second!, 6) },
  ])
})

it('wants both vectors on a hybrid index', async () => {
  const { index } = await openVector({ indexType: 'HYBRID' })
  const sparseVector = { indices: [1], values: [1] }
  await expect(index.upsert({ id: 'a', vector: [1, 0] })).rejects.toThrow('sparse vector is required')
  await index.upsert({ id: 'a', vector: [1, 0], sparseVector })
  await expect(index.update({ id: 'a', sparseVector })).rejects.toThrow('Both or none')
})
