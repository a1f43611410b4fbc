import { z } from 'zod'
import type { Clock, Key, Quota } from '../../ports.ts'
import type { Send } from './client.ts'

export interface LedgerOptions {
  readonly send: Send
  readonly clock: Clock
  readonly prefix: string
}

/** A record and what the ledger has to know of it. */
export interface Item {
  readonly key: Key
  readonly keepUntil: number
  readonly record: string
  readonly bytes: number
}

/**
 * Keeps records, and account of them: which ones a tenant has, until when, and how large they are. A record and its
 * account change together, in one command.
 */
export function ledger({ send, clock, prefix }: LedgerOptions) {
  const nameOf = (id: string) => `${prefix}:entry:${id}`
  const sizesOf = (tenant: string) => `${prefix}:tenant:${tenant}:sizes`
  const accountOf = (tenant: string) => [
    `${prefix}:tenant:${tenant}:entries`,
    `${prefix}:tenant:${tenant}:names`,
    sizesOf(tenant),
  ]
  const tenants = `${prefix}:tenants`

  return {
    nameOf,
    /** Gives back the names of those who have to go for the quota's sake: the soonest to expire, but never this one. */
    async keep({ key: { id, tenant }, keepUntil, record, bytes }: Item, quota: Quota): Promise<string[]> {
      const keys = [...accountOf(tenant), tenants, nameOf(id)]
      const values = [id, tenant, record, bytes, keepUntil, Math.ceil(keepUntil), clock()]
      return ids.parse(await send('EVAL', KEEP, keys.length, ...keys, ...values, quota.maxEntries, quota.maxBytes))
    },
    /** Says how many of them were alive. With `createdAt`, only records of that time are dropped. */
    async drop(tenant: string, gone: readonly string[], createdAt?: number): Promise<number> {
      const keys = [...accountOf(tenant), ...gone.map(nameOf)]
      return z.number().parse(await send('EVAL', DROP, keys.length, ...keys, clock(), createdAt ?? '', ...gone))
    },
    /** Names in the order of the alphabet, in which a name stays where it is whatever becomes of its record. */
    async names(tenant: string, after: string | undefined, limit: number): Promise<string[]> {
      const [, names = ''] = accountOf(tenant)
      return ids.parse(await send('ZRANGE', names, after ? `(${after}` : '-', '+', 'BYLEX', 'LIMIT', 0, limit))
    },
    async sizeOf(tenant: string): Promise<{ readonly entries: number; readonly bytes: number }> {
      return size.parse(await send('HMGET', sizesOf(tenant), 'entries', 'bytes'))
    },
    /** Of all tenants together. */
    async size(): Promise<{ readonly entries: number; readonly bytes: number }> {
      const known = ids.parse(await send('ZRANGE', tenants, 0, -1))
      let sum = { entries: 0, bytes: 0 }
      for (let at = 0; at < known.length; at += TENANTS_PER_SUM) {
        const keys = known.slice(at, at + TENANTS_PER_SUM).map(sizesOf)
        const { entries, bytes } = size.parse(await send('EVAL_RO', SUM, keys.length, ...keys))
        sum = { entries: sum.entries + entries, bytes: sum.bytes + bytes }
      }
      return sum
    },
  }
}

const TENANTS_PER_SUM = 1_000

const ids = z.array(z.string())
const size = z.tuple([z.coerce.number(), z.coerce.number()]).transform(([entries, bytes]) => ({ entries, bytes }))

// Without its first line a script would hold up the whole database; with it, it may touch no keys but those it is given.
// Only within KEEP does it turn out who has to go, so KEEP cannot be given their records: it names them, and a DROP
// follows. Until then they are in the account, so that nothing is lost from sight if no DROP should follow.
const ACCOUNT = `#!lua flags=allow-key-locking
  local ends, names, sizes = KEYS[1], KEYS[2], KEYS[3]

  -- They are of use together only. A database that is full may have let go of one of them.
  if redis.call('EXISTS', ends, names, sizes) < 3 then redis.call('DEL', ends, names, sizes) end

  local function forget(id)
    local bytes = redis.call('HGET', sizes, id)
    if not bytes then return end
    redis.call('ZREM', ends, id)
    redis.call('ZREM', names, id)
    redis.call('HDEL', sizes, id)
    redis.call('HINCRBY', sizes, 'entries', -1)
    redis.call('HINCRBY', sizes, 'bytes', '-' .. bytes)
  end
`

// The dead are forgotten a few at a time, and all of them together when the last is dead. Should a quota be exceeded by
// more than one script can name, the puts to come go on with it.
const KEEP = `${ACCOUNT}
  local tenants, name = KEYS[4], KEYS[5]
  local id, tenant, record, bytes, keepUntil, expireAt, now = unpack(ARGV)
  local maxEntries, maxBytes = tonumber(ARGV[8]), tonumber(ARGV[9])

  forget(id)
  for _, dead in ipairs(redis.call('ZRANGE', ends, '-inf', now, 'BYSCORE', 'LIMIT', 0, 32)) do forget(dead) end

  redis.call('SET', name, record, 'PXAT', expireAt)
  redis.call('ZADD', ends, keepUntil, id)
  redis.call('ZADD', names, 0, id)
  redis.call('HSET', sizes, id, bytes)
  local entries = redis.call('HINCRBY', sizes, 'entries', 1)
  local held = redis.call('HINCRBY', sizes, 'bytes', bytes)

  local last = redis.call('ZRANGE', ends, -1, -1, 'WITHSCORES')[2]
  local lastAt = string.format('%.0f', math.ceil(tonumber(last)))
  for at = 1, 3 do redis.call('PEXPIREAT', KEYS[at], lastAt) end
  redis.call('ZADD', tenants, last, tenant)
  redis.call('ZREMRANGEBYSCORE', tenants, '-inf', now)

  local surplus = {}
  for at = 0, 1000 do
    if entries <= maxEntries and held <= maxBytes then break end
    local other = redis.call('ZRANGE', ends, at, at)[1]
    if not other then break end
    if other ~= id then
      table.insert(surplus, other)
      entries = entries - 1
      held = held - tonumber(redis.call('HGET', sizes, other))
    end
  end
  return surplus
`

const DROP = `${ACCOUNT}
  local now, createdAt = tonumber(ARGV[1]), tonumber(ARGV[2])
  local living = 0

  local function isAnother(name)
    local record = createdAt and redis.call('GET', name)
    local parses, entry = pcall(cjson.decode, record)
    return parses and type(entry) == 'table' and entry.createdAt ~= createdAt
  end

  for at = 4, #KEYS do
    local id = ARGV[at - 1]
    if not isAnother(KEYS[at]) then
      local keepUntil = redis.call('ZSCORE', ends, id)
      local existed = redis.call('DEL', KEYS[at]) == 1
      if existed and not (keepUntil and tonumber(keepUntil) <= now) then living = living + 1 end
      forget(id)
    end
  end
  return living
`

const SUM = `#!lua flags=no-writes,allow-key-locking
  local entries, bytes = 0, 0
  for _, sizes in ipairs(KEYS) do
    local size = redis.call('HMGET', sizes, 'entries', 'bytes')
    entries = entries + (tonumber(size[1]) or 0)
    bytes = bytes + (tonumber(size[2]) or 0)
  end
  return {entries, bytes}
`
