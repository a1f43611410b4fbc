/**
 * Three replicas over one Redis and one Vector, first while all is well, then while Redis fails one call in five and
 * replicas are killed and restarted, and last while Redis and Vector hang: what reaches the model, whether any answer
 * is wrong, and what it costs in time.
 * `node bench/replicas.ts`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { startRedisBridge } from '../test/support/upstash/redis-bridge.ts'
import { startRedisServer } from '../test/support/upstash/redis-server.ts'
import { startVectorServer } from '../test/support/upstash/vector-server.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    repeats: { type: 'string', default: '0.6' },
    seed: { type: 'string', default: '7' },
  },
})
const requests = Number(values.requests)
const repeats = Number(values.repeats)
let state = Number(values.seed)
/** Always the same run for the same seed (mulberry32). */
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** How long each request of a phase took, in milliseconds, in the order in which they were answered. */
const took: number[] = []
const token = 'bench'
const redis = await startRedisServer()
const bridge = await startRedisBridge({ redisPort: redis.port, token })
const vector = await startVectorServer({ token, dimension: 512 })
const model = await startModel()
const replicas = await Promise.all([0, 1, 2].map(() => startReplica()))

await phase('all is well', async () => {})
await phase('trouble', async () => {
  bridge.faults.set({ failShare: 0.2, seed: 1 })
  for (let turn = 0; turn < 4; turn++) {
    await pause(2_500)
    const victim = Math.floor(random() * replicas.length)
    replicas[victim]!.child.kill('SIGKILL')
    replicas[victim] = await startReplica()
  }
  bridge.faults.set({})
})
await phase('both dead', async () => {
  bridge.faults.set({ hang: true })
  vector.faults.set({ hang: true })
})

for (const { child } of replicas) child.kill('SIGTERM')
await Promise.all([bridge.close(), vector.close(), model.close()])
await redis.close()

/** Asks as much as was told to while `trouble` lasts, and says what came of it. */
async function phase(name: string, trouble: () => Promise<void>): Promise<void> {
  const asked: string[] = []
  const distinct = new Set<string>()
  const tally = { right: 0, wrong: 0, failed: 0, unreachable: 0, hits: 0, joined: 0 }
  const before = { calls: model.calls(), commands: bridge.commands.count() }
  bridge.commands.reset()
  let left = requests
  const client = async () => {
    while (left-- > 0) {
      const again = asked.length > 0 && random() < repeats
      const question = again
        ? asked[Math.floor(random() * asked.length)]!
        : `Question ${name} ${asked.length} ${Math.floor(random() * 1e9)}: ${words()}?`
      if (!again) asked.push(question)
      distinct.add(question)
      await ask(question, tally)
    }
  }
  took.length = 0
  const startedAt = performance.now()
  await Promise.all([trouble(), ...Array.from({ length: 16 }, client)])
  const calls = model.calls() - before.calls
  const commands = bridge.commands.count()
  console.log(
    `${name}: ${requests} requests, ${distinct.size} distinct, ${calls} model calls = ${(calls / distinct.size).toFixed(3)} × distinct; ` +
      `right ${tally.right}, wrong ${tally.wrong}, 5xx ${tally.failed}, connections lost to killed replicas ${tally.unreachable}; ` +
      `ms p50 ${percentile(0.5)} p99 ${percentile(0.99)} max ${percentile(1)}, the last half p99 ${percentile(0.99, took.slice(took.length / 2))}; ` +
      `hits ${tally.hits}, joined ${tally.joined}; ${(commands / requests).toFixed(2)} Redis commands a request; ` +
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  )
}

function percentile(share: number, times: readonly number[] = took): string {
  const sorted = times.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)
}

async function ask(question: string, tally: Record<string, number>): Promise<void> {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] })
  for (;;) {
    const { url } = replicas[Math.floor(random() * replicas.length)]!
    try {
      const sentAt = performance.now()
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
      if (response.status >= 500) return void tally['failed']!++
      const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
      took.push(performance.now() - sentAt)
      const status = response.headers.get('cache-status') ?? ''
      if (/; hit;/.test(status)) tally['hits']!++
      if (/collapsed/.test(status)) tally['joined']!++
      return void tally[choices[0]!.message.content === answerTo(question) ? 'right' : 'wrong']!++
    } catch {
      // A load balancer would ask another replica, and so do we.
      tally['unreachable']!++
      await pause(50)
    }
  }
}

function answerTo(question: string): string {
  return `The answer to: ${question}`
}

function words(): string {
  const all =
    'apple bridge cloud dragon engine forest garden harbour island jungle kitchen lantern mountain needle ocean'.split(
      ' ',
    )
  return Array.from({ length: 5 }, () => all[Math.floor(random() * all.length)]).join(' ')
}

interface Replica {
  readonly url: string
  readonly child: ChildProcess
}

async function startReplica(): Promise<Replica> {
  const env = {
    PORT: '0',
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: model.url,
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    UPSTASH_VECTOR_REST_URL: vector.url,
    UPSTASH_VECTOR_REST_TOKEN: token,
    REPRISE_LOG_LEVEL: 'silent',
    REPRISE_LOOKUP_TIMEOUT_MS: '1000',
  }
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  for await (const text of child.stderr!.setEncoding('utf8')) {
    said += text
    const url = /reprise +(http:\S+)/.exec(said)?.[1]
    if (url) return { url, child }
  }
  throw new Error(`a replica did not start: ${said}`)
}

/** Answers each question with what only that question is answered with. */
async function startModel() {
  let calls = 0
  const server = createServer(async (request, response) => {
    calls++
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    await pause(20 + random() * 80)
    const message = { role: 'assistant', content: answerTo(body.messages.at(-1).content), refusal: null }
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        id: `chatcmpl-${calls}`,
        object: 'chat.completion',
        created: 1,
        model: body.model,
        choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
      }),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls: () => calls,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
