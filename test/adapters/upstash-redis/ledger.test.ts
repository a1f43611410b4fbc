import { expect, it } from 'vitest'
import { redisStore } from '../../../src/adapters/upstash-redis/redis-store.ts'
import type { Send } from '../../../src/adapters/upstash-redis/client.ts'
import type { Entry } from '../../../src/ports.ts'
import { aKey, anEntry, hex } from '../../contract/samples.ts'
import { onStandIn, open } from './support.ts'

const { tenant } = aKey()
const numbered = (nth: number) => aKey({ digest: hex(`${nth}`) })
const few = (maxEntries: number) => ({ maxEntries, maxBytes: 1e9 })

onStandIn('the account of a Redis store', (bridge) => {
  const opened = () => {
    const subject = open(bridge())
    const { store, clock, prefix } = subject
    const nth = (at: number, parts: Partial<Entry> = {}) => anEntry(clock(), { key: numbered(at), ...parts })
    return {
      ...subject,
      nth,
      fill: (count: number) => Promise.all(Array.from({ length: count }, (_, at) => store.put(nth(at)))),
      kept: async () => (await store.page(tenant, 1_000)).entries.map(({ key }) => key.id).sort(),
      account: ['entries', 'names', 'sizes'].map((part) => `${prefix}:tenant:${tenant}:${part}`),
      commands: bridge().commands,
    }
  }
  const idsOf = (...numbers: number[]) => numbers.map((at) => numbered(at).id).sort()

  it('costs a put within the quota no command of its own, and one that must make room a second', async () => {
    const { store, nth, commands } = opened()
    for (let at = 0; at < 5; at++) await store.put(nth(at), few(5))
    expect(commands.count()).toBe(5)
    await store.put(nth(5), few(5))
    expect(commands.count()).toBe(7)
  })

  it('lets go first of what expires soonest', async () => {
    const { store, nth, clock, kept } = opened()
    const inSeconds = [50, 90, 10, 80, 20]
    for (const [at, seconds] of inSeconds.entries()) {
      await store.put(nth(at, { expiresAt: clock(), keepUntil: clock() + seconds * 1_000 }), few(5))
    }
    await store.put(nth(5, { keepUntil: clock() + 5_000 }), few(3))
    expect(await kept()).toEqual(idsOf(1, 3, 5))
  })

  it('leaves nothing behind of those who had to go', async () => {
    const { store, nth, fill, kept, send, prefix, account } = opened()
    await fill(8)
    await store.put(nth(8), few(3))
    const names = await kept()
    expect(names).toHaveLength(3)
    const records = Array.from({ length: 9 }, (_, at) => `${prefix}:entry:${numbered(at).id}`)
    expect(await send('EXISTS', ...records)).toBe(3)
    const [ends, ids, sizes] = account as [string, string, string]
    expect(await send('ZRANGE', ids, 0, -1)).toEqual(names)
    expect((await send('ZRANGE', ends, 0, -1)) as string[]).toEqual(expect.arrayContaining(names))
    expect(await send('ZCARD', ends)).toBe(3)
    expect(((await send('HKEYS', sizes)) as string[]).sort()).toEqual(['bytes', ...names, 'entries'].sort())
  })

  it('makes room with the next put if it could not with this one', async () => {
    const { store, nth, fill, kept, clock, prefix, send } = opened()
    await fill(5)
    let scripts = 0
    const failing: Send = async (...command) => {
      if (command[0] === 'EVAL' && ++scripts === 2) throw new Error('down')
      return send(...command)
    }
    await expect(redisStore({ send: failing, clock, prefix }).put(nth(5), few(3))).rejects.toThrow('down')
    expect(await store.sizeOf(tenant)).toMatchObject({ entries: 6 })
    await store.put(nth(6), few(3))
    expect(await kept()).toHaveLength(3)
    expect(await store.sizeOf(tenant)).toMatchObject({ entries: 3 })
  })

  it('is right however many replicas put at once', async () => {
    const { nth, clock, prefix, send, store, kept } = opened()
    const replicas = Array.from({ length: 4 }, () => redisStore({ send, clock, prefix }))
    await Promise.all(Array.from({ length: 80 }, (_, at) => replicas[at % 4]!.put(nth(at % 40), few(10))))
    const names = await kept()
    expect(names.length).toBeLessThanOrEqual(10)
    expect((await store.sizeOf(tenant)).entries).toBe(names.length)
    const sizes = await Promise.all(names.map((id) => send('STRLEN', `${prefix}:entry:${id}`)))
    expect((await store.sizeOf(tenant)).bytes).toBe(sizes.reduce<number>((sum, size) => sum + Number(size), 0))
  })

  it('ends when the last of its entries does', async () => {
    const { store, nth, clock, send, account } = opened()
    await store.put(nth(0, { keepUntil: clock() + 900_000.5 }))
    await store.put(nth(1, { keepUntil: clock() + 300_000 }))
    for (const name of account) expect(await send('PEXPIRETIME', name)).toBe(clock() + 900_001)
  })

  it('forgets the dead, a few with each put', async () => {
    const { store, nth, fill, advance } = opened()
    await fill(100)
    advance(120_000)
    const sizes: number[] = []
    for (let at = 100; at < 105; at++) {
      await store.put(nth(at))
      sizes.push((await store.sizeOf(tenant)).entries)
    }
    expect(sizes).toEqual([69, 38, 7, 4, 5])
  })

  it.each([0, 1, 2])('begins anew if Redis, being full, has let go of a part of it: number %i', async (part) => {
    const { store, nth, fill, send, account, kept } = opened()
    await fill(5)
    await send('DEL', account[part]!)
    await store.put(nth(5), few(2))
    await store.put(nth(6), few(2))
    expect(await kept()).toEqual(idsOf(5, 6))
    expect((await store.sizeOf(tenant)).entries).toBe(2)
  })

  it('lets a record be deleted of which it knows nothing', async () => {
    const { store, nth, send, account } = opened()
    await store.put(nth(0))
    await send('DEL', ...account)
    expect(await store.delete(numbered(0))).toBe(true)
    expect(await store.get(numbered(0))).toBeUndefined()
    expect(await store.sizeOf(tenant)).toEqual({ entries: 0, bytes: 0 })
  })

  it('tells the size of all tenants in two commands', async () => {
    const { store, nth, clock, commands } = opened()
    const tenants = ['a', 'b', 'c']
    for (const name of tenants) {
      for (let at = 0; at < 5; at++) await store.put(nth(at, { key: aKey({ tenant: name, digest: hex(`${at}`) }) }))
    }
    await store.put(nth(0, { key: aKey({ tenant: 'dead' }), keepUntil: clock() }))
    const each = await Promise.all(tenants.map((name) => store.sizeOf(name)))
    commands.reset()
    const { entries, bytes } = await store.size()
    expect(commands.count()).toBe(2)
    expect({ entries, bytes }).toEqual({ entries: 15, bytes: each.reduce((sum, size) => sum + size.bytes, 0) })
  })

  it('knows of no tenant any more all of whose entries are dead', async () => {
    const { store, nth, send, prefix, advance } = opened()
    await store.put(nth(0, { key: aKey({ tenant: 'gone' }) }))
    advance(120_000)
    await store.put(nth(1))
    expect(await send('ZRANGE', `${prefix}:tenants`, 0, -1)).toEqual([tenant])
  })
})
