import { expect, it } from 'vitest'
import { direction } from '../contract/samples.ts'
import { idsIn, moving, refuse } from './support.ts'

it('copies what the first held before, answers, pointers and rules', async () => {
  const { first, second, entry, copy } = moving()
  for (const nth of [1, 2, 3]) await first.store.put(entry(nth))
  await first.records.swap('rules', 'purges/acme', undefined, '{"epoch":1}')
  expect(await copy()).toEqual({ copied: 3, partly: 0, removed: 0 })
  expect(await idsIn(second)).toEqual(await idsIn(first))
  expect(await second.index.size()).toBe(3)
  expect(await second.records.get('rules', 'purges/acme')).toBe('{"epoch":1}')
})

it('copies what feedback has told, and aliases with what they stand for', async () => {
  const { first, second, clock, entry, copy } = moving()
  const root = entry(1)
  const aliasOf = { id: root.key.id, digest: root.key.digest }
  await first.store.put(root)
  await first.store.put(entry(2, { aliasOf, completion: '' }))
  await first.records.swap('verdicts', 'acme/0', undefined, '{}')
  await second.records.swap('verdicts', 'acme/1', undefined, '{}')
  await copy()
  expect(await second.store.get(entry(2).key)).toMatchObject({ aliasOf })
  const within = { ...root.key, space: root.space! }
  expect(await second.index.nearest(within, direction(2, 2), 1, clock())).toMatchObject([{ aliasOf }])
  expect(await second.records.list('verdicts')).toEqual([{ id: 'acme/0', text: '{}' }])
})

it('knows the rules before any answer arrives', async () => {
  const { first, entry, copy, setGate } = moving()
  await first.store.put(entry(1))
  await first.records.swap('rules', 'purges/acme', undefined, '{"epoch":1}')
  const asked: string[] = []
  setGate((operation) => void asked.push(operation))
  await copy()
  expect(asked.indexOf('records.swap')).toBeGreaterThanOrEqual(0)
  expect(asked.indexOf('records.swap')).toBeLessThan(asked.indexOf('store.put'))
})

it('does not copy again what is there', async () => {
  const { first, entry, copy } = moving()
  await first.store.put(entry(1))
  await copy()
  expect(await copy()).toEqual({ copied: 0, partly: 0, removed: 0 })
})

it('goes on after a failure where it was, and tells of it', async () => {
  const { first, second, both, entry, copy, setGate, failures } = moving()
  for (const nth of [1, 2, 3, 4]) await first.store.put(entry(nth))
  let puts = 0
  setGate((operation) => {
    if (operation === 'store.put' && ++puts === 3) refuse()
  })
  expect(both.mirror()).toBe('copying')
  expect(await copy()).toEqual({ copied: 2, partly: 0, removed: 0 })
  expect(await idsIn(second)).toEqual(await idsIn(first))
  expect(failures).toEqual(['copy'])
  expect(both.mirror()).toBe('complete')
})

it('leaves no answer without its pointer, wherever it is cut short', async () => {
  const { first, second, entry, copy, setGate } = moving()
  await first.store.put(entry(1))
  let failed = false
  setGate((operation) => {
    if (operation !== 'index.add' || failed) return
    failed = true
    refuse()
  })
  await copy()
  expect(await second.index.size()).toBe(1)
})

it('does not put an older answer over one that was kept meanwhile', async () => {
  const { first, second, both, entry, copy, setGate, clock } = moving()
  await first.store.put(entry(1))
  const later = entry(1, { completion: '"later"', createdAt: clock() + 1 })
  let overtaken = false
  setGate(async (operation) => {
    if (operation !== 'index.add' || overtaken) return
    overtaken = true
    await both.store.put(later)
  })
  await copy()
  await both.close()
  expect((await second.store.get(later.key))?.completion).toBe('"later"')
})

it('copies answers of another embedder without their pointers, whatever their size', async () => {
  const { first, second, entry, copy } = moving()
  await first.store.put(entry(1))
  await first.store.put(entry(2, { vector: direction(3, 0), space: 'room@1' }))
  expect(await copy()).toEqual({ copied: 2, partly: 1, removed: 0 })
  expect(await idsIn(second)).toHaveLength(2)
  expect(await second.index.size()).toBe(1)
})

it('goes on past an answer that the second has no room for', async () => {
  const { first, second, entry, copy, setGate } = moving()
  for (const nth of [1, 2]) await first.store.put(entry(nth))
  let puts = 0
  setGate((operation) => {
    if (operation === 'store.put' && puts++ === 0) throw new RangeError('too large')
  })
  expect(await copy()).toEqual({ copied: 2, partly: 1, removed: 0 })
  expect(await idsIn(second)).toHaveLength(1)
})

it('has the second forget what the first does not know: nobody can tell what has been purged of it', async () => {
  const { first, second, entry, copy } = moving()
  await first.store.put(entry(1))
  await second.store.put(entry(2))
  await second.records.swap('rules', 'key/revoked', undefined, '{}')
  expect(await copy()).toEqual({ copied: 1, partly: 0, removed: 1 })
  expect(await idsIn(second)).toEqual([entry(1).key.id])
  expect(await second.records.list('rules')).toEqual([])
})

it('stops when it is told to', async () => {
  const { first, second, entry, copy } = moving()
  await first.store.put(entry(1))
  await expect(copy(AbortSignal.abort(new Error('closing')))).rejects.toThrow('closing')
  expect(await idsIn(second)).toEqual([])
})

it('has an index that embeds embed the question again', async () => {
  const { first, entry, copy, setGate } = moving()
  const added: unknown[] = []
  setGate((operation, [pointer]) => void (operation === 'index.add' && added.push(pointer)))
  await first.store.put(entry(1, { vector: undefined }))
  await copy()
  expect(added).toMatchObject([{ probe: entry(1).question }])
})
