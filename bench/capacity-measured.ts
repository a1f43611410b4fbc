/** What two replicas over the stand-ins send for each outcome, and what an entry takes of Redis. */
import { mkdtempSync } from 'node:fs'
import { compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { silent } from '../src/insight/log.ts'
import { startRedisBridge } from '../test/support/upstash/redis-bridge.ts'
import { startRedisServer } from '../test/support/upstash/redis-server.ts'
import { startVectorServer } from '../test/support/upstash/vector-server.ts'
import { seeded, words } from './fleet.ts'

export interface MeasuredOptions {
  /** How long answers are, in characters. */
  readonly bytes: number
  /** Waits until replicas have heard of each other's answers. */
  settle(): Promise<unknown>
}

export interface Sent {
  readonly redis: number
  readonly query: number
  readonly upsert: number
}

/** So many of each outcome. */
const TIMES = 25
const BUSY_MS = 6_000
const token = 'bench'

export async function measured({ bytes, settle }: MeasuredOptions) {
  const random = seeded(1)
  const redis = await startRedisServer()
  const bridge = await startRedisBridge({ redisPort: redis.port, token })
  const vector = await startVectorServer({ token, dimension: 128 })
  const [one, two] = [await replica(), await replica()] as const
  const questions = Array.from({ length: TIMES }, (_, nth) => ({
    head: `Number ${nth} of the ${nth} `,
    tail: words(random),
  }))
  const exact = ({ head, tail }: (typeof questions)[number]) => `${head}${tail}?`
  const reworded = ({ head, tail }: (typeof questions)[number]) => `${tail} ${head}?`
  const eachOf = async (ask: (question: (typeof questions)[number]) => Promise<string>, expected: string) =>
    sentBy(async () => {
      for (const question of questions) {
        const detail = await ask(question)
        if (detail !== expected) throw new Error(`${expected} was expected, and it was ${detail}`)
        await settle()
      }
    })
  // Who asks is known from here on.
  for (const { ask } of [one, two]) await ask('Who is there?')
  await settle()

  const miss = await eachOf(async (question) => {
    const detail = await one.ask(exact(question))
    return detail === 'nothing-near' || detail === 'below-threshold' || detail.startsWith('objection') ? 'miss' : detail
  }, 'miss')
  const semantic = await eachOf((question) => two.ask(reworded(question)), 'semantic')
  // Another replica, which has none of it in memory.
  const three = await replica()
  await three.ask('Who is there?')
  await settle()
  const cold = await eachOf((question) => three.ask(exact(question)), 'exact')
  const warm = await eachOf((question) => three.ask(exact(question)), 'exact')
  const joining = questions.map(({ tail }, nth) => `mock: slow 300 ${nth} ${tail}`)
  const joined = await sentBy(async () => {
    for (const question of joining) {
      const asked = three.mock!.calls.length
      const leading = three.ask(question)
      // Whoever comes while the model is being asked has only to look.
      while (three.mock!.calls.length === asked) await later(1)
      await Promise.all([leading, three.ask(question)])
    }
    await settle()
  })
  const entry = await largest()
  bridge.commands.reset()
  for (const until = Date.now() + BUSY_MS; Date.now() < until;) {
    await three.ask(exact(questions[0]!))
    await later(20)
  }
  const busy = {
    rules:
      bridge.commands.log().filter((command) => /GET,.*version:rules/.test(String(command))).length / (BUSY_MS / 1_000),
    counting: bridge.commands.log().filter((command) => /:batch:/.test(String(command))).length / (BUSY_MS / 1_000),
  }
  for (const { close } of [one, two, three]) await close()
  await Promise.all([bridge.close(), vector.close()])
  await redis.close()
  const each = { warm, cold, semantic, miss, joined: minus(joined, miss) }
  return { each, busy, ...entry }

  /** By each of them on average; what is sent now and then, whoever asks, is left out. */
  async function sentBy(work: () => Promise<unknown>): Promise<Sent> {
    bridge.commands.reset()
    vector.requests.reset()
    await work()
    const own = bridge.commands
      .log()
      .filter((command) => !/:(?:version|records|batch|tally|bus|lease:reclaim)\b/.test(firstKey(command)))
    return {
      redis: own.length / TIMES,
      query: vector.requests.count('query') / TIMES,
      upsert: vector.requests.count('upsert') / TIMES,
    }
  }

  async function largest() {
    const [name = ''] = bridge.commands
      .log()
      .filter(([name]) => name === 'GET')
      .map(([, key]) => key ?? '')
      .filter((key) => /:entry:/.test(key))
      .slice(-1)
    const call = async (...command: string[]) => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(bridge.url, { method: 'POST', headers, body: JSON.stringify(command) })
      return ((await response.json()) as { result: unknown }).result
    }
    const { completion } = JSON.parse((await call('GET', name)) as string) as { completion: string }
    const account = await Promise.all(
      ['entries', 'names', 'sizes'].map((part) =>
        call('MEMORY', 'USAGE', `reprise:1:tenant:default:${part}`, 'SAMPLES', '0'),
      ),
    )
    const [entries] = (await call('HMGET', 'reprise:1:tenant:default:sizes', 'entries')) as [string]
    const share = account.reduce<number>((sum, bytes) => sum + Number(bytes), 0) / Number(entries)
    return { completionBytes: completion.length, entryBytes: Number(await call('MEMORY', 'USAGE', name)) + share }
  }

  async function replica() {
    const config = readConfig({
      REPRISE_MODEL: 'mock',
      REPRISE_MOCK_DIR: mkdtempSync('/tmp/reprise-'),
      UPSTASH_REDIS_REST_URL: bridge.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: token,
      REPRISE_LOOKUP_TIMEOUT_MS: '5000',
    })
    const service = await compose(config, silent)
    const answer = 'x'.repeat(bytes)
    service.mock!.answer([
      { pattern: 'slow', answer, latencyMs: 300 },
      { pattern: '', answer },
    ])
    return { ...service, ask: (question: string) => detailOf(service.fetch, question) }
  }
}

async function detailOf(fetch: (request: Request) => Response | Promise<Response>, content: string): Promise<string> {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
  const response = await fetch(new Request('http://localhost/v1/chat/completions', { method: 'POST', body }))
  await response.text()
  return /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1] ?? ''
}

function firstKey(command: readonly string[]): string {
  return /reprise:1:[^ ,]+/.exec(String(command))?.[0] ?? ''
}

function minus(one: Sent, other: Sent): Sent {
  return { redis: one.redis - other.redis, query: one.query - other.query, upsert: one.upsert - other.upsert }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
