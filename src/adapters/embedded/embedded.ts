import type { Clock, Key, Sessions, Store } from '../../ports.ts'
import { openDatabase } from './database.ts'
import { sqliteSessions } from './sqlite-sessions.ts'
import { sqliteStore } from './sqlite-store.ts'

export interface EmbeddedOptions {
  /** The one file that holds everything; `:memory:` for none. */
  readonly path: string
  readonly clock: Clock
  readonly maxEntries: number
  readonly maxBytes: number
  /** How much of it to hold in memory as well. */
  readonly hotBytes: number
  /** Told of every entry that goes without having been deleted by name, so that an index can let go of it. */
  readonly onEvicted?: (key: Key) => void
}

/** Store and sessions over one file. Closing the store closes both. */
export function openEmbedded(options: EmbeddedOptions): { readonly store: Store; readonly sessions: Sessions } {
  const database = openDatabase(options.path)
  return { store: sqliteStore({ ...options, database }), sessions: sqliteSessions({ ...options, database }) }
}
