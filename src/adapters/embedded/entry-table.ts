import type { DatabaseSync } from 'node:sqlite'
import type { Entry, Key } from '../../ports.ts'
import type { Size } from './holdings.ts'
import { recordOf } from './record.ts'
import { worthOf } from './worth.ts'

/** What is known of a row without reading its entry. */
export interface Occupant extends Key {
  readonly row: number
  readonly bytes: number
  readonly hits: number
  readonly keep_until: number
}

export type EntryTable = ReturnType<typeof entryTable>

/** The statements on the table of entries, prepared once. */
export function entryTable(database: DatabaseSync) {
  database.function('worth_of', { deterministic: true }, (tokens, hits, bytes, usedAt) =>
    worthOf(Number(tokens), Number(hits), Number(bytes), Number(usedAt)),
  )
  const count = database.prepare(
    'SELECT tenant, count(*) AS entries, total(bytes) AS bytes FROM entries GROUP BY tenant',
  )
  const find = database.prepare('SELECT * FROM entries WHERE id = ?')
  const page = database.prepare('SELECT * FROM entries WHERE row > ? AND keep_until > ? ORDER BY row LIMIT ?')
  // The plus keeps SQLite from taking the index on `keep_until`, and sorting.
  const pageOf = database.prepare(
    'SELECT * FROM entries WHERE tenant = ? AND row > ? AND +keep_until > ? ORDER BY row LIMIT ?',
  )
  const insert = database.prepare(
    `INSERT INTO entries (${columns.join()}) VALUES (${columns.map((column) => `:${column}`).join()})`,
  )
  const credit = database.prepare(
    `UPDATE entries
      SET hits = hits + :hits, worth = worth_of(coalesce(completion_tokens, 0), hits + :hits, bytes, :usedAt)
      WHERE id = :id`,
  )
  const remove = database.prepare(
    `DELETE FROM entries WHERE id = :id AND created_at = coalesce(:createdAt, created_at) RETURNING ${occupant}`,
  )
  const removeDead = database.prepare(
    `DELETE FROM entries WHERE row IN (SELECT row FROM entries WHERE keep_until <= ? LIMIT ?) RETURNING ${occupant}`,
  )
  const removeDeadOf = database.prepare(
    `DELETE FROM entries WHERE row IN (SELECT row FROM entries WHERE tenant = ? AND keep_until <= ? LIMIT ?)
      RETURNING ${occupant}`,
  )
  const leastWorthy = database.prepare(`SELECT ${occupant} FROM entries ORDER BY worth LIMIT ?`)
  const leastWorthyOf = database.prepare(`SELECT ${occupant} FROM entries WHERE tenant = ? ORDER BY worth LIMIT ?`)

  return {
    /** What each tenant keeps. */
    count: () => count.all() as unknown as (Size & { readonly tenant: string })[],
    /** The row as it is; it may not parse. */
    find: (id: string) => find.get(id),
    /** The next rows, in order, that are alive at `now`. */
    page: (afterRow: number, now: number, limit: number) => page.all(afterRow, now, limit),
    pageOf: (tenant: string, afterRow: number, now: number, limit: number) => pageOf.all(tenant, afterRow, now, limit),
    /** With `row`, puts the entry where another was, so that a reader who pages through meets it once. */
    insert(entry: Entry, bytes: number, hits: number, usedAt: number, row: number | undefined) {
      const worth = worthOf(entry.usage?.completionTokens ?? 0, hits, bytes, usedAt)
      insert.run({ ...recordOf(entry), row: row ?? null, bytes, hits, worth })
    },
    /** Counts hits that were only remembered so far. */
    credit: (id: string, use: Use) => credit.run({ id, ...use }),
    remove: (id: string, createdAt: number | null = null) =>
      remove.get({ id, createdAt }) as unknown as Occupant | undefined,
    removeDead: (now: number, limit: number) => removeDead.all(now, limit) as unknown as Occupant[],
    removeDeadOf: (tenant: string, now: number, limit: number) =>
      removeDeadOf.all(tenant, now, limit) as unknown as Occupant[],
    leastWorthy: (limit: number) => leastWorthy.all(limit) as unknown as Occupant[],
    leastWorthyOf: (tenant: string, limit: number) => leastWorthyOf.all(tenant, limit) as unknown as Occupant[],
  }
}

/** Hits that have not been written yet. */
export interface Use {
  readonly hits: number
  readonly usedAt: number
}

const key = ['id', 'tenant', 'namespace', 'scope', 'digest']
const numbers = ['prompt_tokens', 'completion_tokens', 'took_ms', 'created_at', 'expires_at', 'keep_until', 'epoch']
const texts = ['model', 'tags', 'space', 'parts', 'says', 'question', 'completion', 'alias_of']
const columns = ['row', ...key, 'bytes', 'hits', 'worth', ...numbers, ...texts, 'vector']
// The table is STRICT: what these columns hold is what `Occupant` says.
const occupant = ['row', ...key, 'bytes', 'hits', 'keep_until'].join()
