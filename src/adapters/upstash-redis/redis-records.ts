import { z } from 'zod'
import type { Records } from '../../ports.ts'
import type { Send } from './client.ts'
import { pairs } from './pairs.ts'

/** Records that all replicas share: a hash for each kind, and a number that each change to it increases. */
export function redisRecords({ send, prefix }: { readonly send: Send; readonly prefix: string }): Records {
  const documentsOf = (kind: string) => `${prefix}:records:${kind}`
  const versionOf = (kind: string) => `${prefix}:version:${kind}`

  return {
    async version(kind) {
      return text.parse(await send('GET', versionOf(kind))) ?? '0'
    },
    async versions(kinds) {
      const found = texts.parse(await send('MGET', ...kinds.map(versionOf)))
      return kinds.map((_, at) => found[at] ?? '0')
    },
    async get(kind, id) {
      return text.parse(await send('HGET', documentsOf(kind), id)) ?? undefined
    },
    async list(kind, prefix = '') {
      // Redis may find one twice.
      const found = new Map<string, string>()
      let cursor = '0'
      do {
        const [next, some] = page.parse(
          await send('HSCAN', documentsOf(kind), cursor, 'MATCH', `${escaped(prefix)}*`, 'COUNT', DOCUMENTS_PER_PAGE),
        )
        for (const [id, text] of some) found.set(id, text)
        cursor = next
      } while (cursor !== '0')
      return [...found].map(([id, text]) => ({ id, text })).sort((a, b) => (a.id < b.id ? -1 : 1))
    },
    async swap(kind, id, before, after) {
      const keys = [documentsOf(kind), versionOf(kind)]
      return (await send('EVAL', SWAP, keys.length, ...keys, id, sideOf(before), sideOf(after))) === 1
    },
  }
}

/** Without what has a meaning in a pattern. */
const escaped = (prefix: string) => prefix.replaceAll(/[\\*?[\]]/g, '\\$&')

/** One side of a swap: a text that is there, were it an empty one, differs from one that is not. */
const sideOf = (text: string | undefined) => (text === undefined ? '' : `=${text}`)

// Documents are small, so that a page of them still comes in time.
const DOCUMENTS_PER_PAGE = 500

// Without its first line a script would hold up the whole database, where it only needs its own keys.
const SWAP = `#!lua flags=allow-key-locking
  local now = redis.call('HGET', KEYS[1], ARGV[1])
  if (now and '=' .. now or '') ~= ARGV[2] then return 0 end
  if ARGV[2] == ARGV[3] then return 1 end
  if ARGV[3] == '' then
    redis.call('HDEL', KEYS[1], ARGV[1])
  else
    redis.call('HSET', KEYS[1], ARGV[1], string.sub(ARGV[3], 2))
  end
  redis.call('INCR', KEYS[2])
  return 1
`

const text = z.string().nullable()
const texts = z.array(text)
const page = z.tuple([z.string(), pairs])
