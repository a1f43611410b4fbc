import { QueryMode } from '@upstash/vector'
import { describe, expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'
import { hashedWords } from '../support/upstash/vector-embedding.ts'
import type { SparseVector } from '../support/upstash/vector-namespace.ts'

const EVERYTHING = { includeVectors: true, includeMetadata: true, includeData: true }
const dimension = 64
const embed = hashedWords(dimension)
const embedSparse = (text: string): SparseVector => ({ indices: [text.length], values: [1] })

describe('an index with a model', () => {
  const openModel = (options: Parameters<typeof openVector>[0] = {}) => openVector({ dimension, embed, ...options })

  it('says what it embeds with', async () => {
    const { index } = await openModel({ embeddingModel: 'BGE_M3' })
    expect((await index.info()).denseIndex).toMatchObject({ dimension, embeddingModel: 'BGE_M3' })
  })

  it('takes a text, or several, and gives them back', async () => {
    const { server, index } = await openModel()
    expect(await index.upsert({ id: 1, data: 'one', metadata: { nth: 1 } })).toBe('Success')
    expect(await index.upsert(['two', 'three'].map((data) => ({ id: data, data })))).toBe('Success')
    expect(await index.fetch(['1', 'two'], EVERYTHING)).toEqual([
      { id: '1', vector: embed('one'), metadata: { nth: 1 }, data: 'one' },
      { id: 'two', vector: embed('two'), data: 'two' },
    ])
    expect([server.requests.count('upsert-data'), server.requests.count('upsert')]).toEqual([2, 0])
  })

  it('finds the nearest to a text, by (1 + cosine) / 2', async () => {
    const { index } = await openModel()
    await index.upsert(['red wall', 'red door', 'green fence'].map((data) => ({ id: data, data })))
    expect(await index.query({ data: 'Wall, red?', topK: 2, includeData: true })).toEqual([
      { id: 'red wall', score: 1, data: 'red wall' },
      { id: 'red door', score: 0.75, data: 'red door' },
    ])
  })

  it.each([1, 2])('answers a batch of %d text or texts with as many lists', async (size) => {
    const { index } = await openModel()
    await index.upsert({ id: 'a', data: 'one' })
    const queries = Array.from({ length: size }, () => ({ data: 'one', topK: 1 }))
    expect(await index.queryMany(queries)).toEqual(queries.map(() => [{ id: 'a', score: 1 }]))
  })

  it('finds by text within a namespace, and what a filter holds of', async () => {
    const { index } = await openModel()
    const namespace = index.namespace('some')
    await namespace.upsert([1, 2].map((nth) => ({ id: nth, data: 'one', metadata: { nth } })))
    expect(await namespace.query({ data: 'one', topK: 9, filter: 'nth > 1' })).toEqual([{ id: '2', score: 1 }])
    expect(await index.query({ data: 'one', topK: 9 })).toEqual([])
  })

  it('resumes a query by text where it was left', async () => {
    const { index } = await openModel()
    await index.upsert(['one', 'one two', 'one two three'].map((data) => ({ id: data, data })))
    const { result, fetchNext } = await index.resumableQuery({ data: 'one', topK: 1, maxIdle: 60 })
    expect(result.map(({ id }) => id)).toEqual(['one'])
    expect((await fetchNext(2)).map(({ id }) => id)).toEqual(['one two', 'one two three'])
  })

  it('shows queries a text after the delay, as it does a vector', async () => {
    let now = 0
    const { index } = await openModel({ visibilityDelayMs: 500, clock: () => now })
    await index.upsert({ id: 'a', data: 'one' })
    expect(await index.query({ data: 'one', topK: 1 })).toEqual([])
    now = 500
    expect(await index.query({ data: 'one', topK: 1 })).toHaveLength(1)
  })

  it('embeds again a text that is updated', async () => {
    const { index } = await openModel()
    await index.upsert({ id: 'a', data: 'one' })
    await index.update({ id: 'a', data: 'two' })
    expect(await index.query({ data: 'two', topK: 1 })).toEqual([{ id: 'a', score: 1 }])
  })

  it('does not read a text to its end, and does not say so', async () => {
    const { index } = await openModel({ embed: hashedWords(dimension, 3) })
    await index.upsert({ id: 'a', data: 'one two three four' })
    expect(await index.query({ data: 'one two three five', topK: 1 })).toEqual([{ id: 'a', score: 1 }])
  })

  it('takes vectors of its size as well', async () => {
    const { index } = await openModel()
    await index.upsert({ id: 'a', vector: embed('one') })
    expect(await index.query({ data: 'one', topK: 1 })).toEqual([{ id: 'a', score: 1 }])
    expect(await index.query({ vector: embed('one'), topK: 1 })).toEqual([{ id: 'a', score: 1 }])
    await expect(index.query({ vector: [1, 0], topK: 1 })).rejects.toThrow('Invalid vector dimension: 2, expected: 64')
  })

  it('takes no sparse vectors if it is dense', async () => {
    const { index } = await openModel()
    const sparseVector = { indices: [1], values: [1] }
    await expect(index.upsert({ id: 'a', sparseVector } as never)).rejects.toThrow('no sparse vectors')
    await expect(index.query({ sparseVector, topK: 1 } as never)).rejects.toThrow('no sparse vectors')
  })

  it.each([
    ['upsert-data', { id: 'a' }],
    ['upsert-data', [{ id: 'a', data: 'one' }, { id: 'b' }]],
    ['query-data', { topK: 1 }],
    ['query-data', { data: 1, topK: 1 }],
  ])('refuses to %s of %j', async (command, body) => {
    const { server } = await openModel()
    const request = { method: 'POST', headers: { authorization: 'Bearer secret' }, body: JSON.stringify(body) }
    expect((await fetch(`${server.url}/${command}`, request)).status).toBe(422)
  })

  it('scores by its dense part alone if it is hybrid and told to', async () => {
    const { index } = await openModel({ indexType: 'HYBRID', embedSparse })
    expect(await index.info()).toMatchObject({ sparseIndex: { embeddingModel: 'BM25' } })
    await index.upsert({ id: 'a', data: 'one' })
    const query = { data: 'one', topK: 1 }
    expect(await index.query({ ...query, queryMode: QueryMode.DENSE })).toEqual([{ id: 'a', score: 1 }])
    expect(await index.query(query)).toEqual([{ id: 'a', score: expect.closeTo(1 / 30, 6) }])
  })
})

describe('an index without a model', () => {
  const refusal =
    'Embedding data for this index is not allowed. The index must be created with an embedding model to use it.'

  it.each(['DENSE', 'SPARSE', 'HYBRID'] as const)('says so, if %s, by a name of nothing', async (indexType) => {
    const { index } = await openVector({ indexType })
    const { denseIndex, sparseIndex } = await index.info()
    expect([denseIndex?.embeddingModel ?? '', sparseIndex?.embeddingModel ?? '']).toEqual(['', ''])
  })

  it('refuses text', async () => {
    const { index } = await openVector()
    await expect(index.upsert({ id: 'a', data: 'text' })).rejects.toThrow(refusal)
    await expect(index.upsert([{ id: 'a', data: 'text' }])).rejects.toThrow(refusal)
    await expect(index.query({ data: 'text', topK: 1 })).rejects.toThrow(refusal)
    await expect(index.queryMany([{ data: 'text', topK: 1 }])).rejects.toThrow(refusal)
    await expect(index.resumableQuery({ data: 'text', topK: 1, maxIdle: 60 })).rejects.toThrow(refusal)
    expect((await index.info()).vectorCount).toBe(0)
  })

  it('keeps a text beside a vector', async () => {
    const { index } = await openVector()
    await index.upsert({ id: 'a', vector: [1, 0], data: 'text' })
    expect(await index.query({ vector: [1, 0], topK: 1, includeData: true })).toEqual([
      { id: 'a', score: 1, data: 'text' },
    ])
  })
})
