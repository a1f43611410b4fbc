import { Ratelimit } from '@upstash/ratelimit'
import { LRUCache } from 'lru-cache'
import type { Clock, Limiter, Rate } from '../../ports.ts'
import type { Send } from './client.ts'
import { type Reservation, reservation } from './reservation.ts'

export interface RedisLimiterOptions {
  readonly send: Send
  /** Must be the time of day, which Upstash's limiter reads for itself. */
  readonly clock: Clock
  readonly prefix: string
}

/** So many limits are known at once; one that is forgotten costs a round trip, and what was reserved of it. */
const MAX_LIMITS = 10_000

/** Limits that all replicas share; each spends what it has reserved. */
export function redisLimiter({ send, clock, prefix }: RedisLimiterOptions): Limiter {
  const reservations = new LRUCache<string, Reservation>({ max: MAX_LIMITS })
  const redis = clientOf(send)

  const reservationOf = (name: string, rate: Rate): Reservation => {
    const limit = `${name} ${rate.units}/${rate.windowMs}`
    const known = reservations.get(limit)
    if (known) return known

    const counter = new Ratelimit({
      redis,
      prefix: `${prefix}:limit`,
      limiter: Ratelimit.fixedWindow(rate.units, `${rate.windowMs} ms`),
      // It would refuse one unit because there were not ten.
      ephemeralCache: false,
      // It would let pass, without a word, what takes too long; `send` has a time limit, and says so.
      timeout: 0,
      enableTelemetry: false,
    })
    const fresh = reservation({
      rate,
      clock,
      // The window is part of the name, so that what is given back too late is not given to the next.
      count: (amount, resetAt) => counter.limit(`${name}:${resetAt}`, { rate: amount }),
    })
    reservations.set(limit, fresh)
    return fresh
  }

  return {
    async take(name, rate, units) {
      const reserved = reservationOf(name, rate)
      return units > 0 ? reserved.take(units) : reserved.look()
    },
    async charge(name, rate, units) {
      await reservationOf(name, rate).charge(units)
    },
  }
}

/** As much of a client as the limiter uses, with the time limit and the discretion of ours. */
function clientOf(send: Send): Client {
  const run =
    (command: string) =>
    (script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> =>
      send(command, script, keys.length, ...keys, ...args)
  return { evalsha: run('EVALSHA'), eval: run('EVAL') } as unknown as Client
}

type Client = ConstructorParameters<typeof Ratelimit>[0]['redis']
