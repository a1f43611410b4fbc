import type { Clock, Key, Ports } from '../../ports.ts'
import { openDatabase } from './database.ts'
import { sqliteCounters } from './sqlite-counters.ts'
import { sqliteRecords } from './sqlite-records.ts'
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

export type Embedded = Pick<Ports, 'store' | 'sessions' | 'records' | 'counters'>

/** All that is to outlive the process, over one file. Closing the store closes all. */
export function openEmbedded(options: EmbeddedOptions): Embedded {
  const shared = { ...options, database: openDatabase(options.path) }
  return {
    store: sqliteStore(shared),
    sessions: sqliteSessions(shared),
    records: sqliteRecords(shared),
    counters: sqliteCounters(shared),
  }
}
