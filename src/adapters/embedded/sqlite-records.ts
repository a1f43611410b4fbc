import type { DatabaseSync } from 'node:sqlite'
import type { Document, Records } from '../../ports.ts'
import { transaction } from './database.ts'

/** Records in the same file as the entries. */
export function sqliteRecords({ database }: { readonly database: DatabaseSync }): Records {
  const select = database.prepare('SELECT text FROM records WHERE kind = ? AND id = ?')
  const selectAll = database.prepare('SELECT id, text FROM records WHERE kind = ? AND instr(id, ?) = 1 ORDER BY id')
  const upsert = database.prepare('INSERT OR REPLACE INTO records (kind, id, text) VALUES (?, ?, ?)')
  const remove = database.prepare('DELETE FROM records WHERE kind = ? AND id = ?')
  const count = database.prepare(
    `INSERT INTO records (kind, id, text) VALUES (?, ?, '1') ON CONFLICT DO UPDATE SET text = text + 1`,
  )

  return {
    async version(kind) {
      return read(VERSIONS, kind) ?? '0'
    },
    async versions(kinds) {
      return kinds.map((kind) => read(VERSIONS, kind) ?? '0')
    },
    async get(kind, id) {
      return read(kind, id)
    },
    async list(kind, prefix = '') {
      // The table is STRICT: what these columns hold is text.
      return selectAll.all(kind, prefix) as unknown as Document[]
    },
    async swap(kind, id, before, after) {
      return transaction(database, () => {
        if (read(kind, id) !== before) return false
        if (before === after) return true
        if (after === undefined) remove.run(kind, id)
        if (after !== undefined) upsert.run(kind, id, after)
        count.run(VERSIONS, kind)
        return true
      })
    },
  }

  function read(kind: string, id: string): string | undefined {
    const text = select.get(kind, id)?.['text']
    return typeof text === 'string' ? text : undefined
  }
}

/** What has no name is no kind, and so has room for a number for each of them. */
const VERSIONS = ''
