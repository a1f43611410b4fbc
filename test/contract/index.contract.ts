import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Clock, Index, Partition, Pointer, Probe } from '../../src/ports.ts'
import { eventually, impatient } from './patience.ts'
import type { Patience } from './patience.ts'
import { aKey, aPointer, direction, hex } from './samples.ts'

/** An index to be judged. Other tenants may already be in it. */
export interface IndexSubject {
  readonly index: Index
  readonly clock: Clock
}

export interface IndexContract {
  readonly name: string
  create(): Promise<IndexSubject>
  /** At least two. */
  readonly dimensions?: number
  /** What stands for a direction in the plane, at so many degrees; a vector unless given. */
  readonly at?: (degrees: number) => Probe
  /** For an index in which pointers take a moment to become visible. */
  readonly patience?: Patience
}

/** The laws of the port `Index`. */
export function indexContract({ name, create, dimensions = 8, at, patience = impatient }: IndexContract): void {
  const probeAt = at ?? ((degrees) => direction(dimensions, degrees))

  // Each test is a tenant of its own, so that they may share one service.
  const open = async () => {
    const { index, clock } = await create()
    const within: Partition = {
      tenant: `t${randomUUID().replaceAll('-', '')}`,
      namespace: 'default',
      scope: hex('scope'),
      space: 'plane@1',
    }
    const pointer = (degrees: number, parts: Partial<Pointer> = {}, elsewhere: Partial<Partition> = {}) => {
      const { space, ...place } = { ...within, ...elsewhere }
      const question = `${degrees} degrees`
      return aPointer(clock(), probeAt(degrees), {
        key: aKey({ ...place, digest: hex(question) }),
        space,
        question,
        ...parts,
      })
    }
    const questions = async (degrees: number, limit = 8, expiringAfter = clock(), partition = within) =>
      (await index.nearest(partition, probeAt(degrees), limit, expiringAfter)).map(({ question }) => question)
    const expectSoon = (expectation: () => Promise<void>) => eventually(expectation, patience)
    return { index, clock, within, pointer, questions, expectSoon }
  }

  describe(`${name} keeps the laws of an index`, () => {
    it('nearest returns nothing from a partition that was never added to', async () => {
      const { questions } = await open()
      expect(await questions(0)).toEqual([])
    })

    it('nearest returns the nearest first', async () => {
      const { index, pointer, questions, expectSoon } = await open()
      for (const degrees of [40, 10, 30, 20]) await index.add(pointer(degrees))
      await expectSoon(async () =>
        expect(await questions(0)).toEqual(['10 degrees', '20 degrees', '30 degrees', '40 degrees']),
      )
    })

    it('nearest returns at most as many as asked for, the nearest of all', async () => {
      const { index, pointer, questions, expectSoon } = await open()
      for (const degrees of [40, 10, 30, 20]) await index.add(pointer(degrees))
      await expectSoon(async () => expect(await questions(0, 2)).toEqual(['10 degrees', '20 degrees']))
    })

    it('nearest reports the cosine', async () => {
      const { index, clock, within, pointer, expectSoon } = await open()
      for (const degrees of [0, 60, 90, 180]) await index.add(pointer(degrees))
      await expectSoon(async () => {
        const similarities = (await index.nearest(within, probeAt(0), 4, clock())).map(({ similarity }) => similarity)
        expect(similarities).toHaveLength(4)
        for (const [rank, cosine] of [1, 0.5, 0, -1].entries()) expect(similarities[rank]).toBeCloseTo(cosine, 5)
      })
    })

    it.each([0, 17, 33, 45, 61, 89])(
      'nearest reports 1, and never more, for the very same at %d degrees',
      async (degrees) => {
        const { index, clock, within, pointer, expectSoon } = await open()
        await index.add(pointer(degrees))
        await expectSoon(async () => {
          const [match] = await index.nearest(within, probeAt(degrees), 1, clock())
          expect(match?.similarity).toBeCloseTo(1, 5)
          expect(match?.similarity).toBeLessThanOrEqual(1)
        })
      },
    )

    it('nearest says of a match what was added', async () => {
      const { index, clock, within, pointer, expectSoon } = await open()
      const added = pointer(5, { question: 'Wie heißt „東京“? 🗼\n"\\' })
      await index.add(added)
      await expectSoon(async () => {
        const { key, question, createdAt, expiresAt } = added
        const similarity = expect.closeTo(Math.cos(Math.PI / 36), 5)
        const found = await index.nearest(within, probeAt(0), 1, clock())
        expect(found).toEqual([{ key, question, createdAt, expiresAt, similarity }])
      })
    })

    it.each<Partial<Partition>>([
      { tenant: 'another' },
      { namespace: 'another' },
      { scope: hex('another') },
      { space: 'another@1' },
    ])('nearest never returns what differs in %o', async (difference) => {
      const { index, clock, within, pointer, questions, expectSoon } = await open()
      const elsewhere = { ...within, ...difference }
      await index.add(pointer(0))
      await index.add(pointer(1, {}, difference))
      await expectSoon(async () => expect(await questions(0)).toEqual(['0 degrees']))
      await expectSoon(async () => expect(await questions(0, 8, clock(), elsewhere)).toEqual(['1 degrees']))
    })

    it('nearest says of an alias whose answer it is', async () => {
      const { index, clock, within, pointer, expectSoon } = await open()
      const aliasOf = { id: aKey().id, digest: aKey().digest }
      await index.add(pointer(10, { aliasOf }))
      await expectSoon(async () =>
        expect(await index.nearest(within, probeAt(10), 1, clock())).toMatchObject([{ aliasOf }]),
      )
    })

    it('nearest tells what answers say the same', async () => {
      const { index, clock, within, pointer, expectSoon } = await open()
      await index.add(pointer(10, { says: hex('Paris') }))
      await expectSoon(async () =>
        expect(await index.nearest(within, probeAt(10), 1, clock())).toMatchObject([{ says: hex('Paris') }]),
      )
    })

    it('nearest returns only what expires after the time given', async () => {
      const { index, clock, pointer, questions, expectSoon } = await open()
      const soon = clock() + 1000
      await index.add(pointer(1, { expiresAt: soon }))
      await index.add(pointer(2, { expiresAt: soon + 1 }))
      await expectSoon(async () => expect(await questions(0, 8, soon - 1)).toEqual(['1 degrees', '2 degrees']))
      expect(await questions(0, 8, soon)).toEqual(['2 degrees'])
    })

    it('what expires too early does not crowd out what does not', async () => {
      const { index, clock, pointer, questions, expectSoon } = await open()
      const crowd = Array.from({ length: 300 }, (_, nth) => pointer(nth / 100, { expiresAt: clock() + 1000 }))
      for (const each of crowd) await index.add(each)
      await index.add(pointer(80))
      await expectSoon(async () => expect(await questions(0, 1, clock() + 1000)).toEqual(['80 degrees']))
    })

    it('add replaces what the index held for the key', async () => {
      const { index, pointer, questions, expectSoon } = await open()
      const before = pointer(0)
      await index.add(before)
      await index.add(pointer(90, { key: before.key, question: 'moved' }))
      await expectSoon(async () => expect(await questions(0)).toEqual(['moved']))
    })

    it('delete takes the pointer out, and only it', async () => {
      const { index, pointer, questions, expectSoon } = await open()
      for (const degrees of [10, 20, 30]) await index.add(pointer(degrees))
      await index.delete(pointer(10).key)
      await expectSoon(async () => expect(await questions(0)).toEqual(['20 degrees', '30 degrees']))
    })

    it('delete of a key that is not there is not an error', async () => {
      const { index, pointer } = await open()
      await expect(index.delete(pointer(0).key)).resolves.toBeUndefined()
    })

    it('add brings a deleted key back', async () => {
      const { index, pointer, questions, expectSoon } = await open()
      await index.add(pointer(10))
      await index.delete(pointer(10).key)
      await index.add(pointer(10))
      await expectSoon(async () => expect(await questions(0)).toEqual(['10 degrees']))
    })

    it('size counts what was added and not deleted', async () => {
      const { index, pointer, expectSoon } = await open()
      const before = await index.size()
      for (const degrees of [10, 20, 30, 30]) await index.add(pointer(degrees))
      await index.delete(pointer(10).key)
      await expectSoon(async () => expect((await index.size()) - before).toBe(2))
    })
  })
}
