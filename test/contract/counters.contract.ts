import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Addition, Clock, Counters } from '../../src/ports.ts'

/** Counters to be judged, as two replicas see them, and how to let time pass for them. */
export interface CountersSubject {
  readonly ours: Counters
  readonly theirs: Counters
  readonly clock: Clock
  advance(ms: number): Promise<void> | void
}

/** The laws of the port `Counters`. */
export function countersContract({ name, create }: { name: string; create(): Promise<CountersSubject> }): void {
  const open = async () => {
    const subject = await create()
    const tally = `acme/day/${randomUUID()}`
    const keepUntil = subject.clock() + 3_600_000
    const addition = (parts: Partial<Addition> = {}) => ({ tally, field: 'hits', amount: 1, keepUntil, ...parts })
    return { ...subject, tally, keepUntil, addition, batch: randomUUID() }
  }
  const read = async (counters: Counters, tally: string) => Object.fromEntries((await counters.read([tally]))[0]!)

  describe(`${name} keeps the laws of counters`, () => {
    it('read finds a tally empty that nothing was added to', async () => {
      const { ours, tally } = await open()
      expect(await ours.read([tally])).toEqual([new Map()])
    })

    it('read of no tallies gives none', async () => {
      const { ours } = await open()
      expect(await ours.read([])).toEqual([])
    })

    it('add increases the sum of each field', async () => {
      const { ours, theirs, tally, addition } = await open()
      await ours.add(randomUUID(), [addition({ amount: 2 }), addition({ field: 'misses', amount: 3 })])
      await theirs.add(randomUUID(), [addition({ amount: 40 })])
      expect(await read(ours, tally)).toEqual({ hits: 42, misses: 3 })
    })

    it('add adds to one field as often as a batch names it', async () => {
      const { ours, tally, addition, batch } = await open()
      await ours.add(batch, [addition(), addition({ amount: 5 }), addition()])
      expect(await read(ours, tally)).toEqual({ hits: 7 })
    })

    it('add takes away as well', async () => {
      const { ours, tally, addition, batch } = await open()
      await ours.add(batch, [addition({ amount: 5 }), addition({ amount: -7 })])
      expect(await read(ours, tally)).toEqual({ hits: -2 })
    })

    it('add of nothing is nothing', async () => {
      const { ours, tally, batch } = await open()
      await ours.add(batch, [])
      expect(await read(ours, tally)).toEqual({})
    })

    it('read gives the tallies in the order asked, one twice if it is asked for twice', async () => {
      const { ours, tally, addition, batch } = await open()
      await ours.add(batch, [addition({ amount: 1 }), addition({ tally: `${tally}/2`, amount: 2 })])
      const sums = await ours.read([`${tally}/2`, `${tally}/3`, tally, `${tally}/2`])
      expect(sums.map((each) => each.get('hits'))).toEqual([2, undefined, 1, 2])
    })

    it('no addition is lost among many at once', async () => {
      const { ours, theirs, tally, addition } = await open()
      await Promise.all(
        Array.from({ length: 50 }, (_, at) => (at % 2 ? ours : theirs).add(randomUUID(), [addition({ amount: at })])),
      )
      expect(await read(ours, tally)).toEqual({ hits: 1225 })
    })

    it('a batch of a thousand additions is added whole', async () => {
      const { ours, tally, addition, batch } = await open()
      const additions = Array.from({ length: 1_000 }, (_, at) =>
        addition({ tally: `${tally}/${at % 10}`, field: `${at % 50}` }),
      )
      await ours.add(batch, additions)
      const sums = await ours.read(Array.from({ length: 10 }, (_, at) => `${tally}/${at}`))
      expect(sums.flatMap((each) => [...each.values()])).toEqual(Array.from({ length: 50 }, () => 20))
    })

    it('a batch is added once, however often it is sent', async () => {
      const { ours, theirs, tally, addition, batch } = await open()
      await ours.add(batch, [addition()])
      await ours.add(batch, [addition()])
      await theirs.add(batch, [addition()])
      expect(await read(ours, tally)).toEqual({ hits: 1 })
    })

    it('a batch is added once, however many send it at once', async () => {
      const { ours, theirs, tally, addition, batch } = await open()
      await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? ours : theirs).add(batch, [addition()])))
      expect(await read(ours, tally)).toEqual({ hits: 1 })
    })

    it('a batch is not added again for ten minutes', async () => {
      const { ours, tally, addition, batch, advance } = await open()
      await ours.add(batch, [addition()])
      await advance(590_000)
      await ours.add(batch, [addition()])
      expect(await read(ours, tally)).toEqual({ hits: 1 })
    })

    it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
      'a batch with %d in it is not added, nor taken for added',
      async (amount) => {
        const { ours, tally, addition, batch } = await open()
        await expect(ours.add(batch, [addition(), addition({ field: 'misses', amount })])).rejects.toThrow(RangeError)
        expect(await read(ours, tally)).toEqual({})
        await ours.add(batch, [addition()])
        expect(await read(ours, tally)).toEqual({ hits: 1 })
      },
    )

    it('sums are exact up to 2^53', async () => {
      const { ours, tally, addition, batch } = await open()
      await ours.add(batch, [addition({ amount: Number.MAX_SAFE_INTEGER - 1 }), addition()])
      expect(await read(ours, tally)).toEqual({ hits: Number.MAX_SAFE_INTEGER })
    })

    it('sums beyond 2^53 are rounded when they are read, and only then', async () => {
      const { ours, tally, addition } = await open()
      for (let nth = 0; nth < 4; nth++) await ours.add(randomUUID(), [addition({ amount: Number.MAX_SAFE_INTEGER })])
      expect(await read(ours, tally)).toEqual({ hits: 4 * Number.MAX_SAFE_INTEGER })
      for (let nth = 0; nth < 3; nth++) await ours.add(randomUUID(), [addition({ amount: -Number.MAX_SAFE_INTEGER })])
      expect(await read(ours, tally)).toEqual({ hits: Number.MAX_SAFE_INTEGER })
    })

    it.each([':', '/', '\n', ' ', '*', '"', '\\', '🗼', "'; --", '{}', ''])(
      'names with %j in them are names of their own',
      async (odd) => {
        const { ours, tally, addition, batch } = await open()
        const names = [...new Set([`a${odd}b`, 'a', 'b', `a${odd}`, 'ab', odd])]
        await ours.add(
          batch,
          names.flatMap((field, at) => [
            addition({ field, amount: at }),
            addition({ tally: `${tally}${odd}${field}`, amount: at }),
          ]),
        )
        expect(await read(ours, tally)).toMatchObject(Object.fromEntries(names.map((field, at) => [field, at])))
        if (odd === '') return
        const sums = await ours.read(names.map((field) => `${tally}${odd}${field}`))
        expect(sums.map((each) => each.get('hits'))).toEqual(names.map((_, at) => at))
      },
    )

    it('a batch may be named like a tally', async () => {
      const { ours, tally, addition } = await open()
      await ours.add(tally, [addition()])
      expect(await read(ours, tally)).toEqual({ hits: 1 })
    })

    it('a tally is forgotten at keepUntil, and not before', async () => {
      const { ours, tally, addition, batch, advance } = await open()
      await ours.add(batch, [addition()])
      await advance(3_590_000)
      expect(await read(ours, tally)).toEqual({ hits: 1 })
      await advance(10_000)
      expect(await read(ours, tally)).toEqual({})
    })

    it.each([
      ['is named last', [1, 2]],
      ['is named first', [2, 1]],
    ])('the latest keepUntil of a tally holds when it %s', async (_, hours) => {
      const { ours, tally, addition, advance, clock } = await open()
      const now = clock()
      for (const each of hours) await ours.add(randomUUID(), [addition({ keepUntil: now + each * 3_600_000 })])
      await advance(3_700_000)
      expect(await read(ours, tally)).toEqual({ hits: 2 })
      await advance(3_600_000)
      expect(await read(ours, tally)).toEqual({})
    })

    it('the latest keepUntil of a tally holds within a batch, even if another is past', async () => {
      const { ours, tally, addition, batch, clock } = await open()
      await ours.add(batch, [addition({ keepUntil: clock() - 1 }), addition(), addition({ keepUntil: clock() - 1 })])
      expect(await read(ours, tally)).toEqual({ hits: 3 })
    })

    it('a tally that was forgotten begins anew', async () => {
      const { ours, tally, addition, advance, clock, batch } = await open()
      const other = `${tally}/other`
      await ours.add(batch, [addition({ amount: 5 }), addition({ tally: other, field: 'misses' })])
      await advance(3_600_000)
      await ours.add(randomUUID(), [addition({ keepUntil: clock() + 7_200_000 })])
      expect(await read(ours, tally)).toEqual({ hits: 1 })
      expect(await read(ours, other)).toEqual({})
    })
  })
}
