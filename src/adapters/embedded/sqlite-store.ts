import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Clock, Entry, Key, Quota, Store } from '../../ports.ts'
import { makeRoom, requireRoom } from './crowd.ts'
import type { Crowd, Doorkeeper } from './crowd.ts'
import { transaction } from './database.ts'
import { entryTable } from './entry-table.ts'
import type { Occupant } from './entry-table.ts'
import { holdings } from './holdings.ts'
import { entryOf, sizeOf } from './record.ts'
import { unwrittenHits } from './unwritten-hits.ts'

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
  const { database, clock, onEvicted } = options
  const table = entryTable(database)
  const hot = new LRUCache<string, Entry>({ maxSize: Math.max(1, options.hotBytes), sizeCalculation: sizeOf })
  const hits = unwrittenHits(database, table)
  const held = holdings(table.count())
  let evicted = 0
  let unreadable = 0

  const everything: Crowd = {
    quota: options,
    held: held.all,
    removeDead: (limit) => table.removeDead(clock(), limit),
    leastWorthy: table.leastWorthy,
  }
  const ownOf = (tenant: string, quota: Quota): Crowd => ({
    quota,
    held: () => held.of(tenant),
    removeDead: (limit) => table.removeDeadOf(tenant, clock(), limit),
    leastWorthy: (limit) => table.leastWorthyOf(tenant, limit),
  })

  const doorkeeper: Doorkeeper = { spares: ({ id }) => hits.write(id), remove: ({ id }) => table.remove(id), release }
  const isAlive = ({ keep_until }: Occupant) => keep_until > clock()
  // If it fails, our own counts are as they were, too.
  const atomically = <T>(work: () => T): T => held.unlessItFails(() => transaction(database, work))

  return {
    near: true,
    atHand: () => true,
    async get({ id }) {
      const entry = look(id)
      if (entry) hits.add(id, clock())
      return entry
    },
    async find(id) {
      return look(id)
    },
    async put(entry, quota) {
      const { id, tenant } = entry.key
      const bytes = sizeOf(entry)
      const crowds = quota ? [ownOf(tenant, quota), everything] : [everything]
      for (const crowd of crowds) requireRoom(bytes, crowd)
      const dropped = atomically(() => {
        const unwritten = hits.of(id)
        const replaced = table.remove(id)
        if (replaced) release(replaced)
        const dropped = crowds.flatMap((crowd) => makeRoom(bytes, crowd, doorkeeper))
        // The old answer's hits count for the new: it is the question that is popular.
        table.insert(entry, bytes, (replaced?.hits ?? 0) + unwritten, clock(), replaced?.row)
        held.gain(tenant, bytes)
        return dropped
      })
      hot.set(id, entry)
      evicted += dropped.filter(isAlive).length
      report(dropped)
    },
    async delete({ id }, createdAt) {
      const removed = table.remove(id, createdAt)
      if (!removed) return false
      release(removed)
      return isAlive(removed)
    },
    async page(tenant, limit, cursor) {
      const rows = table.pageOf(tenant, rowOf(cursor), clock(), limit)
      const entries = rows.map(parse).filter((entry) => entry !== undefined)
      const last = rows.length < limit ? undefined : rows.at(-1)
      return last ? { entries, cursor: String(last['row']) } : { entries }
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
        hits.settle(chunkRows)
        swept += dead.length
        if (dead.length < chunkRows && hits.size() < chunkRows) return swept
      }
    },
    async size() {
      return { ...held.all(), evicted, unreadable }
    },
    async sizeOf(tenant) {
      return held.of(tenant)
    },
    async close() {
      if (!database.isOpen) return
      hits.settle(hits.size())
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
  }

  function look(id: string): Entry | undefined {
    const entry = hot.get(id) ?? warm(id)
    return entry && entry.keepUntil > clock() ? entry : undefined
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

  /** Forgets what memory holds for a row that is gone. */
  function release({ id, tenant, bytes }: Occupant): void {
    held.lose(tenant, bytes)
    hot.delete(id)
    hits.forget(id)
  }

  function report(gone: readonly Occupant[]): void {
    for (const { id, tenant, namespace, scope, digest } of gone) onEvicted?.({ id, tenant, namespace, scope, digest })
  }
}

function rowOf(cursor = '0'): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new RangeError('cursor was not one of a page of entries')
  return Number(cursor)
}

const pageRows = 32
// So many deletions take a few milliseconds, which is as long as others should wait.
const chunkRows = 64
