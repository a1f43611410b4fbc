import type { DatabaseSync } from 'node:sqlite'
import type { Clock, Sessions } from '../../ports.ts'

/** Sessions that outlive the process, in the same file as the entries. */
export function sqliteSessions(options: { readonly database: DatabaseSync; readonly clock: Clock }): Sessions {
  const { database, clock } = options
  const select = database.prepare('SELECT turns FROM sessions WHERE tenant = ? AND session = ? AND keep_until > ?')
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO sessions (tenant, session, turns, keep_until) VALUES (?, ?, ?, ?)',
  )
  const forget = database.prepare(
    `DELETE FROM sessions WHERE (tenant, session) IN
      (SELECT tenant, session FROM sessions WHERE keep_until <= ? LIMIT 2)`,
  )

  return {
    async get(tenant, session) {
      const turns = select.get(tenant, session, clock())?.['turns']
      return typeof turns === 'string' ? turns : undefined
    },
    async put(tenant, session, turns, keepUntil) {
      upsert.run(tenant, session, turns, keepUntil)
      // Two out for one in: the forgotten never pile up, and no put pays for many.
      forget.run(clock())
    },
  }
}
