import type { Quota } from '../../ports.ts'
import type { Occupant } from './entry-table.ts'
import type { Size } from './holdings.ts'

/** Entries that together may not exceed a quota, as one finds them that wants to join. */
export interface Crowd {
  readonly quota: Quota
  held(): Size
  /** These are gone from the table when it returns. */
  removeDead(limit: number): Occupant[]
  leastWorthy(limit: number): Occupant[]
}

export interface Doorkeeper {
  /** True if the entry is worth more than it seemed: then another is to be found. */
  spares(occupant: Occupant): boolean
  /** Takes a living one from the table. */
  remove(occupant: Occupant): void
  /** Is told of everyone who has left the table. */
  release(occupant: Occupant): void
}

/** Throws if not even an empty crowd had room for so many bytes. */
export function requireRoom(bytes: number, { quota: { maxBytes } }: Crowd): void {
  if (bytes > maxBytes) throw new RangeError(`an entry of ${bytes} bytes does not fit where ${maxBytes} are the most`)
}

/**
 * Sees off the dead, then the least worthy, and says who they were. Just as much room as is needed: finding the next
 * victim is cheap, and no put has to pay for those to come.
 */
export function makeRoom(bytes: number, crowd: Crowd, { spares, remove, release }: Doorkeeper): Occupant[] {
  const { quota, held } = crowd
  const isCramped = () => held().entries >= quota.maxEntries || held().bytes + bytes > quota.maxBytes
  const gone: Occupant[] = []

  while (isCramped()) {
    const dead = crowd.removeDead(fewRows)
    if (dead.length === 0) break
    dead.forEach(release)
    gone.push(...dead)
  }
  while (isCramped()) {
    const tail = crowd.leastWorthy(fewRows)
    if (tail.length === 0) break
    for (const victim of tail) {
      if (!isCramped()) break
      if (spares(victim)) continue
      remove(victim)
      release(victim)
      gone.push(victim)
    }
  }
  return gone
}

const fewRows = 8
