import { LRUCache } from 'lru-cache'
import { type Certificate, barFor } from '../matching/budget.ts'
import type { Evidence } from '../matching/evidence.ts'
import type { Clock } from '../ports.ts'
import type { Book } from './book.ts'
import { type State, stateOf } from './state.ts'
import type { Page, PageSums, Terms } from './sums.ts'

/** How a namespace stands with its error budget. */
export interface Standing extends Certificate {
  readonly state: State
  readonly maxWrongHitRate: number
  /** How answers turned out that were served lately, under this budget. */
  readonly served: { readonly right: number; readonly wrong: number }
}

export interface Changed {
  readonly tenant: string
  readonly page: Page
  readonly from: State
  readonly standing: Standing
}

export interface StandingsOptions {
  readonly book: Book
  /** How often the scorer of a space was right where it was measured; absent if it never was. */
  readonly shipped: (space: string) => Evidence | undefined
  readonly clock: Clock
  readonly onChange: (changed: Changed) => void
}

const HOUR_MS = 3_600_000
const MOST_KNOWN = 5_000
/** In this state so much of the budget is gone by. */
const TIGHTENED = 0.5

export type Standings = ReturnType<typeof createStandings>

/** Tells from what has been learned how each namespace stands; tells `onChange` when that is otherwise than last time. */
export function createStandings({ book, shipped, clock, onChange }: StandingsOptions) {
  const known = new LRUCache<string, { readonly version: number; readonly hour: number; readonly standing: Standing }>({
    max: MOST_KNOWN,
  })

  return {
    ready: book.ready,
    namespaces: book.namespaces,

    of(tenant: string, page: Page, terms: Terms): Standing {
      const sums = book.of(tenant, page)
      const [hour, { version }] = [hourOf(clock()), sums]
      const name = JSON.stringify([tenant, page.namespace, page.space, terms.maxWrongHitRate, terms.since])
      const before = known.get(name)
      if (before?.version === version && before.hour === hour) return before.standing
      const standing = standingOf(sums, terms, shipped(page.space), hour)
      known.set(name, { version, hour, standing })
      const from = before?.standing.state
      if (from !== undefined && from !== standing.state) onChange({ tenant, page, from, standing })
      return standing
    },
  }
}

/** Hours since the epoch. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS)

function standingOf(sums: PageSums, terms: Terms, shipped: Evidence | undefined, hour: number): Standing {
  const { maxWrongHitRate } = terms
  const hours = sums.hoursUnder(terms)
  const state = stateOf(hours, hour, maxWrongHitRate)
  const budget = state === 'tightened' ? maxWrongHitRate * TIGHTENED : maxWrongHitRate
  const certificate: Certificate =
    state === 'exact-only' ? { bar: Infinity, provisional: false } : barFor(sums.evidence, shipped, budget)
  const served = { right: 0, wrong: 0 }
  for (const { within, tightened } of hours) {
    served.right += within.right + tightened.right
    served.wrong += within.wrong + tightened.wrong
  }
  return { ...certificate, state, maxWrongHitRate, served }
}
