import { describe, expect, it } from 'vitest'
import type { Key } from '../../src/ports.ts'
import { hex } from './samples.ts'
import { expiryLaws } from './store-expiry.contract.ts'
import { pageLaws } from './store-page.contract.ts'
import { quotaLaws } from './store-quota.contract.ts'
import { openStore } from './store-subject.ts'
import type { StoreContract } from './store-subject.ts'

/** The laws of the port `Store`. */
export function storeContract({ name, create, sweepsByItself = false }: StoreContract): void {
  const open = () => openStore(create)

  describe(`${name} keeps the laws of a store`, () => {
    it('get returns nothing for a key that was never put', async () => {
      const { store, keyed } = await open()
      expect(await store.get(keyed())).toBeUndefined()
    })

    it('get returns every field as it was put', async () => {
      const { store, entry } = await open()
      const put = entry({
        question: 'Wie heißt „東京“ auf Arabisch? 🗼\u0000\u2028\n\t"\\\'',
        completion: '{"content":"طوكيو 🇯🇵 — it’s\\n\\u0000 so"}',
        model: 'ft:gpt-mini:acme::8',
        tags: ['geography', 'línea 1, "quoted"', ''],
        usage: { promptTokens: 0, completionTokens: 123_456 },
        tookMs: 1234.567,
        epoch: 42,
        parts: { upstream: '0a1b2c3d', 'request.messages': 'ffffffff' },
      })
      await store.put(put)
      expect(await store.get(put.key)).toEqual(put)
    })

    it('delete leaves alone what has replaced the answer of the time that is named', async () => {
      const { store, entry } = await open()
      const old = entry()
      const renewed = { ...old, createdAt: old.createdAt + 0.5 }
      await store.put(renewed)
      expect(await store.delete(old.key, old.createdAt)).toBe(false)
      expect(await store.get(old.key)).toEqual(renewed)
      expect(await store.delete(old.key, renewed.createdAt)).toBe(true)
      expect(await store.get(old.key)).toBeUndefined()
    })

    it('entries yields every field as it was put', async () => {
      const { store, entry, mine } = await open()
      const vector = new Float32Array([0.6, -0.8])
      const put = entry({ tags: ['a', 'b'], vector, space: 'plane@1', says: hex('Paris'), epoch: 42 })
      await store.put(put)
      expect(await mine()).toEqual([put])
    })

    it('an alias is kept without an answer', async () => {
      const { store, entry, keyed, mine } = await open()
      const { id, digest } = keyed({ digest: hex('root') })
      const alias = entry({ aliasOf: { id, digest }, completion: '' })
      await store.put(alias)
      expect(await store.get(alias.key)).toEqual(alias)
      expect(await store.find(alias.key.id)).toEqual(alias)
      expect(await mine()).toEqual([alias])
    })

    it('find returns every field as it was put, by the name alone', async () => {
      const { store, entry, keyed } = await open()
      const vector = new Float32Array([0.6, -0.8])
      const put = entry({ tags: ['a', 'b'], vector, space: 'plane@1', says: hex('Paris'), epoch: 42 })
      await store.put(put)
      await store.put(entry({ key: keyed({ digest: hex('other') }) }))
      expect(await store.find(put.key.id)).toEqual(put)
    })

    it.each(['ent_000000000000000000000000', 'ent_', '', '*', "' OR 1=1 --", 'é\u0000'])(
      'find returns nothing for %j, a name that nobody has',
      async (name) => {
        const { store, entry } = await open()
        await store.put(entry())
        expect(await store.find(name)).toBeUndefined()
      },
    )

    it('find returns what was replaced as it is now, and nothing once it is deleted', async () => {
      const { store, entry } = await open()
      await store.put(entry())
      expect(await store.find(entry().key.id)).toEqual(entry())
      await store.put(entry({ completion: '"new"' }))
      expect(await store.find(entry().key.id)).toEqual(entry({ completion: '"new"' }))
      await store.delete(entry().key)
      expect(await store.find(entry().key.id)).toBeUndefined()
    })

    it('get returns a vector to the bit', async () => {
      const { store, entry } = await open()
      const vector = new Float32Array([0.1, -1 / 3, -0, 1.401298464324817e-45, 3.4028234663852886e38, 1e-8])
      await store.put(entry({ vector, space: 'odd space: 256/é' }))
      const found = await store.get(entry().key)
      expect(new Uint32Array(found!.vector!.buffer)).toEqual(new Uint32Array(vector.buffer))
      expect(found!.space).toBe('odd space: 256/é')
    })

    it('get returns what is absent as absent', async () => {
      const { store, entry } = await open()
      await store.put(entry({ usage: undefined, vector: undefined, space: undefined, tags: [] }))
      const found = await store.get(entry().key)
      expect(found).toMatchObject({ usage: undefined, vector: undefined, space: undefined, tags: [] })
    })

    it('get returns a completion of a million bytes', async () => {
      const { store, entry } = await open()
      const completion = JSON.stringify({ content: 'é'.repeat(500_000) })
      await store.put(entry({ completion }))
      expect((await store.get(entry().key))?.completion).toBe(completion)
    })

    it('put replaces what the key held', async () => {
      const { store, entry, mine } = await open()
      await store.put(entry({ completion: '"old"', tags: ['old'], vector: new Float32Array([1]), space: 'line@1' }))
      await store.put(entry({ completion: '"new"' }))
      expect(await store.get(entry().key)).toEqual(entry({ completion: '"new"' }))
      expect(await mine()).toHaveLength(1)
    })

    it.each<Partial<Key>>([
      { tenant: 'another' },
      { namespace: 'another' },
      { scope: hex('another') },
      { digest: hex('another') },
    ])('get never returns the entry of a key that differs in %o', async (difference) => {
      const { store, entry, keyed } = await open()
      await store.put(entry())
      expect(await store.get(keyed(difference))).toBeUndefined()
    })

    it('put leaves the entries of other keys alone', async () => {
      const { store, entry, keyed } = await open()
      const others = [keyed({ namespace: 'other' }), keyed({ scope: hex('other') }), keyed({ digest: hex('other') })]
      for (const key of others) await store.put(entry({ key, completion: `"${key.id}"` }))
      await store.put(entry())
      const found = await Promise.all(others.map((key) => store.get(key)))
      expect(found.map((each) => each?.completion)).toEqual(others.map((key) => `"${key.id}"`))
    })

    it('delete says true, and get then returns nothing', async () => {
      const { store, entry, mine } = await open()
      await store.put(entry())
      expect(await store.delete(entry().key)).toBe(true)
      expect(await store.get(entry().key)).toBeUndefined()
      expect(await mine()).toEqual([])
    })

    it('delete says false if there is nothing, or no longer', async () => {
      const { store, entry } = await open()
      expect(await store.delete(entry().key)).toBe(false)
      await store.put(entry())
      await store.delete(entry().key)
      expect(await store.delete(entry().key)).toBe(false)
    })

    it('put brings a deleted key back', async () => {
      const { store, entry } = await open()
      await store.put(entry())
      await store.delete(entry().key)
      await store.put(entry({ completion: '"again"' }))
      expect((await store.get(entry().key))?.completion).toBe('"again"')
    })

    it('entries yields a thousand living entries, each once', async () => {
      const { store, entry, keyed, mine } = await open()
      const keys = Array.from({ length: 1000 }, (_, at) => keyed({ digest: hex(`${at}`) }))
      await Promise.all(keys.map((key) => store.put(entry({ key }))))
      const found = (await mine()).map(({ key }) => key.id)
      expect(found.sort()).toEqual(keys.map(({ id }) => id).sort())
    })

    it('concurrent puts to one key leave one of them, whole', async () => {
      const { store, entry, mine } = await open()
      const puts = Array.from({ length: 20 }, (_, at) => entry({ question: `${at}`, completion: `"${at}"` }))
      await Promise.all(puts.map((put) => store.put(put)))
      const found = await store.get(entry().key)
      expect(puts).toContainEqual(found)
      expect(await mine()).toEqual([found])
    })

    it('size counts entries and their bytes', async () => {
      const { store, entry, keyed } = await open()
      const before = await store.size()
      await store.put(entry({ completion: JSON.stringify('x'.repeat(10_000)) }))
      await store.put(entry({ key: keyed({ digest: hex('other') }) }))
      const after = await store.size()
      expect(after.entries - before.entries).toBe(2)
      expect(after.bytes - before.bytes).toBeGreaterThan(10_000)
    })

    expiryLaws(open, sweepsByItself)
    pageLaws(open)
    quotaLaws(open)
  })
}
