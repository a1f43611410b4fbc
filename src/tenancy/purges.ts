import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import type { Clock, Entry } from '../ports.ts'
import { createReading } from './reading.ts'
import type { Rules } from './rules.ts'
import { type Selector, checkSelector, textOf, textsOf } from './selector.ts'

export interface PurgesOptions {
  readonly rules: Rules
  readonly clock: Clock
  /** How long it may take from when the model is about to be asked until it has said all; ten minutes unless given. */
  readonly flightMs?: number
  /** Called when all of a tenant's has been purged, for whatever else is to go with it. */
  readonly onAll?: (tenant: string) => Promise<void>
}

/** So much later than that, whatever came of it has been kept, if it is to be kept at all. */
const LANDING_MS = 5 * 60_000
/** A document must stay small enough to be read and written whole. */
const MAX_MARKS = 1_000

const Mark = z.strictObject({
  /** Covers what was asked for before so many purges. */
  epoch: z.number().exactOptional(),
  /** Covers what was kept before that time, if it was asked for, or taken in, before so many purges. */
  before: z.number().exactOptional(),
  upTo: z.number().exactOptional(),
  /** When it was last set. */
  at: z.number(),
})
type Mark = z.infer<typeof Mark>
type Marks = ReadonlyMap<string, Mark>

const Purged = z
  .strictObject({ epoch: z.number(), marks: z.record(z.string(), Mark) })
  .transform(({ epoch, marks }): Purged => ({ epoch, marks: new Map(Object.entries(marks)) }))

interface Purged {
  readonly epoch: number
  readonly marks: Marks
}

export type Purges = ReturnType<typeof createPurges>

const NOTHING: Purged = { epoch: 0, marks: new Map() }

/**
 * Purges by leaving a mark, not by deleting: what is marked is gone at once, on every replica within a second, however
 * much it is; space is given back by and by. `covers` and `epochOf` go by what is known, which `fresh` brings up to date.
 */
export function createPurges({ rules, clock, flightMs = 10 * 60_000, onAll = async () => {} }: PurgesOptions) {
  const landedMs = flightMs + LANDING_MS
  const read = createReading(Purged)

  return {
    /** Gives back the tenant's new epoch: entries of an earlier one that the selector selects are gone. */
    async purge(tenant: string, selector: Selector): Promise<number> {
      checkSelector(selector)
      const now = clock()
      const before = timeOf(selector, now)
      const text = textOf(selector)
      let epoch = 0
      await rules.change(idOf(tenant), (kept) => {
        const purged = kept === undefined ? NOTHING : read(idOf(tenant), kept)
        epoch = purged.epoch + 1
        const mark = before === undefined ? { epoch, at: now } : { before, upTo: epoch, at: now }
        // Nothing is left for the others to cover.
        if (selector.all && before === undefined) return written(epoch, new Map([[text, mark]]))
        const marks = new Map(purged.marks)
        marks.set(text, merged(marks.get(text), mark))
        if (marks.size > MAX_MARKS) throw tooMany()
        return written(epoch, marks)
      })
      if (selector.all && before === undefined) await onAll(tenant)
      return epoch
    },

    /** What `covers` and `epochOf` say of this tenant is at most a second old from here on; rejects if nobody can tell. */
    async fresh(tenant: string): Promise<void> {
      const text = await rules.get(idOf(tenant))
      if (text !== undefined) read(idOf(tenant), text)
    },

    epochOf: (tenant: string): number => known(tenant).epoch,

    covers(entry: Pick<Entry, 'key' | 'model' | 'tags' | 'epoch' | 'createdAt'>): boolean {
      const { epoch, marks } = known(entry.key.tenant)
      if (marks.size === 0 || entry.epoch >= epoch) return false
      for (const text of textsOf(entry)) {
        const { epoch = 0, before = -Infinity, upTo = 0 } = marks.get(text) ?? {}
        if (epoch > entry.epoch || (before > entry.createdAt && upTo > entry.epoch)) return true
      }
      return false
    },

    /**
     * Drops the marks that nothing is left under, now that a sweep which began at `sweptFrom` is through. What lands
     * while a sweep goes on may land behind its back.
     */
    async forget(tenant: string, sweptFrom: number): Promise<void> {
      const isNeeded = ([, { at }]: [string, Mark]) => at + landedMs >= sweptFrom
      await rules.change(idOf(tenant), (text) => {
        if (text === undefined) return undefined
        const { epoch, marks } = read(idOf(tenant), text)
        return written(epoch, new Map([...marks].filter(isNeeded)))
      })
    },

    /** Tenants of whom there are marks that a sweep could drop which began at `sweptFrom`. */
    async unswept(sweptFrom: number): Promise<string[]> {
      const isDue = ({ at }: Mark) => at + landedMs < sweptFrom
      const documents = await rules.list(idOf(''))
      const due = documents.filter(({ id, text }) => [...read(id, text).marks.values()].some(isDue))
      return due.map(({ id }) => id.slice(idOf('').length))
    },
  }

  /** What was last heard, for a purge is never taken back: there is nothing since then that would now be allowed. */
  function known(tenant: string): Purged {
    const text = rules.lastKnown(idOf(tenant))
    return text === undefined ? NOTHING : read(idOf(tenant), text)
  }
}

const idOf = (tenant: string) => `purges/${tenant}`

function written(epoch: number, marks: Marks): string {
  return JSON.stringify({ epoch, marks: Object.fromEntries(marks) })
}

function timeOf({ before, olderThanMs }: Selector, now: number): number | undefined {
  if (before === undefined && olderThanMs === undefined) return undefined
  // A mark in the future would cover what nobody has asked for yet.
  return Math.min(before ?? Infinity, now - (olderThanMs ?? 0), now)
}

/** Whatever either covers. */
function merged(one: Mark | undefined, other: Mark): Mark {
  const before = Math.max(one?.before ?? -Infinity, other.before ?? -Infinity)
  return { ...one, ...other, ...(before !== -Infinity && { before }) }
}

function tooMany(): ServiceError {
  const message = `there have been ${MAX_MARKS} different purges that are not swept yet; purge a namespace, a tag or all`
  return new ServiceError(429, 'too_many_purges', message)
}
