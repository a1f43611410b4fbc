import { expect, it } from 'vitest'
import { numbered, open, temporaryFile } from './support.ts'

it('drops entries to stay within maxEntries, counts them and reports each', async () => {
  const { store, put, gone } = open({ maxEntries: 100 })
  for (let nth = 0; nth < 250; nth++) {
    await put(nth)
    expect((await store.size()).entries).toBeLessThanOrEqual(100)
  }
  const { entries, evicted } = await store.size()
  expect({ entries, evicted }).toEqual({ entries: 100, evicted: 150 })
  expect(new Set(gone.map(({ id }) => id)).size).toBe(evicted)
  for (const key of gone) expect(await store.get(key)).toBeUndefined()
})

it('drops entries to stay within maxBytes', async () => {
  const { store, put, gone } = open({ maxBytes: 100_000 })
  for (let nth = 0; nth < 50; nth++) {
    await put(nth, { completion: 'x'.repeat(nth * 200) })
    expect((await store.size()).bytes).toBeLessThanOrEqual(100_000)
  }
  expect(await store.get(numbered(49))).toBeDefined()
  expect((await store.size()).evicted).toBe(gone.length)
})

it('keeps the entry it has just been given, however little it is worth', async () => {
  const { store, put } = open({ maxEntries: 10 })
  for (let nth = 0; nth < 20; nth++) await put(nth, { usage: { promptTokens: 1, completionTokens: 1000 - nth * 50 } })
  expect(await store.get(numbered(19))).toBeDefined()
})

it('keeps what is used over what is not', async () => {
  const { store, put } = open({ maxEntries: 100 })
  for (let nth = 0; nth < 100; nth++) await put(nth)
  for (let nth = 0; nth < 10; nth++) await store.get(numbered(nth))
  for (let nth = 100; nth < 180; nth++) await put(nth)
  const found = await Promise.all(Array.from({ length: 10 }, (_, nth) => store.get(numbered(nth))))
  expect(found).not.toContain(undefined)
})

it('keeps what saves more tokens over what saves fewer', async () => {
  const { store, put } = open({ maxEntries: 100 })
  for (let nth = 0; nth < 100; nth++) {
    await put(nth, { usage: { promptTokens: 9, completionTokens: nth < 10 ? 900 : 9 } })
  }
  for (let nth = 100; nth < 180; nth++) await put(nth, { usage: { promptTokens: 9, completionTokens: 9 } })
  const found = await Promise.all(Array.from({ length: 10 }, (_, nth) => store.get(numbered(nth))))
  expect(found).not.toContain(undefined)
})

it('lets go of the worthiest once it has lain unused for long enough', async () => {
  const { store, put, advance } = open({ maxEntries: 10, keepMs: 1e9 })
  await put(0)
  for (let use = 0; use < 7; use++) await store.get(numbered(0))
  advance(4 * 3_600_000)
  for (let nth = 1; nth < 20; nth++) await put(nth)
  expect(await store.get(numbered(0))).toBeUndefined()
})

it('drops the dead before the living', async () => {
  const { store, put, advance, gone } = open({ maxEntries: 100 })
  for (let nth = 0; nth < 50; nth++) await put(nth)
  advance(120_000)
  for (let nth = 50; nth < 120; nth++) await put(nth)
  const found = await Promise.all(Array.from({ length: 70 }, (_, nth) => store.get(numbered(50 + nth))))
  expect(found).not.toContain(undefined)
  const { entries, evicted } = await store.size()
  expect({ entries: entries + gone.length, evicted }).toEqual({ entries: 120, evicted: 0 })
})

it('remembers over a restart what was used', async () => {
  const path = temporaryFile()
  const before = open({ path, maxEntries: 100 })
  for (let nth = 0; nth < 100; nth++) await before.put(nth)
  for (let nth = 0; nth < 10; nth++) await before.store.get(numbered(nth))
  await before.store.close()
  const { store, put } = open({ path, maxEntries: 100 })
  for (let nth = 100; nth < 180; nth++) await put(nth)
  const found = await Promise.all(Array.from({ length: 10 }, (_, nth) => store.get(numbered(nth))))
  expect(found).not.toContain(undefined)
  await store.close()
})

it('a refreshed answer inherits the hits of the one it replaces', async () => {
  const { store, put } = open({ maxEntries: 10 })
  await put(0)
  for (let use = 0; use < 7; use++) await store.get(numbered(0))
  await put(0)
  for (let nth = 1; nth < 30; nth++) await put(nth)
  expect(await store.get(numbered(0))).toBeDefined()
})
