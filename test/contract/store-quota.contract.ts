import { expect, it } from 'vitest'
import type { Entry, Quota } from '../../src/ports.ts'
import { hex } from './samples.ts'
import type { OpenStore } from './store-subject.ts'

/**
 * The laws of the port `Store` that have to do with how much a tenant keeps. What has had to go is asked of `page`: a
 * memory in front of the store may still know it.
 */
export function quotaLaws(open: () => Promise<OpenStore>): void {
  const opened = async () => {
    const subject = await open()
    const { store, entry, keyed } = subject
    const { tenant } = keyed()
    const nth = (at: number, parts: Partial<Entry> = {}) => entry({ key: keyed({ digest: hex(`${at}`) }), ...parts })
    const fill = async (count: number, quota?: Quota) => {
      for (let at = 0; at < count; at++) await store.put(nth(at), quota)
    }
    const kept = async () => (await store.page(tenant, 1_000)).entries.map(({ key }) => key.id)
    return { ...subject, tenant, nth, fill, kept, size: () => store.sizeOf(tenant) }
  }

  it('sizeOf counts nothing for a tenant that has put nothing', async () => {
    const { size } = await opened()
    expect(await size()).toEqual({ entries: 0, bytes: 0 })
  })

  it('sizeOf counts what was put, once if it was replaced, and not what was deleted', async () => {
    const { store, nth, fill, size } = await opened()
    await fill(3)
    const three = await size()
    expect(three.entries).toBe(3)
    await store.put(nth(0, { completion: JSON.stringify('é'.repeat(5_000)) }))
    const larger = await size()
    expect(larger.entries).toBe(3)
    expect(larger.bytes - three.bytes).toBeGreaterThan(9_000)
    await store.put(nth(0))
    expect(await size()).toEqual(three)
    await store.delete(nth(0).key)
    const two = await size()
    expect(two.entries).toBe(2)
    await store.delete(nth(0).key)
    expect(await size()).toEqual(two)
    for (const at of [1, 2]) await store.delete(nth(at).key)
    expect(await size()).toEqual({ entries: 0, bytes: 0 })
  })

  it('sizeOf counts each of many puts at once', async () => {
    const { store, nth, size } = await opened()
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.put(nth(at % 20))))
    expect((await size()).entries).toBe(20)
    await Promise.all(Array.from({ length: 20 }, (_, at) => store.delete(nth(at).key)))
    expect(await size()).toEqual({ entries: 0, bytes: 0 })
  })

  it('sizeOf counts what is the tenant’s own', async () => {
    const { store, nth, fill, size, keyed, tenant } = await opened()
    await fill(2)
    const two = await size()
    await store.put(nth(9, { key: keyed({ tenant: `${tenant}0` }) }))
    expect(await size()).toEqual(two)
    await store.delete(keyed({ tenant: `${tenant}0` }))
    expect(await size()).toEqual(two)
  })

  it('put keeps to the entries that a quota allows', async () => {
    const { nth, fill, kept, size } = await opened()
    await fill(25, { maxEntries: 10, maxBytes: 1e9 })
    expect((await size()).entries).toBe(10)
    expect(await kept()).toHaveLength(10)
    expect(await kept()).toContain(nth(24).key.id)
  })

  it('put keeps to the bytes that a quota allows', async () => {
    const { store, nth, fill, kept, size } = await opened()
    await fill(1)
    const maxBytes = (await size()).bytes * 10
    await fill(25, { maxEntries: 1e9, maxBytes })
    const full = await size()
    expect(full.bytes).toBeLessThanOrEqual(maxBytes)
    expect(full.entries).toBeGreaterThan(7)
    const large = nth(99, { completion: JSON.stringify('x'.repeat(maxBytes / 2)) })
    await store.put(large, { maxEntries: 1e9, maxBytes })
    expect((await size()).bytes).toBeLessThanOrEqual(maxBytes)
    expect(await kept()).toContain(large.key.id)
  })

  it('put keeps what it has just been given, however soon that goes and however little it is worth', async () => {
    const { store, nth, fill, kept, clock } = await opened()
    const quota = { maxEntries: 5, maxBytes: 1e9 }
    await fill(5, quota)
    const poor = {
      usage: { promptTokens: 0, completionTokens: 0 },
      expiresAt: clock() + 1_000,
      keepUntil: clock() + 1_000,
    }
    await store.put(nth(99, poor), quota)
    expect(await kept()).toContain(nth(99).key.id)
    expect(await kept()).toHaveLength(5)
  })

  it('put without a quota is not held to one', async () => {
    const { store, nth, fill, size } = await opened()
    await fill(5, { maxEntries: 5, maxBytes: 1e9 })
    await store.put(nth(5))
    expect((await size()).entries).toBe(6)
  })

  it('put makes as much room as a quota that has shrunk asks for', async () => {
    const { store, nth, fill, size, kept } = await opened()
    await fill(60)
    await store.put(nth(60), { maxEntries: 3, maxBytes: 1e9 })
    expect((await size()).entries).toBe(3)
    expect(await kept()).toHaveLength(3)
  })

  it('put drops nothing that is another tenant’s', async () => {
    const { store, nth, fill, keyed, tenant } = await opened()
    const other = `${tenant}0`
    for (const at of [0, 1, 2]) await store.put(nth(at, { key: keyed({ tenant: other, digest: hex(`${at}`) }) }))
    await fill(20, { maxEntries: 2, maxBytes: 1e9 })
    expect((await store.page(other, 10)).entries).toHaveLength(3)
    expect((await store.sizeOf(other)).entries).toBe(3)
  })

  it('put drops nothing for an entry that is replaced within a full quota', async () => {
    const { store, nth, fill, kept } = await opened()
    const quota = { maxEntries: 5, maxBytes: 1e9 }
    await fill(5, quota)
    const before = (await kept()).sort()
    for (let at = 0; at < 5; at++) await store.put(nth(at, { completion: '"new"' }), quota)
    expect((await kept()).sort()).toEqual(before)
  })

  it('size counts whoever had to go for a quota', async () => {
    const { store, fill } = await opened()
    const { evicted } = await store.size()
    await fill(25, { maxEntries: 10, maxBytes: 1e9 })
    expect((await store.size()).evicted - evicted).toBe(15)
  })

  it('put sees off the dead before the living, and counts them not as evicted', async () => {
    const { store, nth, fill, kept, advance, size } = await opened()
    const quota = { maxEntries: 50, maxBytes: 1e9 }
    await fill(40, quota)
    advance(120_000)
    for (let at = 40; at < 90; at++) await store.put(nth(at), quota)
    expect(await kept()).toHaveLength(50)
    expect((await size()).entries).toBe(50)
    expect((await store.size()).evicted).toBe(0)
  })

  it('put refuses what is larger than the quota, and what the key held stays', async () => {
    const { store, nth, fill, kept, size } = await opened()
    await fill(3)
    const before = await size()
    const quota = { maxEntries: 10, maxBytes: before.bytes }
    const refusal = store.put(nth(0, { completion: JSON.stringify('x'.repeat(before.bytes)) }), quota)
    await expect(refusal).rejects.toThrow(RangeError)
    expect(await store.find(nth(0).key.id)).toEqual(nth(0))
    expect(await kept()).toHaveLength(3)
    expect(await size()).toEqual(before)
  })
}
