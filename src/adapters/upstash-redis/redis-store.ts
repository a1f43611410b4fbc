import { z } from 'zod'
import type { Clock, Entry, Key, Quota, Store } from '../../ports.ts'
import type { Send } from './client.ts'
import { ledger } from './ledger.ts'
import { entryOf, recordOf } from './record.ts'

export interface RedisStoreOptions {
  readonly send: Send
  readonly clock: Clock
  /** Begins every key. */
  readonly prefix: string
}

/**
 * Keeps entries in Redis, which lets go of them by itself at `keepUntil`. A look costs one command, and so does keeping,
 * but for a second one if others have to make room.
 */
export function redisStore({ send, clock, prefix }: RedisStoreOptions): Store {
  const kept = ledger({ send, clock, prefix })
  let evicted = 0
  let unreadable = 0

  return {
    near: false,
    atHand: () => false,
    async get(key) {
      const entry = living(await send('GET', kept.nameOf(key.id)))
      return entry && isOf(key, entry) ? entry : undefined
    },
    async find(id) {
      const entry = living(await send('GET', kept.nameOf(id)))
      return entry?.key.id === id ? entry : undefined
    },
    async put(entry, quota = BOUNDLESS) {
      const { key, keepUntil } = entry
      const record = recordOf(entry)
      const bytes = Buffer.byteLength(record)
      requireRoom(record, bytes, quota)
      const surplus = await kept.keep({ key, keepUntil, record, bytes }, quota)
      if (surplus.length > 0) evicted += await kept.drop(key.tenant, surplus)
    },
    async delete({ tenant, id }, createdAt) {
      return (await kept.drop(tenant, [id], createdAt)) > 0
    },
    async page(tenant, limit, cursor) {
      requireCursor(cursor)
      const ids = await kept.names(tenant, cursor, limit)
      const entries: Entry[] = []
      for await (const entry of livingOf(ids.map(kept.nameOf))) if (entry.key.tenant === tenant) entries.push(entry)
      const last = ids.length < limit ? undefined : ids.at(-1)
      return last ? { entries, cursor: last } : { entries }
    },
    async *entries() {
      for await (const names of pages()) yield* livingOf(names)
    },
    async sweep() {
      return 0
    },
    async size() {
      return { ...(await kept.size()), evicted, unreadable }
    },
    sizeOf: kept.sizeOf,
    async close() {},
  }

  async function* livingOf(names: readonly string[]): AsyncGenerator<Entry> {
    for (let at = 0; at < names.length; at += RECORDS_PER_READ) {
      const records = replies.parse(await send('MGET', ...names.slice(at, at + RECORDS_PER_READ)))
      yield* records.map(living).filter((entry) => entry !== undefined)
    }
  }

  function living(record: unknown): Entry | undefined {
    if (record === null) return undefined
    const entry = entryOf(record)
    if (!entry) unreadable += 1
    return entry && entry.keepUntil > clock() ? entry : undefined
  }

  /** The names of all entries, each once; Redis may find one twice. */
  async function* pages(): AsyncGenerator<string[]> {
    const seen = new Set<string>()
    let cursor = '0'
    do {
      const [next, found] = page.parse(
        await send('SCAN', cursor, 'MATCH', `${prefix}:entry:*`, 'COUNT', NAMES_PER_PAGE),
      )
      const names = [...new Set(found)].filter((name) => !seen.has(name))
      for (const name of names) seen.add(name)
      if (names.length > 0) yield names
      cursor = next
    } while (cursor !== '0')
  }
}

/** Names are digests; should two keys ever share one, neither gets the other's answer. */
function isOf(key: Key, entry: Entry): boolean {
  const { tenant, namespace, scope, digest } = entry.key
  return tenant === key.tenant && namespace === key.namespace && scope === key.scope && digest === key.digest
}

function requireRoom(record: string, bytes: number, { maxBytes }: Quota): void {
  if (bytes > maxBytes) throw new RangeError(`an entry of ${bytes} bytes does not fit where ${maxBytes} are the most`)
  // A record travels as JSON within JSON, so it is the text of its text that counts.
  const sent = Buffer.byteLength(JSON.stringify(record))
  if (sent <= MAX_BYTES) return
  throw new RangeError(
    `an entry of ${sent} bytes does not fit into a request to Upstash Redis, which takes ${MAX_BYTES}`,
  )
}

function requireCursor(cursor: string | undefined): void {
  if (cursor === undefined || /^ent_[0-9a-f]{24}$/.test(cursor)) return
  throw new RangeError('cursor was not one of a page of entries')
}

const BOUNDLESS: Quota = { maxEntries: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER }
// The smallest plans take 10 MB, whichever way they count, with the rest of the command.
const MAX_BYTES = 9_990_000
const NAMES_PER_PAGE = 1_000
// Few enough to be answered in time should each of them be large.
const RECORDS_PER_READ = 32

const page = z.tuple([z.coerce.string(), z.array(z.string())])
const replies = z.array(z.string().nullable())
