import type { Addition, Clock } from '../ports.ts'
import { type Period, SERVICE, type Tally, OTHERS, fieldOf, startOf, topTally, usageTally } from './tallies.ts'

/** Whose request it was, and what it was for. */
export interface Who {
  readonly tenant: string
  readonly namespace: string
  /** By the name that was asked for. */
  readonly model: string
  readonly keyId?: string | undefined
  /** In which arm of a trial it was; absent where nothing is being tried out. */
  readonly arm?: string | undefined
}

/** So many sums wait at most with minutes told apart. */
const ROOM = 100_000
const WITHIN = { minute: ['minute', 'hour', 'day'], hour: ['hour', 'day'], day: ['day'] } as const

/** Callers name namespaces and models as they like; so many pairs of them a tenant and day are told apart. */
const MOST_PLACES = 500
const MODEL_LENGTH = 100
/** Nobody has used as much at once. A figure that some server made up must not spoil the sum. */
const MOST = 1e12

/** Sums that go into the same tallies. */
interface Row {
  readonly tallies: readonly Tally[]
  readonly fieldOf: (cell: string) => string
  readonly cells: Map<string, number>
}

/**
 * Sums up what has not been sent yet, at little cost for whoever adds to it. With less and less `room` minutes are told
 * apart no more, then hours, and at last nothing is taken; all of which is counted as well.
 */
export function createPending(clock: Clock, room = ROOM) {
  const rows = new Map<string, Row>()
  const places = createPlaces()
  let size = 0

  return {
    size: () => size,

    /** Takes what is to be added to the sums of a caller, by metric. */
    of(who: Who): (metric: string, amount: number) => void {
      const finest = finestNow()
      if (finest !== 'minute') add(rowOf(OURS, 'day'), finest ? 'failure.usage.coarse' : 'failure.usage.dropped', 1)
      if (!finest) return () => {}
      const row = rowOf(who, finest)
      return (metric, amount) => add(row, metric, amount)
    },

    /** One more hit of an entry; the first to be left out when there is too much. */
    hit(tenant: string, namespace: string, id: string): void {
      if (size >= room) return
      const day = startOf('day', clock())
      const name = `top\n${day}\n${tenant}\n${namespace}`
      const inField = (id: string) => JSON.stringify([namespace, id])
      add(rows.get(name) ?? open(name, [topTally(tenant, day)], inField), id, 1)
    },

    /** Adds to a sum of somebody's own; left out like a hit when there is too much. */
    sum(tally: Tally, field: string, amount: number): void {
      if (size >= room) return
      const name = `sum\n${tally.tally}`
      add(rows.get(name) ?? open(name, [tally], (field) => field), field, amount)
    },

    /** Takes out at most so many sums, the oldest first, each as additions to all the tallies that it belongs to. */
    take(most: number): Addition[] {
      const taken = new Map<string, Addition>()
      let left = most
      for (const [name, row] of rows) {
        for (const [cell, amount] of row.cells) {
          if (left-- === 0) return [...taken.values()]
          row.cells.delete(cell)
          size--
          const field = row.fieldOf(cell)
          for (const tally of row.tallies) {
            const key = `${tally.tally}\n${field}`
            taken.set(key, { ...tally, field, amount: amount + (taken.get(key)?.amount ?? 0) })
          }
        }
        rows.delete(name)
      }
      return [...taken.values()]
    },
  }

  function finestNow(): Period | undefined {
    if (size < room) return 'minute'
    if (size < room * 1.5) return 'hour'
    return size < room * 2 ? 'day' : undefined
  }

  function rowOf({ tenant, namespace, model, keyId: key = '', arm = '' }: Who, finest: Period): Row {
    const start = startOf(finest, clock())
    // The model comes last: it alone may have any character in it.
    const name = `${finest}\n${start}\n${tenant}\n${namespace}\n${key}\n${arm}\n${model}`
    const row = rows.get(name)
    if (row) return row

    const shown = model.slice(0, MODEL_LENGTH)
    if (!places.has(tenant, `${namespace}\n${shown}`, startOf('day', start))) {
      return rowOf({ tenant, namespace: OTHERS, model: OTHERS, keyId: key, arm }, finest)
    }
    const tallies = WITHIN[finest].map((period) => usageTally(tenant, period, startOf(period, start)))
    return open(name, tallies, (metric) => fieldOf({ namespace, model: shown, key, metric, arm }))
  }

  function open(name: string, tallies: readonly Tally[], fieldOf: (cell: string) => string): Row {
    const row: Row = { tallies, fieldOf, cells: new Map() }
    rows.set(name, row)
    return row
  }

  function add({ cells }: Row, cell: string, amount: number): void {
    const whole = Math.round(amount)
    if (!(whole > 0 && whole <= MOST)) return
    const before = cells.get(cell)
    if (before === undefined) size++
    cells.set(cell, (before ?? 0) + whole)
  }
}

const OURS: Who = { tenant: SERVICE, namespace: '', model: '' }

/** The pairs of namespace and model that each tenant has had today. */
function createPlaces() {
  const known = new Map<string, Set<string>>()
  let today = 0

  return {
    /** False if the pair is one too many. */
    has(tenant: string, place: string, day: number): boolean {
      if (day !== today) known.clear()
      today = day
      const places = known.get(tenant) ?? new Set()
      known.set(tenant, places)
      if (place === `${OTHERS}\n${OTHERS}` || places.has(place)) return true
      if (places.size >= MOST_PLACES) return false
      places.add(place)
      return true
    },
  }
}
