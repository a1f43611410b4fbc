/**
 * Three replicas over one Redis and one Vector, and four callers with keys of their own, in one kind of trouble after
 * another: what reaches the model, whether anyone is given a wrong answer or another's, what it costs in time, and how
 * soon hits are back when it is over. Exits 1 if anything is not as it must be.
 * `node bench/replicas.ts [--only judged] [--requests 2000]`
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startRedisBridge } from '../test/support/upstash/redis-bridge.ts'
import { startRedisServer } from '../test/support/upstash/redis-server.ts'
import { startVectorServer } from '../test/support/upstash/vector-server.ts'
import { type Replica, percentile, recovery, seeded, startModel, startReplica } from './fleet.ts'
import { type Load, createLoad } from './load.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    repeats: { type: 'string', default: '0.6' },
    seed: { type: 'string', default: '7' },
    only: { type: 'string' },
  },
})
const random = seeded(Number(values.seed))

const LOOKUP_MS = 500
const token = 'bench'
const redis = await startRedisServer()
const bridge = await startRedisBridge({ redisPort: redis.port, token })
const prompt = await startVectorServer({ token, dimension: 128 })
const lagging = await startVectorServer({ token, dimension: 128, visibilityDelayMs: 3_000 })
const model = await startModel(random)
let vector = prompt
let replicas: Replica[] = []

interface Phase {
  /** The share of the requests that it is worth, and how long they take at least. */
  readonly share?: number
  readonly seconds?: number
  /** Nothing is wrong, so that replicas are to ask the model once for all. */
  readonly well?: boolean
  /** What is down does not say so. */
  readonly hangs?: boolean
  begin?(): unknown
  during?(): Promise<void>
  end?(): unknown
}

const mend = () => (bridge.faults.set({}), vector.faults.set({}))
const phases: Readonly<Record<string, Phase>> = {
  well: { well: true },
  judged: { seconds: 14, during: judged },
  'bus silent': { seconds: 11, well: true, begin: () => bridge.faults.set({ streams: 'silent' }) },
  'redis full': { share: 0.25, begin: () => bridge.faults.set({ capacityQuota: true }) },
  'redis limits us': { share: 0.25, begin: () => bridge.faults.set({ status: 429 }) },
  'redis slow': { share: 0.25, begin: () => bridge.faults.set({ latencyMs: 100 }) },
  'redis down': { share: 0.25, begin: () => bridge.faults.set({ reset: true }) },
  'vector down': { share: 0.25, well: true, begin: () => vector.faults.set({ reset: true }) },
  'both hang': {
    seconds: 16,
    hangs: true,
    begin: () => (bridge.faults.set({ hang: true }), vector.faults.set({ hang: true })),
  },
  'vector lags': {
    share: 0.25,
    well: true,
    begin: () => ((vector = lagging), restartAll()),
    end: () => ((vector = prompt), restartAll()),
  },
}

let sound = true
await restartAll()
for (const [name, what] of Object.entries(phases)) if (!values.only || values.only === name) await run(name, what)
for (const { child } of replicas) child.kill('SIGTERM')
await Promise.all([bridge.close(), prompt.close(), lagging.close(), model.close()])
await redis.close()
process.exit(sound ? 0 : 1)

/** Redis fails one call in five, the bus is cut for ten seconds, and replicas are killed and started again. */
async function judged(): Promise<void> {
  bridge.faults.set({ failShare: 0.2, seed: 1, streams: 'refused' })
  for (let turn = 0; turn < 4; turn++) {
    await pause(2_500)
    const victim = Math.floor(random() * replicas.length)
    replicas[victim]!.child.kill('SIGKILL')
    replicas[victim] = await start()
  }
  bridge.faults.set({ failShare: 0.2, seed: 2 })
}

/** Asks as much as was told to while the trouble lasts, and says what came of it. */
async function run(name: string, phase: Phase): Promise<void> {
  const { share = 1, seconds = 13 * share, well = false } = phase
  const requests = Math.ceil(Number(values.requests) * share)
  await phase.begin?.()
  const calls = model.calls()
  bridge.commands.reset()
  const load = createLoad({
    name,
    requests,
    seconds,
    repeats: Number(values.repeats),
    random,
    replicas: () => replicas,
  })
  const [aloneAt] = await Promise.all([phase.hangs && leftAlone(load), phase.during?.(), load.run()])
  const made = model.calls() - calls
  const commands = bridge.commands.count()
  await phase.end?.()
  mend()
  const backAfter = await recovery(replicas, random, name)

  const { count, told, startedAt } = load
  const ratio = made / load.distinct()
  const good = count.wrong + count['of another'] + count['5xx'] === 0 && (!well || ratio <= 1.05)
  sound &&= good
  const hits = told.filter(({ detail }) => /^(?:exact|semantic|joined)$/.test(detail)).length
  const tally = Object.entries(count).map(([what, times]) => `${what} ${times}`)
  const added = aloneAt
    ? `${addedBy(load, 0, aloneAt)} until left alone after ${((aloneAt - startedAt) / 1_000).toFixed(1)} s, then ${addedBy(load, aloneAt)}`
    : addedBy(load)
  console.log(
    `${good ? 'ok  ' : 'FAIL'} ${name}: ${requests} requests, ${load.distinct()} distinct, ${made} model calls = ${ratio.toFixed(3)} ×; ` +
      `${tally.join(', ')}; hits and joined ${((100 * hits) / requests).toFixed(0)} %; added ms p50/p99 ${added}; ` +
      `${(commands / requests).toFixed(2)} Redis commands a request; hits in other words are back after ${backAfter.toFixed(1)} s`,
  )
}

/** How much longer answers took than the model, for requests sent between two times. */
function addedBy({ told }: Load, from = 0, until = Infinity): string {
  // Who joins another's call waits for the model as well, but is not told for how long.
  const own = told.filter(({ detail }) => detail !== 'joined')
  const then = own.filter(({ at, tookMs }) => at - tookMs >= from && at - tookMs < until)
  const added = then.map(({ tookMs, modelMs }) => Math.max(0, tookMs - modelMs))
  return `${percentile(added, 0.5).toFixed(0)}/${percentile(added, 0.99).toFixed(0)}`
}

/** When every replica leaves alone what is down, and nobody waits for what was asked before; `undefined` if never. */
async function leftAlone({ isOver }: Load): Promise<number | undefined> {
  while (!isOver()) {
    await pause(100)
    if ((await Promise.all(replicas.map(isAlone))).every(Boolean)) return performance.now() + 1_000
  }
  return undefined
}

async function isAlone({ url }: Replica): Promise<boolean> {
  const { health } = (await (await fetch(`${url}/readyz`)).json()) as { health: Record<string, string> }
  return health['store'] !== 'up'
}

async function restartAll(): Promise<void> {
  for (const { child } of replicas) child.kill('SIGTERM')
  replicas = await Promise.all([start(), start(), start()])
}

function start(): Promise<Replica> {
  return startReplica({
    OPENAI_BASE_URL: model.url,
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    UPSTASH_VECTOR_REST_URL: vector.url,
    UPSTASH_VECTOR_REST_TOKEN: token,
    REPRISE_AUTH: 'passthrough',
    REPRISE_SECRET: 'bench'.repeat(8),
    REPRISE_LOOKUP_TIMEOUT_MS: `${LOOKUP_MS}`,
  })
}
