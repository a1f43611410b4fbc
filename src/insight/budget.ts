import { inTime } from '../deadline.ts'
import { ServiceError } from '../errors.ts'
import type { Clock, Counters } from '../ports.ts'

/** What a tenant, or one of its keys, may have the model cost. */
export interface Budget {
  readonly usdPerDay?: number | undefined
  readonly usdPerMonth?: number | undefined
}

export interface Spender {
  readonly tenant: string
  readonly keyId?: string | undefined
  readonly limits: Budget
  readonly keyLimits?: Budget | undefined
}

/** How old the sums may be that a budget is held against; so much longer may money be spent that is no longer there. */
const STALE_MS = 2_000
/** Who cannot be told within so long what has been spent is let in. */
const PATIENCE_MS = 100
const DAY_MS = 86_400_000
const NANO = 1e9

interface Spent {
  readonly day: number
  readonly month: number
}

/** Holds what the model has cost, by the day and by the month (UTC), against budgets. */
export function createBudgets({ counters, clock }: { readonly counters: Counters; readonly clock: Clock }) {
  const known = new Map<string, { readonly at: number; readonly spent: Promise<ReadonlyMap<string, Spent>> }>()

  return {
    /** Why the model must not be asked for this caller; `undefined` if it may, or if nobody can tell. */
    async refusal({ tenant, keyId, limits, keyLimits = {} }: Spender): Promise<ServiceError | undefined> {
      if (![limits, keyLimits].some(({ usdPerDay, usdPerMonth }) => usdPerDay ?? usdPerMonth)) return undefined
      const unknown = new Map<string, Spent>()
      const spent = await inTime(
        PATIENCE_MS,
        spentBy(tenant).catch(() => unknown),
        unknown,
      )
      return over(limits, sumOf(spent.values())) ?? over(keyLimits, spent.get(keyId ?? ''))
    },
  }

  function spentBy(tenant: string): Promise<ReadonlyMap<string, Spent>> {
    const now = clock()
    const current = known.get(tenant)
    if (current && now - current.at < STALE_MS) return current.spent
    for (const [other, { at }] of known) {
      if (now - at < STALE_MS) break
      known.delete(other)
    }
    const spent = read(tenant, now)
    known.delete(tenant)
    known.set(tenant, { at: now, spent })
    return spent
  }

  /** By key; requests without one are under the empty name. */
  async function read(tenant: string, now: number): Promise<ReadonlyMap<string, Spent>> {
    const today = Math.floor(now / DAY_MS) * DAY_MS
    const days = Array.from({ length: new Date(now).getUTCDate() }, (_, ago) => today - ago * DAY_MS)
    const tallies = await counters.read(days.map((start) => `${tenant}/day/${start}`))
    const spent = new Map<string, Spent>()
    tallies.forEach((tally, ago) => {
      for (const [field, amount] of tally) {
        const [, , key, metric] = JSON.parse(field) as string[]
        if (metric !== 'spent.nano_usd') continue
        const { day, month } = spent.get(key!) ?? { day: 0, month: 0 }
        spent.set(key!, { day: ago === 0 ? day + amount : day, month: month + amount })
      }
    })
    return spent
  }
}

function sumOf(all: Iterable<Spent>): Spent {
  let [day, month] = [0, 0]
  for (const spent of all) {
    day += spent.day
    month += spent.month
  }
  return { day, month }
}

function over({ usdPerDay, usdPerMonth }: Budget, spent: Spent = { day: 0, month: 0 }): ServiceError | undefined {
  const refused = (span: string, usd: number) =>
    new ServiceError(
      429,
      'insufficient_quota',
      `the budget of ${usd} USD for this ${span} (UTC) is spent; answers that are kept are still served`,
    )
  if (usdPerDay !== undefined && spent.day >= usdPerDay * NANO) return refused('day', usdPerDay)
  if (usdPerMonth !== undefined && spent.month >= usdPerMonth * NANO) return refused('month', usdPerMonth)
  return undefined
}
