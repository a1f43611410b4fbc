/**
 * Purges by tag while questions are asked at a steady rate, on one process with its file and on three replicas over one
 * Redis and one Vector: how many answers were older than a purge that had returned before they were asked for, and how
 * long purges take.
 * `node bench/purge.ts`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createPrices, purgeUnderLoad } from '../test/support/purge-load.ts'
import { startRedisBridge } from '../test/support/upstash/redis-bridge.ts'
import { startRedisServer } from '../test/support/upstash/redis-server.ts'
import { startVectorServer } from '../test/support/upstash/vector-server.ts'

const { values } = parseArgs({
  options: {
    purges: { type: 'string', default: '100' },
    rate: { type: 'string', default: '200' },
    engine: { type: 'string', default: 'embedded,upstash' },
  },
})
const [purges, rate] = [Number(values.purges), Number(values.rate)]
const prices = createPrices()
const model = await startModel()
if (values.engine.includes('embedded')) await embedded()
if (values.engine.includes('upstash')) await upstash()
await model.close()

async function embedded(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  await measure('embedded, one process', [await start({ REPRISE_DATA_DIR: folder })])
  rmSync(folder, { recursive: true })
}

async function upstash(): Promise<void> {
  const token = 'bench'
  const redis = await startRedisServer()
  const bridge = await startRedisBridge({ redisPort: redis.port, token })
  const vector = await startVectorServer({ token, dimension: 128 })
  const env = {
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    UPSTASH_VECTOR_REST_URL: vector.url,
    UPSTASH_VECTOR_REST_TOKEN: token,
    REPRISE_LOOKUP_TIMEOUT_MS: '1000',
  }
  await measure('over Upstash, three replicas', await Promise.all([1, 2, 3].map(() => start(env))))
  await Promise.all([bridge.close(), vector.close()])
  await redis.close()
}

async function measure(name: string, services: readonly Service[]): Promise<void> {
  const urls = services.map(({ url }) => url)
  const told = await purgeUnderLoad({ urls, prices, purges, rate, pauseMs: 30 })
  const { requests, hits, meant, failed, stale, wrongInTheEnd, seconds } = told
  const took = told.purgeMs.toSorted((a, b) => a - b)
  const percentile = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))]!.toFixed(0)
  console.log(
    `${name}: ${requests} requests in ${seconds.toFixed(1)} s = ${(requests / seconds).toFixed(0)}/s, ` +
      `${hits} hits (${meant} by meaning), ${failed.length} failed; ${took.length} purges, ms p50 ${percentile(0.5)} ` +
      `p99 ${percentile(0.99)}; stale serves ${stale.length}, stale in the end ${wrongInTheEnd.length}`,
  )
  for (const { child } of services) child.kill('SIGTERM')
  await Promise.all(services.map(({ child }) => once(child, 'exit')))
}

interface Service {
  readonly url: string
  readonly child: ChildProcess
}

async function start(engine: Readonly<Record<string, string>>): Promise<Service> {
  const env = { PORT: '0', OPENAI_API_KEY: 'bench', OPENAI_BASE_URL: model.url, REPRISE_LOG_LEVEL: 'silent', ...engine }
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const killed = () => child.kill('SIGKILL')
  process.once('exit', killed)
  child.once('exit', () => process.off('exit', killed))
  let said = ''
  for await (const text of child.stderr.setEncoding('utf8')) {
    said += text
    const url = /reprise +(http:\S+)/.exec(said)?.[1]
    if (url) return { url, child }
  }
  throw new Error(`the service did not start: ${said}`)
}

/** Says what it knows of prices when it is asked, and takes its time to say it. */
async function startModel() {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const message = { role: 'assistant', content: prices.answerTo(body.messages.at(-1).content), refusal: null }
    await pause(20 + Math.random() * 80)
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 }
    const head = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: body.model }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...head, choices, usage }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
