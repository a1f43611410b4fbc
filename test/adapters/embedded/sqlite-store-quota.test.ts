import { expect, it } from 'vitest'
import type { Entry } from '../../../src/ports.ts'
import { aKey, anEntry, hex } from '../../contract/samples.ts'
import { numbered, open } from './support.ts'

const quota = { maxEntries: 10, maxBytes: 1e9 }

/** A store to which a tenant adds within a quota, and what it said had gone. */
function opened(keepMs = 120_000) {
  const subject = open({ keepMs })
  const { store, clock } = subject
  const add = (nth: number, parts: Partial<Entry> = {}) =>
    store.put(anEntry(clock(), { key: numbered(nth), keepUntil: clock() + keepMs, ...parts }), quota)
  return { ...subject, add, left: () => store.page(numbered(0).tenant, 100) }
}

const saving = (completionTokens: number) => ({ usage: { promptTokens: 9, completionTokens } })

it('lets go of what saves the fewest tokens first, and reports it', async () => {
  const { add, gone } = opened()
  for (let nth = 0; nth < 10; nth++) await add(nth, saving([5, 9, 1, 8, 2, 7, 3, 6, 4, 10][nth]! * 100))
  for (let nth = 10; nth < 13; nth++) await add(nth, saving(2_000))
  expect(gone).toEqual([numbered(2), numbered(4), numbered(6)])
})

it('keeps what is used over what is not', async () => {
  const { add, store } = opened()
  for (let nth = 0; nth < 10; nth++) await add(nth)
  for (let nth = 0; nth < 4; nth++) await store.get(numbered(nth))
  for (let nth = 10; nth < 16; nth++) await add(nth)
  const found = await Promise.all([0, 1, 2, 3].map((nth) => store.get(numbered(nth))))
  expect(found).not.toContain(undefined)
})

it('does not take a look by name for a use', async () => {
  const { add, store, gone } = opened()
  for (let nth = 0; nth < 10; nth++) await add(nth, saving(nth))
  for (let look = 0; look < 9; look++) await store.find(numbered(0).id)
  await add(10)
  expect(gone).toEqual([numbered(0)])
})

it('reports the dead who make room', async () => {
  const { add, gone, advance, store } = opened()
  for (let nth = 0; nth < 10; nth++) await add(nth)
  advance(120_000)
  await add(10)
  expect(gone.length).toBeGreaterThan(0)
  for (const key of gone) expect(await store.find(key.id)).toBeUndefined()
})

it('leaves the dead of other tenants to the sweep', async () => {
  const { add, gone, advance, store, clock } = opened()
  const others = aKey({ tenant: 'other', digest: hex('0') })
  await store.put(anEntry(clock(), { key: others }))
  advance(120_000)
  for (let nth = 0; nth < 12; nth++) await add(nth)
  expect(gone.map(({ tenant }) => tenant)).toEqual(['acme', 'acme'])
})

it('a put that fails has driven nobody out', async () => {
  const { add, gone, left, store } = opened()
  for (let nth = 0; nth < 10; nth++) await add(nth)
  const before = [await left(), await store.sizeOf('acme'), await store.size()]
  await expect(add(10, { tookMs: Number.NaN })).rejects.toThrow('NOT NULL')
  expect([await left(), await store.sizeOf('acme'), await store.size()]).toEqual(before)
  expect(gone).toEqual([])
})

it('says of the whole store what it says of its tenants together', async () => {
  const { add, store, clock, advance } = opened()
  for (let nth = 0; nth < 30; nth++) {
    await add(nth)
    await store.put(anEntry(clock(), { key: aKey({ tenant: `t${nth % 3}`, digest: hex(`${nth}`) }) }))
    if (nth % 5 === 0) await store.delete(numbered(nth))
    if (nth === 20) advance(120_000)
  }
  await store.sweep()
  const sizes = await Promise.all(['acme', 't0', 't1', 't2'].map((tenant) => store.sizeOf(tenant)))
  const { entries, bytes } = await store.size()
  expect(sizes.reduce((sum, each) => sum + each.entries, 0)).toBe(entries)
  expect(sizes.reduce((sum, each) => sum + each.bytes, 0)).toBe(bytes)
  expect(sizes.map((each) => each.entries)).toEqual([8, 3, 3, 3])
})
