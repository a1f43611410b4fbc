/**
 * What it costs to hold a request to its limits, and whether they hold: 32 callers at once on the embedded engine's
 * limiter, and on those of three replicas over one Redis (the stand-in). A call is one `admit`, held to a tenant's and
 * a key's requests and tokens, first at about the pace that the limits allow and then without a pause, far beyond it;
 * last, windows of a second are taken up, and what was allowed is held against the rate.
 * `node bench/limits.ts`
 *
 * The whole service for one real minute, as one process and as three over the stand-ins: 32 clients over HTTP, who ask
 * in turn as a tenant with a limit that they reach, as one with limits that they do not, and as one without any.
 * `node bench/limits.ts --service`
 */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { localLimiter } from '../src/adapters/embedded/local-limiter.ts'
import { redisClient } from '../src/adapters/upstash-redis/client.ts'
import { redisLimiter } from '../src/adapters/upstash-redis/redis-limiter.ts'
import type { Limiter } from '../src/ports.ts'
import { createLimits } from '../src/tenancy/limits.ts'
import { startRedisBridge } from '../test/support/upstash/redis-bridge.ts'
import { startRedisServer } from '../test/support/upstash/redis-server.ts'
import { serviceMinutes } from './limits-service.ts'

const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '32' },
    calls: { type: 'string', default: '40000' },
    perMinute: { type: 'string', default: '240000' },
    windows: { type: 'string', default: '4' },
    latency: { type: 'string', default: '0' },
    service: { type: 'boolean', default: false },
    rate: { type: 'string', default: '3000' },
    restMs: { type: 'string', default: '200' },
  },
})
const [callers, calls, perMinute, windows, latencyMs] = (
  ['callers', 'calls', 'perMinute', 'windows', 'latency'] as const
).map((name) => Number(values[name])) as [number, number, number, number, number]
const clock = Date.now
const token = 'bench'
const redis = await startRedisServer()
const bridge = await startRedisBridge({ redisPort: redis.port, token })
bridge.faults.set({ latencyMs })
const replica = () =>
  redisLimiter({ clock, prefix: 'bench', send: redisClient({ url: bridge.url, token, timeoutMs: 5_000 }) })

const engines = { embedded: [localLimiter({ clock })], 'three replicas': [replica(), replica(), replica()] }
console.log(`${callers} callers, ${latencyMs} ms to Redis and back besides the network, Node ${process.version}`)
if (values.service) await serviceMinutes({ callers, bridge, rate: Number(values.rate), restMs: Number(values.restMs) })
else await limitersAlone()
await bridge.close()
await redis.close()

async function limitersAlone(): Promise<void> {
  for (const [name, limiters] of Object.entries(engines)) {
    // So long does each caller rest between two calls, if all of them together are to keep to the rate.
    await admissions(`${name}, at the pace of the limits`, limiters, (callers / perMinute) * 60_000)
    await admissions(`${name}, without a pause`, limiters, 0)
    for (const units of [50, 1_000, 6_000]) await rates(name, limiters, units)
  }
}

/** How long an admission takes, and how many commands. */
async function admissions(name: string, limiters: readonly Limiter[], restMs: number): Promise<void> {
  const replicas = limiters.map((limiter) => createLimits({ limiter, clock }))
  const limits = { requestsPerMinute: perMinute, tokensPerMinute: perMinute * 1_000 }
  const who = { tenant: 'acme', keyId: 'k1', limits, keyLimits: limits }
  const took: number[] = []
  let [left, allowed] = [calls, 0]
  bridge.commands.reset()
  await together(async (at) => {
    const { admit, charge } = replicas[at % replicas.length]!
    while (left-- > 0) {
      // What comes from the network has its turn, as it has between two requests.
      await (restMs > 0 ? setTimeout(Math.random() * 2 * restMs) : setImmediate())
      const startedAt = performance.now()
      const admission = await admit(who)
      took.push(performance.now() - startedAt)
      if (admission.allowed) allowed++
      void charge(who, 'miss', 500)
    }
  })
  console.log(
    `${name}: admit ms p50 ${percentile(took, 0.5)} p99 ${percentile(took, 0.99)} max ${percentile(took, 1)}; ` +
      `${allowed} of ${calls} allowed, ${(bridge.commands.count() / calls).toFixed(3)} Redis commands a call`,
  )
}

/** What was allowed in each of some windows that were taken up to the last unit. */
async function rates(name: string, limiters: readonly Limiter[], units: number): Promise<void> {
  const windowMs = 1_000
  const allowed = new Map<number, number>()
  const refusing = new Set<number>()
  const first = (Math.floor(clock() / windowMs) + 1) * windowMs
  await together(async (at) => {
    while (clock() < first + windows * windowMs) {
      await setImmediate()
      const allowance = await limiters[at % limiters.length]!.take('rate', { units, windowMs }, 1)
      if (allowance.allowed) allowed.set(allowance.resetAt, (allowed.get(allowance.resetAt) ?? 0) + 1)
      if (!allowance.allowed) refusing.add(allowance.resetAt)
    }
  })
  const whole = [...allowed].filter(([resetAt]) => resetAt > first && resetAt <= first + windows * windowMs)
  const counts = whole.map(([resetAt, count]) => (refusing.has(resetAt) ? `${count}` : `${count} (nobody was refused)`))
  console.log(`${name}: of ${units} a second were allowed ${counts.join(', ')}`)
}

async function together(caller: (at: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: callers }, (_, at) => caller(at)))
}

function percentile(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3)
}
