import { randomUUID } from 'node:crypto'
import type { Lease } from '../../ports.ts'
import { channelOf, textOf } from './channel.ts'
import type { Send } from './client.ts'

/** Leases among all replicas. Every step is one command. */
export function redisLease({ send, prefix }: { readonly send: Send; readonly prefix: string }): Lease {
  return {
    async take(name, ttlMs) {
      const key = `${prefix}:lease:${name}`
      const token = randomUUID()
      const taken = await send('SET', key, token, 'NX', 'PX', Math.ceil(ttlMs))
      if (taken !== 'OK') return undefined
      return {
        async renew(ttlMs) {
          return (await send('EVAL', RENEW, 1, key, token, Math.ceil(ttlMs))) === 1
        },
        async release(news) {
          const tell = news ? [channelOf(prefix), textOf(news)] : []
          await send('EVAL', RELEASE, 1, key, token, ...tell)
        },
      }
    },
  }
}

// Without its first line a script would hold up the whole database, where it only needs its own key.
const RENEW = `#!lua flags=allow-key-locking
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`
const RELEASE = `#!lua flags=allow-key-locking
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
  if ARGV[2] then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
  return 1
`
