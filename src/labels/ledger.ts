import { DAY_MS, LABEL_DAYS, labelTally, startOf } from '../insight/tallies.ts'
import type { Clock, Counters } from '../ports.ts'

/** Sums by field. */
export type Sums = ReadonlyMap<string, number>

export interface Wanted {
  readonly tenant: string
  /** True if the days that are over are wanted as well. */
  readonly whole: boolean
}

/** So many sums are asked for at once. */
const AT_ONCE = 60

export type Ledger = ReturnType<typeof createLedger>

/** Reads what has been learned of tenants' answers, day by day, for as long as it is gone by. */
export function createLedger({ counters, clock }: { readonly counters: Counters; readonly clock: Clock }) {
  const today = () => startOf('day', clock())
  return {
    today,

    /** In the order asked: of today and yesterday, which may still grow, and of the days before, if wanted. */
    async read(wanted: readonly Wanted[]): Promise<{ readonly late: Sums; readonly over: Sums | undefined }[]> {
      const [now, days] = [today(), Array.from({ length: LABEL_DAYS }, (_, ago) => ago)]
      const names = wanted.flatMap(({ tenant, whole }) =>
        days.slice(0, whole ? LABEL_DAYS : LATE_DAYS).map((ago) => labelTally(tenant, now - ago * DAY_MS).tally),
      )
      const tallies: Sums[] = []
      for (let at = 0; at < names.length; at += AT_ONCE) {
        tallies.push(...(await counters.read(names.slice(at, at + AT_ONCE))))
      }
      let at = 0
      return wanted.map(({ whole }) => {
        const late = merged(tallies.slice(at, at + LATE_DAYS))
        const over = whole ? merged(tallies.slice(at + LATE_DAYS, at + LABEL_DAYS)) : undefined
        at += whole ? LABEL_DAYS : LATE_DAYS
        return { late, over }
      })
    },
  }
}

const LATE_DAYS = 2

/** Sums of sums. */
export function merged(all: readonly (Sums | undefined)[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const some of all) for (const [field, amount] of some ?? []) sums.set(field, (sums.get(field) ?? 0) + amount)
  return sums
}
