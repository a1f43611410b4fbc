import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Records } from '../../src/ports.ts'

/** Records to be judged, as two replicas see them; other kinds may already be in them. */
export interface RecordsSubject {
  readonly ours: Records
  readonly theirs: Records
}

/** The laws of the port `Records`. */
export function recordsContract({ name, create }: { name: string; create(): Promise<RecordsSubject> }): void {
  const open = async () => ({ ...(await create()), kind: `kind-${randomUUID()}` })

  describe(`${name} keeps the laws of records`, () => {
    it('get finds nothing where nothing was put', async () => {
      const { ours, kind } = await open()
      expect(await ours.get(kind, 'tenant/acme')).toBeUndefined()
    })

    it('swap puts a document where there is none', async () => {
      const { ours, theirs, kind } = await open()
      expect(await ours.swap(kind, 'tenant/acme', undefined, 'first')).toBe(true)
      expect(await theirs.get(kind, 'tenant/acme')).toBe('first')
    })

    it('swap replaces the text that it is told is there', async () => {
      const { ours, theirs, kind } = await open()
      await ours.swap(kind, 'tenant/acme', undefined, 'first')
      expect(await theirs.swap(kind, 'tenant/acme', 'first', 'second')).toBe(true)
      expect(await ours.get(kind, 'tenant/acme')).toBe('second')
    })

    it('swap takes a document away', async () => {
      const { ours, theirs, kind } = await open()
      await ours.swap(kind, 'tenant/acme', undefined, 'first')
      expect(await ours.swap(kind, 'tenant/acme', 'first', undefined)).toBe(true)
      expect(await theirs.get(kind, 'tenant/acme')).toBeUndefined()
      expect(await theirs.list(kind)).toEqual([])
    })

    it.each<[string, string | undefined, string | undefined, string | undefined]>([
      ['another text is there', 'theirs', 'first', 'ours'],
      ['the text is there in part', 'first and more', 'first', 'ours'],
      ['a text is there already', 'theirs', undefined, 'ours'],
      ['an empty text is there already', '', undefined, 'ours'],
      ['there is no text', undefined, 'first', 'ours'],
      ['there is no text, not even an empty one', undefined, '', 'ours'],
      ['another text would be taken away', 'theirs', 'first', undefined],
    ])('swap refuses, and changes nothing, when %s', async (_, there, before, after) => {
      const { ours, theirs, kind } = await open()
      await theirs.swap(kind, 'tenant/acme', undefined, there)
      const version = await ours.version(kind)
      expect(await ours.swap(kind, 'tenant/acme', before, after)).toBe(false)
      expect(await ours.get(kind, 'tenant/acme')).toBe(there)
      expect(await ours.version(kind)).toBe(version)
    })

    it.each([undefined, 'text'])('swap of %j by itself only asks whether it is still that', async (text) => {
      const { ours, kind } = await open()
      await ours.swap(kind, 'tenant/acme', undefined, text)
      const version = await ours.version(kind)
      expect(await ours.swap(kind, 'tenant/acme', text, text)).toBe(true)
      expect(await ours.swap(kind, 'tenant/acme', 'another', 'another')).toBe(false)
      expect(await ours.get(kind, 'tenant/acme')).toBe(text)
      expect(await ours.version(kind)).toBe(version)
    })

    it('one of many who swap the same text at once succeeds, and no other', async () => {
      const { ours, theirs, kind } = await open()
      await ours.swap(kind, 'tenant/acme', undefined, 'before')
      const racers = Array.from({ length: 20 }, (_, at) => `racer ${at}`)
      const won = await Promise.all(
        racers.map((text, at) => (at % 2 ? ours : theirs).swap(kind, 'tenant/acme', 'before', text)),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await ours.get(kind, 'tenant/acme')).toBe(racers[won.indexOf(true)])
    })

    it('one of many who put the same document at once succeeds, and no other', async () => {
      const { ours, theirs, kind } = await open()
      const won = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 ? ours : theirs).swap(kind, 'key/1', undefined, `racer ${at}`)),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
    })

    it.each<[string, string]>([
      ['nothing', ''],
      ['a number', '1'],
      ['a long number', '12345678901234567890'],
      ['null', 'null'],
      ['OK', 'OK'],
      ['what looks like a side of a swap', '=text'],
      ['JSON', '{"quota":{"maxEntries":1},"name":"\\u0000\\"Åcme\\""}'],
      ['many scripts', 'Größe 東京 🗼 ﷽ \u{10FFFF} e\u0301'],
      ['lines', ' one\ntwo\r\nthree\t\u0000\u2028 '],
      ['a megabyte', '{"line":"é"}\n'.repeat(75_000)],
    ])('a text of %s survives', async (_, text) => {
      const { ours, theirs, kind } = await open()
      expect(await ours.swap(kind, 'doc', undefined, text)).toBe(true)
      expect(await theirs.get(kind, 'doc')).toBe(text)
      expect(await theirs.list(kind)).toEqual([{ id: 'doc', text }])
      expect(await theirs.swap(kind, 'doc', text, 'next')).toBe(true)
    })

    it.each([':', '/', '/../', '\n', ' ', '%2F', '*', '?', '[a]', '\\', '%', '_', '🗼', "'; --"])(
      'an id with %j in it is an id of its own, and so is a prefix',
      async (odd) => {
        const { ours, kind } = await open()
        const ids = [`a${odd}b`, 'a', 'b', `${odd}a${odd}b`, `a${odd}`, 'ab', odd]
        for (const id of ids) await ours.swap(kind, id, undefined, `text of ${id}`)
        expect(await Promise.all(ids.map((id) => ours.get(kind, id)))).toEqual(ids.map((id) => `text of ${id}`))
        expect((await ours.list(kind, `a${odd}`)).map(({ id }) => id)).toEqual([`a${odd}`, `a${odd}b`])
        expect((await ours.list(kind, odd)).map(({ id }) => id)).toEqual([odd, `${odd}a${odd}b`])
      },
    )

    it('kinds have nothing to do with one another, however they are named', async () => {
      const { ours, kind } = await open()
      const kinds = [kind, `${kind}:version`, `${kind}/version`, `version:${kind}`]
      const versions = await Promise.all(kinds.map((each) => ours.version(each)))
      await ours.swap(kind, 'doc', undefined, 'text')
      for (const other of kinds.slice(1)) {
        expect(await ours.get(other, 'doc')).toBeUndefined()
        expect(await ours.list(other)).toEqual([])
      }
      expect(await Promise.all(kinds.slice(1).map((each) => ours.version(each)))).toEqual(versions.slice(1))
    })

    it('list gives the documents of a kind in the order of their ids', async () => {
      const { ours, theirs, kind } = await open()
      const sorted = ['key/1', 'tenant/10', 'tenant/9', 'tenant/a', 'tenant/b'].map((id, at) => ({
        id,
        text: `${9 - at}`,
      }))
      for (const at of [4, 0, 3, 1, 2]) await ours.swap(kind, sorted[at]!.id, undefined, sorted[at]!.text)
      expect(await theirs.list(kind)).toEqual(sorted)
    })

    it('list leaves out what does not begin with the prefix', async () => {
      const { ours, kind } = await open()
      for (const id of ['tenant', 'tenant/a', 'tenant/b', 'Tenant/c', 'old/tenant/d'])
        await ours.swap(kind, id, undefined, 'text')
      expect((await ours.list(kind, 'tenant/')).map(({ id }) => id)).toEqual(['tenant/a', 'tenant/b'])
      expect(await ours.list(kind, 'key/')).toEqual([])
    })

    it('version stays while nothing changes', async () => {
      const { ours, theirs, kind } = await open()
      await ours.swap(kind, 'doc', undefined, 'text')
      const version = await ours.version(kind)
      await ours.get(kind, 'doc')
      await ours.list(kind)
      expect(await ours.version(kind)).toBe(version)
      expect(await theirs.version(kind)).toBe(version)
    })

    it('versions tells those of several kinds in the order asked, and 0 where there was never anything', async () => {
      const { ours, theirs, kind } = await open()
      const [other, none] = [`${kind}:version`, `${kind}-none`]
      for (const text of ['a', 'b']) await ours.swap(kind, text, undefined, text)
      await theirs.swap(other, 'doc', undefined, 'text')
      const versions = await theirs.versions([other, none, kind])
      expect(versions).toEqual([await ours.version(other), '0', await ours.version(kind)])
      expect(new Set(versions).size).toBe(3)
    })

    it('version never has been before, whoever makes the change and whatever it undoes', async () => {
      const { ours, theirs, kind } = await open()
      const versions = [await ours.version(kind)]
      const changes: [string | undefined, string | undefined][] = [
        [undefined, 'a'],
        ['a', 'b'],
        ['b', 'a'],
        ['a', undefined],
        [undefined, 'a'],
      ]
      for (const [at, [before, after]] of changes.entries()) {
        await (at % 2 ? ours : theirs).swap(kind, 'doc', before, after)
        versions.push(await ours.version(kind))
      }
      expect(new Set(versions).size).toBe(changes.length + 1)
    })
  })
}
