import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Clock, Entry, Key, Store } from '../../ports.ts'
import { transaction } from './database.ts'
import { entryTable } from './entry-table.ts'
import type { Occupant, Use } from './entry-table.ts'
import { entryOf, sizeOf } from './record.ts'

export interface SqliteStoreOptions {
  readonly database: DatabaseSync
  readonly clock: Clock
  readonly maxEntries: number
  readonly maxBytes: number
  readonly hotBytes: number
  readonly onEvicted?: (key: Key) => void
}

/** Keeps entries on disk, within bounds, and the latest used of them in memory too. Closing it closes the database. */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { database, clock, maxEntries, maxBytes, onEvicted } = options
  const table = entryTable(database)
  const hot = new LRUCache<string, Entry>({ maxSize: Math.max(1, options.hotBytes), sizeCalculation: sizeOf })
  // A hit must not cost a write, so hits wait here until the next sweep, or until they would save their entry's life.
  const uses = new Map<string, Use>()
  let held = { ...table.count(), evicted: 0 }
  let unreadable = 0

  return {
    near: true,
    async get({ id }) {
      const entry = hot.get(id) ?? warm(id)
      const now = clock()
      if (!entry || entry.keepUntil <= now) return undefined
      uses.set(id, { hits: (uses.get(id)?.hits ?? 0) + 1, usedAt: now })
      return entry
    },
    async put(entry) {
      const { id } = entry.key
      const bytes = sizeOf(entry)
      if (bytes > maxBytes) throw new RangeError(`an entry of ${bytes} bytes does not fit into a store of ${maxBytes}`)
      const dropped = atomically(() => {
        const hitsBefore = uses.get(id)?.hits ?? 0
        const replaced = table.remove(id)
        if (replaced) release(replaced)
        const dropped = makeRoom(bytes)
        // The old answer's hits count for the new: it is the question that is popular.
        table.insert(entry, bytes, (replaced?.hits ?? 0) + hitsBefore, clock(), replaced?.row)
        held = { ...held, entries: held.entries + 1, bytes: held.bytes + bytes }
        return dropped
      })
      hot.set(id, entry)
      report(dropped)
    },
    async delete({ id }) {
      const removed = table.remove(id)
      if (!removed) return false
      release(removed)
      return removed.keep_until > clock()
    },
    async *entries() {
      for (let afterRow = 0; ; await setImmediate()) {
        const rows = table.page(afterRow, clock(), pageRows)
        for (const row of rows) {
          const entry = parse(row)
          if (entry) yield entry
        }
        if (rows.length < pageRows) return
        afterRow = Number(rows.at(-1)?.['row'])
      }
    },
    async sweep() {
      const now = clock()
      for (let swept = 0; ; await setImmediate()) {
        const dead = table.removeDead(now, chunkRows)
        dead.forEach(release)
        report(dead)
        settle(chunkRows)
        swept += dead.length
        if (dead.length < chunkRows && uses.size < chunkRows) return swept
      }
    },
    async size() {
      return { ...held, unreadable }
    },
    async close() {
      if (!database.isOpen) return
      settle(uses.size)
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
  }

  function warm(id: string): Entry | undefined {
    const row = table.find(id)
    const entry = row && parse(row)
    if (entry) hot.set(id, entry)
    return entry
  }

  function parse(row: unknown): Entry | undefined {
    const entry = entryOf(row)
    if (!entry) unreadable += 1
    return entry
  }

  /** A transaction that, if it fails, leaves our own counts as they were, too. */
  function atomically<T>(work: () => T): T {
    const before = held
    try {
      return transaction(database, work)
    } catch (error) {
      held = before
      throw error
    }
  }

  /** Forgets what memory holds for a row that is gone. */
  function release(gone: Occupant): void {
    held = { ...held, entries: held.entries - 1, bytes: held.bytes - gone.bytes }
    hot.delete(gone.id)
    uses.delete(gone.id)
  }

  /** Just as much room as is needed: finding the next victim is cheap, and no put has to pay for those to come. */
  function makeRoom(bytes: number): Occupant[] {
    const cramped = () => held.entries >= maxEntries || held.bytes + bytes > maxBytes
    const dropped: Occupant[] = []
    while (cramped()) {
      const dead = table.removeDead(clock(), fewRows)
      if (dead.length === 0) break
      dead.forEach(release)
      dropped.push(...dead)
    }
    while (cramped()) {
      const tail = table.leastWorthy(fewRows)
      if (tail.length === 0) break
      for (const victim of tail) {
        if (!cramped()) break
        if (spared(victim)) continue
        table.remove(victim.id)
        release(victim)
        dropped.push(victim)
        held = { ...held, evicted: held.evicted + 1 }
      }
    }
    return dropped
  }

  /** True if the victim was used since its worth was last written; it then takes its new place in the order. */
  function spared({ id }: Occupant): boolean {
    const use = uses.get(id)
    if (!use) return false
    table.credit(id, use)
    return uses.delete(id)
  }

  /** Writes down remembered hits, at most `limit` entries' at a time. */
  function settle(limit: number): void {
    if (uses.size === 0) return
    transaction(database, () => {
      let left = limit
      for (const [id, use] of uses) {
        if (left-- === 0) return
        table.credit(id, use)
        uses.delete(id)
      }
    })
  }

  function report(gone: readonly Occupant[]): void {
    for (const { id, tenant, namespace, scope, digest } of gone) onEvicted?.({ id, tenant, namespace, scope, digest })
  }
}

const pageRows = 32
// So many deletions take a few milliseconds, which is as long as others should wait.
const chunkRows = 64
const fewRows = 8
