import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { anEntry } from '../../contract/samples.ts'
import { storeContract } from '../../contract/store.contract.ts'
import { numbered, open, openRoomy, stoppedClock, temporaryFile } from './support.ts'

storeContract({
  name: 'sqlite',
  async create() {
    const time = stoppedClock()
    return { ...time, store: openRoomy(time).store }
  },
})

storeContract({
  name: 'sqlite with nothing held in memory',
  async create() {
    const time = stoppedClock()
    return { ...time, store: openRoomy({ ...time, hotBytes: 0 }).store }
  },
})

describe('sqlite store', () => {
  it('refuses an entry that is larger than the whole store, and keeps the rest', async () => {
    const { store, put } = open({ maxBytes: 10_000 })
    await put(0)
    await expect(put(1, { completion: 'x'.repeat(10_000) })).rejects.toThrow('does not fit')
    expect(await store.get(numbered(0))).toBeDefined()
  })

  it('a put that fails leaves everything as it was', async () => {
    const { store, put } = open()
    await put(0)
    const before = await store.size()
    await expect(put(0, { completion: '"new"', tookMs: Number.NaN })).rejects.toThrow('NOT NULL')
    expect(await store.size()).toEqual(before)
    expect((await store.get(numbered(0)))?.completion).not.toBe('"new"')
  })

  it('sweep reports each entry it takes', async () => {
    const { store, put, advance, gone } = open()
    for (let nth = 0; nth < 600; nth++) await put(nth)
    advance(120_000)
    await put(600)
    expect(await store.sweep()).toBe(600)
    expect(new Set(gone.map(({ id }) => id)).size).toBe(600)
    expect(await store.size()).toMatchObject({ entries: 1, evicted: 0 })
  })

  it('sweep lets others have a turn', async () => {
    const { store, put, advance } = open()
    for (let nth = 0; nth < 600; nth++) await put(nth)
    advance(120_000)
    const turns: string[] = []
    setImmediate(() => turns.push('other'))
    await store.sweep().then(() => turns.push('swept'))
    expect(turns).toEqual(['other', 'swept'])
  })

  it.each([
    ["tags = 'not json'"],
    ["tags = '{}'"],
    ["tags = '[1]'"],
    ["vector = x'010203'"],
    ['created_at = 9e999'],
    ['completion = substr(completion, 1, 5)'],
    ["completion = ''"],
    [`alias_of = '{"id":"ent_1","digest":"00"}'`],
    [`completion = '', alias_of = '{"id":"ent_1"}'`],
  ])('takes a row with %s for missing, and counts it', async (damage) => {
    const path = temporaryFile()
    const before = open({ path })
    await before.put(0, { vector: new Float32Array([1, 0]), space: 'plane@1' })
    await before.put(1)
    await before.store.close()
    damaged(path, `UPDATE entries SET ${damage} WHERE id = '${numbered(0).id}'`)
    const { store, put } = open({ path })
    expect(await store.get(numbered(0))).toBeUndefined()
    expect(await store.size()).toMatchObject({ entries: 2, unreadable: 1 })
    const living: string[] = []
    for await (const { key } of store.entries()) living.push(key.id)
    expect(living).toEqual([numbered(1).id])
    await put(0)
    expect(await store.get(numbered(0))).toBeDefined()
    await store.close()
  })

  it('entries yields once what is replaced while it is being read', async () => {
    const { store, put } = open()
    for (let nth = 0; nth < 100; nth++) await put(nth)
    const seen: string[] = []
    for await (const { key } of store.entries()) {
      if (seen.length === 0) for (let nth = 0; nth < 100; nth++) await put(nth, { completion: '"new"' })
      seen.push(key.id)
    }
    expect(seen).toHaveLength(100)
    expect(new Set(seen).size).toBe(100)
  })

  it('finds everything, and how much it is, when the file is opened again', async () => {
    const path = temporaryFile()
    const before = open({ path })
    for (let nth = 0; nth < 100; nth++) await before.put(nth, { vector: new Float32Array([nth]), space: 'line@1' })
    const { entries, bytes } = await before.store.size()
    await before.store.close()
    const { store } = open({ path })
    expect(await store.size()).toEqual({ entries, bytes, evicted: 0, unreadable: 0 })
    expect(await store.sizeOf(numbered(0).tenant)).toEqual({ entries, bytes })
    expect((await store.get(numbered(42)))?.vector).toEqual(new Float32Array([42]))
    await store.close()
  })

  it('closes twice', async () => {
    const { store } = open()
    await store.close()
    await expect(store.close()).resolves.toBeUndefined()
  })

  it('refuses a file of a later version', async () => {
    const path = temporaryFile()
    await open({ path }).store.close()
    damaged(path, 'PRAGMA user_version = 6')
    expect(() => open({ path })).toThrow(/schema version 6.*none beyond 5/)
  })

  it('brings along what a file of version 1 holds', async () => {
    const path = temporaryFile()
    const before = open({ path })
    await before.put(0)
    await before.store.close()
    damaged(path, UNDO_VERSION_2)
    const { store, clock } = open({ path })
    const kept = anEntry(clock(), { key: numbered(0), epoch: 0 })
    expect(await store.get(kept.key)).toEqual(kept)
    expect(await store.page(kept.key.tenant, 10)).toEqual({ entries: [kept] })
    expect((await store.sizeOf(kept.key.tenant)).entries).toBe(1)
    await store.close()
  })

  it('has everything at hand', () => {
    expect(open().store.atHand(numbered(0))).toBe(true)
  })
})

const UNDO_VERSION_2 = `
  DROP INDEX entries_tenant;
  DROP INDEX entries_tenant_keep_until;
  DROP INDEX entries_tenant_worth;
  ALTER TABLE entries DROP COLUMN alias_of;
  ALTER TABLE entries DROP COLUMN epoch;
  ALTER TABLE entries DROP COLUMN parts;
  ALTER TABLE entries DROP COLUMN says;
  DROP TABLE records;
  DROP TABLE tallies;
  DROP TABLE tally_ends;
  DROP TABLE batches;
  PRAGMA user_version = 1
`

function damaged(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}
