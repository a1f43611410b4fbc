import { spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { RedisBridge } from '../test/support/upstash/redis-bridge.ts'
import { startVectorServer } from '../test/support/upstash/vector-server.ts'

export interface Options {
  readonly callers: number
  /** The stand-in for Redis. */
  readonly bridge: RedisBridge
  /** What one tenant may ask in a minute, and all together do ask more than. */
  readonly rate: number
  /** How long a caller rests between two turns, on average. */
  readonly restMs: number
}

type Env = Readonly<Record<string, string>>

const ADMIN_KEY = 'the-key-of-the-operator'

/** A minute of the whole service as one process on the embedded engine, and one as three over the stand-ins. */
export async function serviceMinutes(options: Options): Promise<void> {
  const { bridge } = options
  const folder = mkdtempSync(join(tmpdir(), 'reprise-limits-'))
  const vector = await startVectorServer({ token: bridge.token, dimension: 128 })
  const upstash = {
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: bridge.token,
    UPSTASH_VECTOR_REST_URL: vector.url,
    UPSTASH_VECTOR_REST_TOKEN: bridge.token,
  }
  await serviceMinute('one process', options, [{ REPRISE_DATA_DIR: folder }])
  await serviceMinute('three processes over the stand-ins', options, [upstash, upstash, upstash])
  rmSync(folder, { recursive: true })
  await vector.close()
}

/** What of a rate gets through in one whole minute of the clock, and what it costs those who stay below theirs. */
async function serviceMinute(
  name: string,
  { callers, rate, restMs }: Options,
  environments: readonly Env[],
): Promise<void> {
  const replicas = await Promise.all(environments.map(startService))
  const [{ url: desk }] = replicas as [Service, ...Service[]]
  const ample = { requestsPerMinute: 1e6, tokensPerMinute: 1e9 }
  const tight = await newKey(desk, 'tight', { requestsPerMinute: rate })
  const roomy = { key: await newKey(desk, 'roomy', ample), took: [] as number[] }
  const free = { key: await newKey(desk, 'free', {}), took: [] as number[] }
  const urls = replicas.map(({ url }) => url)
  // Warm, and each answer kept; what is used of the tight limit is so before its minute begins.
  for (const url of urls) for (const key of [tight, roomy.key, free.key]) await ask(url, key)

  const begin = (Math.floor(Date.now() / 60_000) + 1) * 60_000
  await setTimeout(begin - Date.now())
  let [admitted, asked] = [0, 0]
  const caller = async (at: number) => {
    const url = urls[at % urls.length]!
    while (Date.now() < begin + 59_000) {
      asked++
      const { status } = await ask(url, tight)
      if (status === 200) admitted++
      for (const tenant of Math.random() < 0.5 ? [roomy, free] : [free, roomy])
        tenant.took.push((await ask(url, tenant.key)).ms)
      await setTimeout(Math.random() * 2 * restMs)
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, at) => caller(at)))
  const added = (share: number) => (percentile(roomy.took, share) - percentile(free.took, share)).toFixed(3)
  console.log(
    `${name}: ${admitted} of ${rate} a minute admitted (${((admitted / rate - 1) * 100).toFixed(2)} %), ${asked} asked; ` +
      `hits with limits ms p50 ${percentile(roomy.took, 0.5).toFixed(3)} p99 ${percentile(roomy.took, 0.99).toFixed(3)}, ` +
      `without p50 ${percentile(free.took, 0.5).toFixed(3)} p99 ${percentile(free.took, 0.99).toFixed(3)}, added p50 ${added(0.5)} p99 ${added(0.99)}`,
  )
  await Promise.all(replicas.map(({ stop }) => stop()))
}

interface Service {
  readonly url: string
  stop(): Promise<unknown>
}

async function startService(engine: Env): Promise<Service> {
  const ours = {
    PORT: '0',
    REPRISE_AUTH: 'keys',
    REPRISE_ADMIN_KEY: ADMIN_KEY,
    REPRISE_MODEL: 'mock',
    REPRISE_LOG_LEVEL: 'silent',
  }
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...ours, ...engine },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  let said = ''
  for await (const text of on(child.stderr!.setEncoding('utf8'), 'data')) {
    said += text
    const url = /reprise +(http:\S+)/.exec(said)?.[1]
    if (url) return { url, stop: () => (child.kill('SIGTERM'), ended) }
  }
  throw new Error(`the service did not start: ${said}`)
}

async function newKey(url: string, tenant: string, limits: object): Promise<string> {
  const sent = { headers: { authorization: `Bearer ${ADMIN_KEY}` } }
  const [path, name] = [`${url}/v1/admin/tenants/${tenant}`, tenant]
  await fetch(path, { ...sent, method: 'PUT', body: JSON.stringify({ name, limits }) })
  const made = await fetch(`${path}/keys`, { ...sent, method: 'POST', body: JSON.stringify({ name }) })
  return ((await made.json()) as { key: string }).key
}

async function ask(url: string, key: string): Promise<{ status: number; ms: number }> {
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'How do I reset my password?' }] })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const startedAt = performance.now()
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return { status: response.status, ms: performance.now() - startedAt }
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
