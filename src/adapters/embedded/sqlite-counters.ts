import type { DatabaseSync } from 'node:sqlite'
import type { Addition, Clock, Counters } from '../../ports.ts'
import { transaction } from './database.ts'

/** Sums that outlive the process, in the same file as the entries. */
export function sqliteCounters(options: { readonly database: DatabaseSync; readonly clock: Clock }): Counters {
  const { database, clock } = options
  // node:sqlite throws on integers that a double cannot hold; as REAL they come rounded.
  const select = database.prepare(
    `SELECT field, CAST(amount AS REAL) AS amount FROM tallies JOIN tally_ends USING (tally)
      WHERE tally = ? AND keep_until > ?`,
  )
  const increase = database.prepare(
    `INSERT INTO tallies (tally, field, amount) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`,
  )
  const extend = database.prepare(
    `INSERT INTO tally_ends (tally, keep_until) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET keep_until = max(keep_until, excluded.keep_until)`,
  )
  const end = database.prepare(
    `DELETE FROM tally_ends WHERE keep_until <= :now AND
      (tally = :tally OR tally IN (SELECT tally FROM tally_ends WHERE keep_until <= :now LIMIT 2)) RETURNING tally`,
  )
  const remove = database.prepare('DELETE FROM tallies WHERE tally = ?')
  const findBatch = database.prepare('SELECT 1 FROM batches WHERE batch = ? AND keep_until > ?')
  const insertBatch = database.prepare('INSERT OR REPLACE INTO batches (batch, keep_until) VALUES (?, ?)')
  const forgetBatches = database.prepare(
    'DELETE FROM batches WHERE batch IN (SELECT batch FROM batches WHERE keep_until <= ? LIMIT 2)',
  )

  return {
    async add(batch, additions) {
      additions.forEach(requireWhole)
      const now = clock()
      transaction(database, () => {
        if (findBatch.get(batch, now)) return
        forgetBatches.run(now)
        insertBatch.run(batch, now + BATCH_MS)
        for (const [tally, parts] of Map.groupBy(additions, ({ tally }) => tally)) {
          forget(tally, now)
          for (const { field, amount } of parts) increase.run(tally, field, amount)
          extend.run(tally, Math.max(...parts.map(({ keepUntil }) => keepUntil)))
        }
      })
    },
    async read(tallies) {
      const now = clock()
      return tallies.map((tally) => {
        // The table is STRICT: what these columns hold is a text and a number.
        const rows = select.all(tally, now) as unknown as { readonly field: string; readonly amount: number }[]
        return new Map(rows.map(({ field, amount }) => [field, amount]))
      })
    },
  }

  /** Lets go of the tally if it has ended, and of two more that have: none pile up, and no batch pays for many. */
  function forget(tally: string, now: number): void {
    for (const ended of end.all({ tally, now })) remove.run(String(ended['tally']))
  }
}

const BATCH_MS = 600_000

function requireWhole({ amount }: Addition): void {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number that can be added exactly`)
}
