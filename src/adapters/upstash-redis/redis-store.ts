import { z } from 'zod'
import type { Clock, Entry, Key, Store } from '../../ports.ts'
import type { Send } from './client.ts'
import { entryOf, recordOf } from './record.ts'

export interface RedisStoreOptions {
  readonly send: Send
  readonly clock: Clock
  /** Begins every key. */
  readonly prefix: string
}

/**
 * Keeps entries in Redis, which lets go of them by itself at `keepUntil`. A look costs one command, and so does keeping.
 */
export function redisStore({ send, clock, prefix }: RedisStoreOptions): Store {
  let unreadable = 0
  const nameOf = ({ id }: Key) => `${prefix}:entry:${id}`

  return {
    near: false,
    async get(key) {
      const entry = living(await send('GET', nameOf(key)))
      return entry && isOf(key, entry) ? entry : undefined
    },
    async put(entry) {
      const record = recordOf(entry)
      requireRoom(record)
      await send('SET', nameOf(entry.key), record, 'PXAT', Math.ceil(entry.keepUntil))
    },
    async delete(key) {
      // Reads what it deletes, for Redis may be late in deleting what is dead by our clock.
      return living(await send('GETDEL', nameOf(key))) !== undefined
    },
    async *entries() {
      for await (const names of pages()) {
        for (let at = 0; at < names.length; at += RECORDS_PER_READ) {
          const records = replies.parse(await send('MGET', ...names.slice(at, at + RECORDS_PER_READ)))
          for (const record of records) {
            const entry = living(record)
            if (entry) yield entry
          }
        }
      }
    },
    async sweep() {
      return 0
    },
    /** Counts all entries, a thousand for a command; how large they are is reckoned from the first hundred. */
    async size() {
      let entries = 0
      let sample: string[] = []
      for await (const names of pages()) {
        entries += names.length
        sample = [...sample, ...names].slice(0, SAMPLE)
      }
      const sampled = sample.length > 0 ? z.number().parse(await send('EVAL_RO', LENGTHS, sample.length, ...sample)) : 0
      const bytes = Math.round((sampled * entries) / Math.max(1, sample.length))
      return { entries, bytes, evicted: 0, unreadable }
    },
    async close() {},
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

/** A record travels as JSON within JSON, so it is the text of its text that counts. */
function requireRoom(record: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(record))
  if (bytes <= MAX_BYTES) return
  throw new RangeError(
    `an entry of ${bytes} bytes does not fit into a request to Upstash Redis, which takes ${MAX_BYTES}`,
  )
}

// The smallest plans take 10 MB, whichever way they count, with the name and the options of the command.
const MAX_BYTES = 9_990_000
const NAMES_PER_PAGE = 1_000
// Few enough to be answered in time should each of them be large.
const RECORDS_PER_READ = 32
const SAMPLE = 100

const LENGTHS = `
  local bytes = 0
  for _, name in ipairs(KEYS) do bytes = bytes + redis.call('STRLEN', name) end
  return bytes
`

const page = z.tuple([z.coerce.string(), z.array(z.string())])
const replies = z.array(z.string().nullable())
