import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A file that cannot be used, with what to do about it. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase'
  readonly faults: readonly string[]
  constructor(path: string, cause: unknown) {
    const fault = `${path}: ${cause instanceof Error ? cause.message : String(cause)}; mend it, or move it out of the way`
    super(fault, { cause })
    this.faults = [fault]
  }
}

/** Opens the file, makes it and its folder if need be, and brings its tables to this version's shape. */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    database = new DatabaseSync(path, { timeout: 1000 })
    // NORMAL survives a crash of the process; only a power cut can cost the last commits, and never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    prepareSchema(database)
    return database
  } catch (error) {
    database?.close()
    throw new UnusableDatabase(path, error)
  }
}

/** All of `work`'s writes, or none. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

const version = 5

function prepareSchema(database: DatabaseSync): void {
  transaction(database, () => {
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    if (found > version) {
      throw new Error(`it has schema version ${found}, and this Reprise knows none beyond ${version}`)
    }
    if (found === 0) database.exec(entries)
    if (found < 2) database.exec(shared)
    if (found < 3) database.exec(aliases)
    if (found < 4) database.exec(parts)
    if (found < 5) database.exec(says)
    database.exec(`PRAGMA user_version = ${version}`)
  })
}

// Numbers are REAL because node:sqlite throws on integers that a double cannot hold, and a bad record must not throw.
// The bulky columns come last, so that looking for victims does not page them in. Entries are too big for WITHOUT ROWID,
// which would put them into the inner nodes of the tree; sessions are small and gain by it.
const entries = `
  CREATE TABLE entries (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    namespace TEXT NOT NULL,
    scope TEXT NOT NULL,
    digest TEXT NOT NULL,
    bytes REAL NOT NULL,
    hits REAL NOT NULL,
    worth REAL NOT NULL,
    prompt_tokens REAL,
    completion_tokens REAL,
    took_ms REAL NOT NULL,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    keep_until REAL NOT NULL,
    model TEXT NOT NULL,
    tags TEXT NOT NULL,
    space TEXT,
    question TEXT NOT NULL,
    vector BLOB,
    completion TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_keep_until ON entries (keep_until);
  CREATE INDEX entries_worth ON entries (worth);
  CREATE TABLE sessions (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    turns TEXT NOT NULL,
    keep_until REAL NOT NULL,
    PRIMARY KEY (tenant, session)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_keep_until ON sessions (keep_until)
`

// Since version 5.
const says = 'ALTER TABLE entries ADD COLUMN says TEXT'

// Since version 4.
const parts = 'ALTER TABLE entries ADD COLUMN parts TEXT'

// Since version 2.
const shared = `
  ALTER TABLE entries ADD COLUMN epoch REAL NOT NULL DEFAULT 0;
  CREATE INDEX entries_tenant ON entries (tenant, row, bytes);
  CREATE INDEX entries_tenant_keep_until ON entries (tenant, keep_until);
  CREATE INDEX entries_tenant_worth ON entries (tenant, worth);
  CREATE TABLE records (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tallies (
    tally TEXT NOT NULL,
    field TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tally, field)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tally_ends (
    tally TEXT PRIMARY KEY,
    keep_until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tally_ends_keep_until ON tally_ends (keep_until);
  CREATE TABLE batches (
    batch TEXT PRIMARY KEY,
    keep_until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX batches_keep_until ON batches (keep_until)
`

// Since version 3.
const aliases = 'ALTER TABLE entries ADD COLUMN alias_of TEXT'
