import { expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'

const EVERYTHING = { includeVectors: true, includeMetadata: true, includeData: true }

it('gives back what was upserted, with ids as text', async () => {
  const { index } = await openVector()
  const record = { id: 33, vector: [0.1, -0.2], metadata: { a: [1, null] }, data: 'é' }
  expect(await index.upsert(record)).toBe('Success')
  expect(await index.fetch([33], EVERYTHING)).toEqual([{ ...record, id: '33' }])
})

it('leaves out what was not asked for or is not there', async () => {
  const { index } = await openVector()
  const full = { id: 'a', vector: [1, 0], metadata: { x: 1 }, data: 'text' }
  await index.upsert([full, { id: 'b', vector: [1, 0] }])
  const bare = await index.fetch(['a'])
  const empty = await index.fetch(['b'], { includeMetadata: true, includeData: true })
  expect([bare, empty].map(([found]) => Object.keys(found!))).toEqual([['id'], ['id']])
})

it('says null for an id that is not there, in its place', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0] })
  expect(await index.fetch(['x', 'a', 'y'])).toEqual([null, { id: 'a' }, null])
})

it('keeps single precision', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1 / 3, 123_456_789] })
  const [found] = await index.fetch(['a'], EVERYTHING)
  expect(found?.vector).toEqual([0.33333334, 123_456_790])
  expect(Float32Array.from(found!.vector!)).toEqual(Float32Array.of(1 / 3, 123_456_789))
})

it('replaces the whole record on upsert', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0], metadata: { old: true }, data: 'old' })
  await index.upsert({ id: 'a', vector: [0, 1] })
  expect(await index.fetch(['a'], EVERYTHING)).toEqual([{ id: 'a', vector: [0, 1] }])
})

it('updates what is named and nothing else', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0], metadata: { x: 1, y: 2 }, data: 'text' })
  expect(await index.update({ id: 'a', metadata: { x: 3 } })).toEqual({ updated: 1 })
  expect(await index.fetch(['a'], EVERYTHING)).toEqual([{ id: 'a', vector: [1, 0], metadata: { x: 3 }, data: 'text' }])
})

it('says that it updated nothing if there is nothing', async () => {
  const { index } = await openVector()
  expect(await index.update({ id: 'a', metadata: { x: 3 } })).toEqual({ updated: 0 })
  expect(await index.fetch(['a'])).toEqual([null])
})

it('merges a metadata patch: null takes out, objects are merged, arrays replaced', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector: [1, 0], metadata: { gone: 1, kept: 2, deep: { a: 1, b: 2 }, list: [1, 2] } })
  const metadata = { gone: null, deep: { b: 3, c: { d: null } }, list: [3] }
  await index.update({ id: 'a', metadata, metadataUpdateMode: 'PATCH' })
  const [found] = await index.fetch(['a'], EVERYTHING)
  expect(found?.metadata).toEqual({ kept: 2, deep: { a: 1, b: 3, c: {} }, list: [3] })
})

it.each([
  { named: 'one id', what: 'user-1', left: ['user-2', 'other'] },
  { named: 'ids', what: ['user-1', 'other', 'x'], left: ['user-2'] },
  { named: 'a prefix', what: { prefix: 'user-' }, left: ['other'] },
  { named: 'a filter', what: { filter: 'age > 30' }, left: ['user-1'] },
])('deletes by $named and counts', async ({ what, left }) => {
  const { index } = await openVector()
  await index.upsert([
    { id: 'user-1', vector: [1, 0], metadata: { age: 30 } },
    { id: 'user-2', vector: [1, 0], metadata: { age: 31 } },
    { id: 'other', vector: [1, 0], metadata: { age: 99 } },
  ])
  expect(await index.delete(what)).toEqual({ deleted: 3 - left.length })
  expect((await index.range({ cursor: 0, limit: 10 })).vectors.map(({ id }) => id)).toEqual(left)
  expect(await index.delete(what)).toEqual({ deleted: 0 })
})

it('deletes by exactly one of ids, prefix and filter', async () => {
  const { index } = await openVector()
  const refusal = 'Only and only one of the ids, prefix, or filter must be provided.'
  await expect(index.delete({ prefix: 'a', filter: 'x = 1' } as never)).rejects.toThrow(refusal)
  await expect(index.delete({} as never)).rejects.toThrow(refusal)
})

it('fetches by prefix, and not by ids as well', async () => {
  const { index } = await openVector()
  await index.upsert(['a1', 'b1', 'a2'].map((id) => ({ id, vector: [1, 0] })))
  expect(await index.fetch({ prefix: 'a' })).toEqual([{ id: 'a1' }, { id: 'a2' }])
  await expect(index.fetch({ ids: ['a1'], prefix: 'a' } as never)).rejects.toThrow(
    'Only one of ids or prefix must be provided.',
  )
})

it('ranges over all in pages, to an empty cursor', async () => {
  const { index } = await openVector()
  await index.upsert(['a1', 'b1', 'a2', 'a3'].map((id) => ({ id, vector: [1, 0] })))
  const first = await index.range({ cursor: '', limit: 3 })
  expect(first).toEqual({ nextCursor: '3', vectors: [{ id: 'a1' }, { id: 'b1' }, { id: 'a2' }] })
  expect(await index.range({ cursor: first.nextCursor, limit: 1 })).toEqual({ nextCursor: '', vectors: [{ id: 'a3' }] })
})

it('ranges over a prefix', async () => {
  const { index } = await openVector()
  await index.upsert(['a1', 'b1', 'a2', 'a3'].map((id) => ({ id, vector: [1, 0] })))
  const first = await index.range({ cursor: 0, limit: 2, prefix: 'a', includeVectors: true })
  expect(first.vectors).toEqual([
    { id: 'a1', vector: [1, 0] },
    { id: 'a2', vector: [1, 0] },
  ])
  expect((await index.range({ cursor: first.nextCursor, limit: 2, prefix: 'a' })).vectors).toEqual([{ id: 'a3' }])
})

it('refuses vectors of another dimension', async () => {
  const { index } = await openVector({ dimension: 256 })
  const refusal = 'Invalid vector dimension: 2, expected: 256'
  await expect(index.upsert({ id: 'a', vector: [1, 0] })).rejects.toThrow(refusal)
  await expect(index.query({ vector: [1, 0], topK: 1 })).rejects.toThrow(refusal)
})

it.each([
  { what: 'an empty id', record: { id: '', vector: [1, 0] }, refusal: 'id' },
  { what: 'no vector', record: { id: 'a', vector: undefined as never }, refusal: 'required' },
  { what: 'a sparse vector', record: { id: 'a', sparseVector: { indices: [1], values: [1] } }, refusal: 'sparse' },
  { what: 'much metadata', record: { id: 'a', vector: [1, 0], metadata: { x: 'é'.repeat(24_576) } }, refusal: '48 KB' },
  { what: 'much data', record: { id: 'a', vector: [1, 0], data: 'x'.repeat(1_048_577) }, refusal: '1 MB' },
])('refuses a record with $what', async ({ record, refusal }) => {
  const { index } = await openVector()
  await expect(index.upsert([{ id: 'fine', vector: [1, 0] }, record as never])).rejects.toThrow(refusal)
  expect((await index.info()).vectorCount).toBe(0)
})

it('takes metadata and data up to their limits', async () => {
  const { index } = await openVector()
  const metadata = { x: 'x'.repeat(48 * 1024 - '{"x":""}'.length) }
  expect(await index.upsert({ id: 'a', vector: [1, 0], metadata, data: 'x'.repeat(1_048_576) })).toBe('Success')
})
