import { expect, it } from 'vitest'
import { hex } from './samples.ts'
import type { OpenStore } from './store-subject.ts'

/** The laws of the port `Store` that have to do with time. */
export function expiryLaws(open: () => Promise<OpenStore>, sweepsByItself: boolean): void {
  it('get returns a stale entry', async () => {
    const { store, entry, advance } = await open()
    const put = entry()
    await store.put(put)
    advance(60_000)
    expect(await store.get(put.key)).toEqual(put)
  })

  it('get returns nothing at keepUntil, to the millisecond', async () => {
    const { store, entry, advance } = await open()
    const put = entry()
    await store.put(put)
    advance(119_999)
    expect(await store.get(put.key)).toEqual(put)
    advance(1)
    expect(await store.get(put.key)).toBeUndefined()
  })

  it('find returns a stale entry, but nothing at keepUntil', async () => {
    const { store, entry, advance } = await open()
    const put = entry()
    await store.put(put)
    advance(119_999)
    expect(await store.find(put.key.id)).toEqual(put)
    advance(1)
    expect(await store.find(put.key.id)).toBeUndefined()
  })

  it('entries yields nothing at keepUntil', async () => {
    const { store, entry, advance, mine } = await open()
    await store.put(entry())
    advance(120_000)
    expect(await mine()).toEqual([])
  })

  it('delete says false at keepUntil', async () => {
    const { store, entry, advance } = await open()
    const put = entry()
    await store.put(put)
    advance(120_000)
    expect(await store.delete(put.key)).toBe(false)
  })

  it('put brings a key that is past keepUntil back', async () => {
    const { store, entry, advance } = await open()
    await store.put(entry())
    advance(120_000)
    const again = entry()
    await store.put(again)
    expect(await store.get(again.key)).toEqual(again)
  })

  it('sweep counts the dead and spares the living', async () => {
    const { store, entry, keyed, advance, mine } = await open()
    const digests = ['a', 'b', 'c'].map(hex)
    for (const digest of digests) await store.put(entry({ key: keyed({ digest }) }))
    advance(120_000)
    const living = entry()
    await store.put(living)
    if (!sweepsByItself) expect(await store.sweep()).toBe(3)
    expect(await store.sweep()).toBe(0)
    expect(await mine()).toEqual([living])
  })

  it('size no longer counts what was replaced, deleted or swept', async () => {
    const { store, entry, keyed, advance } = await open()
    const before = await store.size()
    await store.put(entry())
    await store.put(entry({ completion: '"replaced"' }))
    await store.put(entry({ key: keyed({ digest: hex('deleted') }) }))
    await store.delete(keyed({ digest: hex('deleted') }))
    const between = await store.size()
    expect(between.entries - before.entries).toBe(1)
    // Such a service sweeps by its own clock, which nobody can hold.
    if (sweepsByItself) return
    advance(120_000)
    await store.sweep()
    expect(await store.size()).toEqual(before)
  })
}
