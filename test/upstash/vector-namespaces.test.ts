import { expect, it } from 'vitest'
import { openVector } from '../support/upstash/vector-client.ts'

const vector = [1, 0]

it('keeps namespaces apart', async () => {
  const { index } = await openVector()
  const [red, blue] = [index.namespace('red'), index.namespace('blue')]
  await red.upsert({ id: 'a', vector, data: 'red' })
  await blue.upsert({ id: 'a', vector, data: 'blue' })
  expect(await red.query({ vector, topK: 9, includeData: true })).toEqual([{ id: 'a', score: 1, data: 'red' }])
  expect(await blue.delete('a')).toEqual({ deleted: 1 })
  expect(await red.fetch(['a'])).toEqual([{ id: 'a' }])
  expect(await index.fetch(['a'])).toEqual([null])
})

it('creates a namespace by upsert and by nothing else', async () => {
  const { index } = await openVector()
  const made = index.namespace('made')
  expect(await made.query({ vector, topK: 9 })).toEqual([])
  expect(await made.fetch(['a'])).toEqual([null])
  expect(await made.range({ cursor: 0, limit: 9 })).toEqual({ nextCursor: '', vectors: [] })
  expect(await made.update({ id: 'a', vector })).toEqual({ updated: 0 })
  expect(await made.delete('a')).toEqual({ deleted: 0 })
  expect(await index.listNamespaces()).toEqual([''])
  await made.upsert({ id: 'a', vector })
  expect(await index.listNamespaces()).toEqual(['', 'made'])
})

it('lists a namespace that was reset, and counts nothing in it', async () => {
  const { index } = await openVector()
  await index.namespace('ns').upsert({ id: 'a', vector })
  await index.upsert({ id: 'a', vector })
  expect(await index.namespace('ns').reset()).toBe('Success')
  expect((await index.info()).namespaces).toMatchObject({ '': { vectorCount: 1 }, ns: { vectorCount: 0 } })
})

it('resets the default namespace, or all', async () => {
  const { index } = await openVector()
  for (const each of [index, index.namespace('ns')]) await each.upsert({ id: 'a', vector })
  await index.reset()
  expect((await index.info()).namespaces).toMatchObject({ '': { vectorCount: 0 }, ns: { vectorCount: 1 } })
  await index.reset({ all: true })
  expect((await index.info()).vectorCount).toBe(0)
})

it('deletes a namespace once, and the default one never', async () => {
  const { index } = await openVector()
  await index.namespace('ns').upsert({ id: 'a', vector })
  expect(await index.deleteNamespace('ns')).toBe('Success')
  expect(await index.listNamespaces()).toEqual([''])
  await expect(index.deleteNamespace('ns')).rejects.toThrow(/Namespace ns for the index .* does not exist/)
  await expect(index.deleteNamespace('')).rejects.toThrow('default namespace')
})

it('renames a namespace, but not over another', async () => {
  const { index, server } = await openVector()
  for (const name of ['old', 'taken']) await index.namespace(name).upsert({ id: name, vector })
  const rename = async (names: object) => {
    const headers = { authorization: 'Bearer secret' }
    const body = JSON.stringify(names)
    return (await fetch(`${server.url}/rename-namespace`, { method: 'POST', headers, body })).json()
  }
  expect(await rename({ namespace: 'old', newNamespace: 'taken' })).toMatchObject({ status: 422 })
  expect(await rename({ namespace: 'old', newNamespace: 'new' })).toEqual({ result: { renamed: true } })
  expect(await index.namespace('new').fetch(['old'])).toEqual([{ id: 'old' }])
  expect(await index.listNamespaces()).toEqual(['', 'taken', 'new'])
})

it.each([
  { odd: 'a b', reaches: 'a b' },
  { odd: 'Zürich', reaches: 'Zürich' },
  { odd: 'a/b', reaches: 'a/b' },
  { odd: 'a%20b', reaches: 'a b' },
  { odd: 'a/../b', reaches: 'b' },
  { odd: 'a?b', reaches: 'a' },
  { odd: 'a#b', reaches: 'a' },
])('takes $odd, which the client does not escape, for $reaches', async ({ odd, reaches }) => {
  const { index, server } = await openVector()
  await index.namespace(odd).upsert({ id: 'a', vector })
  expect(await index.listNamespaces()).toEqual(['', reaches])
  expect(server.requests.of('upsert')).toMatchObject([{ namespace: reaches }])
})

it('resets everything at the name of a namespace that climbs out of its path', async () => {
  const { index } = await openVector()
  await index.upsert({ id: 'a', vector })
  await index.namespace('../reset?all').query({ vector, topK: 1 })
  expect((await index.info()).vectorCount).toBe(0)
})

it('refuses a name that does not decode', async () => {
  const { index } = await openVector()
  await expect(index.namespace('100%').upsert({ id: 'a', vector })).rejects.toThrow('Malformed request')
})
