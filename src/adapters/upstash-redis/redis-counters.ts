import { z } from 'zod'
import type { Addition, Counters } from '../../ports.ts'
import type { Send } from './client.ts'
import { pairs } from './pairs.ts'

/** Sums over all replicas, a hash for each tally. However many they are, adding is one command and reading another. */
export function redisCounters({ send, prefix }: { readonly send: Send; readonly prefix: string }): Counters {
  const nameOf = (tally: string) => `${prefix}:tally:${tally}`

  return {
    async add(batch, additions) {
      additions.forEach(requireWhole)
      const tallies = [...Map.groupBy(additions, ({ tally }) => tally)]
      const keys = [`${prefix}:batch:${batch}`, ...tallies.map(([tally]) => nameOf(tally))]
      const ends = tallies.map(([, parts]) => Math.ceil(Math.max(...parts.map(({ keepUntil }) => keepUntil))))
      const sums = tallies.flatMap(([, parts], at) => parts.flatMap(({ field, amount }) => [at + 2, field, amount]))
      await send('EVAL', ADD, keys.length, ...keys, BATCH_MS, ...ends, ...sums)
    },
    async read(tallies) {
      return replies.parse(await send('EVAL_RO', READ, tallies.length, ...tallies.map(nameOf)))
    },
  }
}

const BATCH_MS = 600_000

// A script that fails halfway is not undone, so nothing may reach it that Redis would refuse to add.
function requireWhole({ amount }: Addition): void {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number that can be added exactly`)
}

// To each key belongs the argument of the same number, which says when it ends: the batch after so many milliseconds,
// a tally at that time. Then come the sums: which key, which field, how much. Older Redis knows no PEXPIREAT … GT, and
// no newer one applies it to a key that is without an end.
// Without its first line a script would hold up the whole database, where it only needs its own keys.
const ADD = `#!lua flags=allow-key-locking
  if not redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) then return 0 end
  for at = #KEYS + 1, #ARGV, 3 do
    redis.call('HINCRBY', KEYS[tonumber(ARGV[at])], ARGV[at + 1], ARGV[at + 2])
  end
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for at = 2, #KEYS do
    local left = redis.call('PTTL', KEYS[at])
    if left < 0 or left < ARGV[at] - now then redis.call('PEXPIREAT', KEYS[at], ARGV[at]) end
  end
  return 1
`

const READ = `
  local sums = {}
  for at, key in ipairs(KEYS) do sums[at] = redis.call('HGETALL', key) end
  return sums
`

const replies = z.array(pairs.transform((sums) => new Map(sums.map(([field, sum]) => [field, Number(sum)]))))
