import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, onTestFinished } from 'vitest'
import { redisClient } from '../../../src/adapters/upstash-redis/client.ts'
import { redisBus } from '../../../src/adapters/upstash-redis/redis-bus.ts'
import type { RedisBus, RedisBusOptions } from '../../../src/adapters/upstash-redis/redis-bus.ts'
import { redisLease } from '../../../src/adapters/upstash-redis/redis-lease.ts'
import { redisSessions } from '../../../src/adapters/upstash-redis/redis-sessions.ts'
import { redisStore } from '../../../src/adapters/upstash-redis/redis-store.ts'
import type { Patience } from '../../contract/patience.ts'
import { startRedisBridge } from '../../support/upstash/redis-bridge.ts'
import type { RedisBridge } from '../../support/upstash/redis-bridge.ts'
import { describeWithRedis } from '../../support/upstash/with-redis.ts'
import { startRedisServer } from '../../support/upstash/redis-server.ts'

/** A database to test on, which may hold what others have put there. */
export interface Database {
  readonly name: string
  access(): Access
}

/** The tests on a real Redis behind the stand-in and, where the environment names one, on Upstash itself. */
export function onEveryDatabase(tests: (database: Database) => void): void {
  onStandIn('on the stand-in', (bridge) => tests({ name: 'the stand-in', access: bridge }))

  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env
  describe.skipIf(!url || !token)('on Upstash', { timeout: 120_000 }, () => {
    tests({ name: 'Upstash', access: () => ({ url: url!, token: token! }) })
  })
}

/** The tests on the stand-in only, which every test finds whole. */
export function onStandIn(name: string, tests: (bridge: () => RedisBridge) => void): void {
  describeWithRedis(name, () => {
    let server: Awaited<ReturnType<typeof startRedisServer>> | undefined
    let bridge: RedisBridge | undefined
    beforeAll(async () => {
      server = await startRedisServer()
      bridge = await startRedisBridge({ redisPort: server.port, token: 'token-not-to-be-told' })
    })
    beforeEach(() => {
      bridge!.faults.set({})
      bridge!.commands.reset()
    })
    afterAll(async () => {
      await bridge?.close()
      await server?.close()
    })
    tests(() => bridge!)
  })
}

/** The adapters that only speak when spoken to, with keys of their own and a clock that stands still. */
export function open({ url, token }: Access, options: { prefix?: string; timeoutMs?: number } = {}) {
  // Redis has a clock of its own, so ours must begin with the same time.
  let now = Date.now()
  const clock = () => now
  const { prefix = `test-${randomUUID()}`, timeoutMs = 5_000 } = options
  const send = redisClient({ url, token, timeoutMs })
  const shared = { send, clock, prefix }
  const advance = (ms: number) => {
    now += ms
  }
  return { ...shared, advance, store: redisStore(shared), sessions: redisSessions(shared), lease: redisLease(shared) }
}

/** A bus that hangs up when the test ends. */
export function openBus({ url, token }: Access, prefix: string, options: Partial<RedisBusOptions> = {}): RedisBus {
  const access = { url, token, timeoutMs: options.timeoutMs ?? 1_000 }
  const bus = redisBus({ ...access, send: redisClient(access), prefix, random: () => 0, retryMs: 10, ...options })
  onTestFinished(() => bus.close())
  return bus
}

interface Access {
  readonly url: string
  readonly token: string
}

/** How long a message may be on its way. */
export const patience: Patience = { tries: 200, pause: () => setTimeout(20) }
