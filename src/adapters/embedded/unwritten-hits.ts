import type { DatabaseSync } from 'node:sqlite'
import { transaction } from './database.ts'
import type { EntryTable, Use } from './entry-table.ts'

/** A hit must not cost a write, so hits wait here until the next sweep, or until they would save their entry's life. */
export function unwrittenHits(database: DatabaseSync, table: EntryTable) {
  const uses = new Map<string, Use>()

  return {
    size: () => uses.size,
    of: (id: string) => uses.get(id)?.hits ?? 0,
    add: (id: string, now: number) => uses.set(id, { hits: (uses.get(id)?.hits ?? 0) + 1, usedAt: now }),
    forget: (id: string) => uses.delete(id),
    /** True if the entry was used since its worth was last written; it then takes its new place in the order. */
    write,
    /** Writes down at most `limit` entries' hits. */
    settle(limit: number): void {
      if (uses.size === 0) return
      transaction(database, () => {
        for (const id of [...uses.keys()].slice(0, limit)) write(id)
      })
    },
  }

  function write(id: string): boolean {
    const use = uses.get(id)
    if (!use) return false
    table.credit(id, use)
    return uses.delete(id)
  }
}
