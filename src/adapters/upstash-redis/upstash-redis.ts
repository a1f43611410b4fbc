import type { Clock, Ports, Random } from '../../ports.ts'
import { redisClient } from './client.ts'
import type { RedisAccess } from './client.ts'
import { redisBus } from './redis-bus.ts'
import type { RedisBus } from './redis-bus.ts'
import { redisCounters } from './redis-counters.ts'
import { redisLease } from './redis-lease.ts'
import { redisLimiter } from './redis-limiter.ts'
import { redisRecords } from './redis-records.ts'
import { redisSessions } from './redis-sessions.ts'
import { redisStore } from './redis-store.ts'

export interface UpstashRedisOptions extends RedisAccess {
  readonly clock: Clock
  readonly random: Random
  /** Begins every key, so that several services can share a database; may hold no pattern's characters. */
  readonly prefix?: string
}

export interface UpstashRedis extends Pick<Ports, 'store' | 'sessions' | 'lease' | 'records' | 'counters' | 'limiter'> {
  readonly bus: RedisBus
}

/** All that replicas share, over one database. Asks nothing of it but for the bus's stream. Closing the store closes all. */
export function openUpstashRedis(options: UpstashRedisOptions): UpstashRedis {
  const shared = { prefix: 'reprise:1', ...options, send: redisClient(options) }
  const bus = redisBus(shared)
  return {
    store: { ...redisStore(shared), close: async () => bus.close() },
    sessions: redisSessions(shared),
    lease: redisLease(shared),
    records: redisRecords(shared),
    counters: redisCounters(shared),
    limiter: redisLimiter(shared),
    bus,
  }
}
