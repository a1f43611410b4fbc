import { hotStore } from '../adapters/hot-store.ts'
import { openUpstashRedis } from '../adapters/upstash-redis/upstash-redis.ts'
import { openUpstashVector } from '../adapters/upstash-vector/upstash-vector.ts'
import { LANDED } from '../answers/convoy.ts'
import type { Access } from '../config.ts'
import { CONFIRM_MS } from '../tenancy/versions.ts'
import type { Clock, Embedder, Random } from '../ports.ts'
import type { Engine } from './engine.ts'

export interface UpstashEngineOptions {
  readonly redis: Access
  readonly vector: Access
  readonly embedder: Embedder
  readonly replica: string
  readonly clock: Clock
  readonly random: Random
  readonly timeoutMs: number
  readonly hotBytes: number
  /** Told of what is wrong at the start but may be right later. */
  readonly warn: (message: string) => void
}

const PUT_TIMEOUT_MS = 2_000

/** Upstash Redis and Upstash Vector, shared by any number of replicas. */
export async function upstashEngine(options: UpstashEngineOptions): Promise<Engine> {
  const { embedder, replica, clock, random, hotBytes, warn } = options
  // A lookup does not wait for so long, but a put that nobody waits for may take its time.
  const timeoutMs = Math.max(PUT_TIMEOUT_MS, options.timeoutMs)
  const probe = await embedder.embed('What does a question become?').catch(() => undefined)
  const index = await openUpstashVector({ ...options.vector, timeoutMs, clock, probe, warn })
  const redis = openUpstashRedis({ ...options.redis, timeoutMs, clock, random })
  const { store, bus } = redis
  return {
    ...redis,
    store: hotStore({ store, bus, clock, replica, topic: LANDED, maxBytes: hotBytes }),
    index,
    settleMs: CONFIRM_MS,
    isFar: true,
    where: {
      store: `Upstash Redis at ${new URL(options.redis.url).host}`,
      index: `Upstash Vector at ${new URL(options.vector.url).host}`,
    },
    // Redis lets go of what is dead by itself; Vector has to look at all that it holds.
    sweep: index.sweep,
    sweepEveryMs: 3_600_000,
    close: store.close,
  }
}
