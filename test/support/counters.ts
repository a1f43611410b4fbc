import type { Clock, Counters } from '../../src/ports.ts'

/** How long a batch is known by its name. */
const KNOWN_MS = 10 * 60_000

/** Counters that forget when they may, and not a moment later. */
export function memoryCounters(clock: Clock): Counters {
  const tallies = new Map<string, { readonly sums: Map<string, bigint>; keepUntil: number }>()
  const batches = new Map<string, number>()

  return {
    async add(batch, additions) {
      const addedAt = batches.get(batch)
      if (addedAt !== undefined && clock() - addedAt < KNOWN_MS) return
      const amounts = additions.map(({ amount }) => BigInt(amount))
      if (!additions.every(({ amount }) => Number.isSafeInteger(amount))) throw new RangeError('too much to be exact')
      batches.set(batch, clock())
      for (const { tally } of additions) if (!current(tally)) tallies.delete(tally)
      additions.forEach(({ tally: name, field, keepUntil }, nth) => {
        const tally = tallies.get(name) ?? { sums: new Map<string, bigint>(), keepUntil }
        tally.keepUntil = Math.max(tally.keepUntil, keepUntil)
        tally.sums.set(field, (tally.sums.get(field) ?? 0n) + amounts[nth]!)
        tallies.set(name, tally)
      })
    },
    async read(names) {
      return names.map((name) => {
        const sums = current(name)?.sums ?? new Map<string, bigint>()
        return new Map([...sums].map(([field, sum]) => [field, Number(sum)]))
      })
    },
  }

  function current(name: string) {
    const tally = tallies.get(name)
    return tally && tally.keepUntil > clock() ? tally : undefined
  }
}

/** A line to the counters that can be cut: before a batch gets there, or before whoever sent it hears of it. */
export function cutLine(counters: Counters) {
  let cut: 'nowhere' | 'before' | 'after' = 'nowhere'
  const tried: string[] = []
  return {
    /** The names of the batches that were sent, whether they arrived or not. */
    tried,
    cut(where: typeof cut): void {
      cut = where
    },
    counters: {
      ...counters,
      async add(batch, additions) {
        tried.push(batch)
        if (cut === 'before') throw new Error('the line is cut')
        await counters.add(batch, additions)
        if (cut === 'after') throw new Error('the line was cut')
      },
    } satisfies Counters,
  }
}
