/**
 * What a traffic costs over Upstash each month, and how many replicas it takes: a model of so many commands for each
 * outcome, held in the same run against what replicas over the stand-ins really send. Exits 1 if they differ by more
 * than 5 %.
 * `node bench/capacity.ts [--perSecond 50] [--warm 0.3] [--cold 0.1] [--semantic 0.15] [--joined 0.02] [--bytes 2000] …`
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { measured } from './capacity-measured.ts'

const { values } = parseArgs({
  options: {
    perSecond: { type: 'string', default: '50' },
    /** Shares of the requests: exact hits in memory and not, hits by meaning, joined; the rest are misses. */
    warm: { type: 'string', default: '0.3' },
    cold: { type: 'string', default: '0.1' },
    semantic: { type: 'string', default: '0.15' },
    joined: { type: 'string', default: '0.02' },
    /** Of a completion, in characters of JSON. */
    bytes: { type: 'string', default: '2000' },
    dimensions: { type: 'string', default: '128' },
    ttlHours: { type: 'string', default: '24' },
    /** Active in the same hour, and how often an hour a rule (a tenant, a key, a purge) changes. */
    tenants: { type: 'string', default: '20' },
    changesPerHour: { type: 'string', default: '1' },
    /** Requests a second that one replica is given; the peak is so many times the mean. */
    perReplica: { type: 'string', default: '300' },
    peak: { type: 'string', default: '3' },
  },
})
const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]))
const { perSecond, warm, cold, semantic, joined, bytes, dimensions } = given as Record<keyof typeof values, number>
const { ttlHours, tenants, changesPerHour, perReplica, peak } = given as Record<keyof typeof values, number>
const miss = 1 - warm - cold - semantic - joined
if (!(miss >= 0)) throw new RangeError('the shares are more than all requests')

/** What one request sends, by outcome: Redis commands, Vector queries and upserts. */
const EACH = {
  warm: { redis: 0, query: 0, upsert: 0 },
  // A search goes out beside the look for the exact answer, so as not to come after it.
  cold: { redis: 1, query: 1, upsert: 0 },
  semantic: { redis: 2, query: 1, upsert: 0 },
  joined: { redis: 1, query: 0, upsert: 0 },
  miss: { redis: 4, query: 1, upsert: 1 },
} as const
/** What one replica sends, each second, while it is asked: rules, counting, what was learned, jobs. Idle, only the last. */
const BUSY = { rules: 2, counting: 1 / 2, learned: 1 / 2, jobs: 1 / 30 }
/** As it is in Redis, with the vector in base64; and its part in the account of its tenant. */
const bytesOf = (completion: number) => 850 + completion + (dimensions * 16) / 3 + 290
/** Published by Upstash, pay as you go, in August 2026. */
const USD = { redisCommand: 0.2 / 100_000, vectorRequest: 0.4 / 100_000 }
const MONTH_S = 30 * 86_400

const shares = { warm, cold, semantic, joined, miss }
const sent = { redis: 0, query: 0, upsert: 0 }
for (const [outcome, share] of Object.entries(shares) as [keyof typeof EACH, number][])
  for (const what of ['redis', 'query', 'upsert'] as const) sent[what] += share * EACH[outcome][what]

// One may always be away: killed, or being replaced.
const replicas = Math.ceil((perSecond * peak) / perReplica) + 1
const busy = BUSY.rules + BUSY.counting + BUSY.learned + BUSY.jobs
const firstSights = (2 * tenants * changesPerHour) / 3_600
const background = replicas * (busy + firstSights)
const redisPerMonth = (perSecond * sent.redis + background) * MONTH_S
const vectorPerMonth = perSecond * (sent.query + sent.upsert) * MONTH_S
const entries = perSecond * miss * ttlHours * 3_600
const usd = [redisPerMonth * USD.redisCommand, vectorPerMonth * USD.vectorRequest] as const

console.log(`${perSecond} requests a second: ${Object.entries(shares)
  .map(([what, share]) => `${what} ${(share * 100).toFixed(0)} %`)
  .join(', ')}
replicas            ${replicas} (at ${perReplica} a second each, ${peak} times the mean at the peak, one more for the one that is away)
Redis commands      ${(sent.redis * 1_000).toFixed(0)} for 1,000 requests, and ${(busy * 86_400).toFixed(0)} a replica and day; ${millions(redisPerMonth)} a month
Vector requests     ${((sent.query + sent.upsert) * 1_000).toFixed(0)} for 1,000 requests; ${millions(vectorPerMonth)} a month, ${millions(vectorPerMonth / 30)} a day
at most a second    ${(perSecond * peak * sent.redis + background).toFixed(0)} Redis commands (plans up to 1 GB take 10,000)
kept                ${entries.toFixed(0)} answers of ${bytesOf(bytes).toFixed(0)} bytes: ${((entries * bytesOf(bytes)) / 1e9).toFixed(2)} GB of Redis, ${millions(entries * dimensions)} vectors × dimensions
USD a month         ${usd[0].toFixed(0)} Redis + ${usd[1].toFixed(0)} Vector = ${(usd[0] + usd[1]).toFixed(0)} (and what is stored and sent beyond what a plan includes)
`)

const found = await measured({ bytes, settle: () => pause(200) })
let sound = true
for (const [outcome, model] of Object.entries(EACH) as [keyof typeof EACH, (typeof EACH)[keyof typeof EACH]][])
  for (const what of ['redis', 'query', 'upsert'] as const)
    compare(`${outcome}: ${what}`, model[what], found.each[outcome][what])
compare('bytes of an entry in Redis', bytesOf(found.completionBytes), found.entryBytes)
compare('a second, busy: rules', BUSY.rules, found.busy.rules, 0.25)
compare('a second, busy: counting', BUSY.counting, found.busy.counting, 0.25)
process.exit(sound ? 0 : 1)

/** What happens only every half second, or second, cannot be counted any better within seconds. */
function compare(what: string, model: number, measured: number, tolerance = 0.05): void {
  const close = Math.abs(measured - model) <= tolerance * Math.max(model, measured)
  sound &&= close
  console.log(`${close ? 'ok  ' : 'FAIL'} ${what}: model ${round(model)}, measured ${round(measured)}`)
}

function round(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0)
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(2)} M`
}
