/** What the benchmarks of several replicas share: a model that tells who asked it, and replicas as processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Always the same numbers from 0 to 1 for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function anyOf<T>(all: readonly T[], random: () => number): T {
  return all[Math.floor(random() * all.length)]!
}

export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** What the model says to this caller, and to no other. */
export const answerFor = (caller: string, question: string) => `To ${caller}: the answer to ${question}`

export type FakeModel = Awaited<ReturnType<typeof startModel>>

/** Answers each caller and question with what only they are answered with, and says how long it took. */
export async function startModel(random: () => number, [fastest, slowest]: readonly [number, number] = [20, 100]) {
  let calls = 0
  const server = createServer(async (request, response) => {
    calls++
    const number = calls
    const { model, messages } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const startedAt = performance.now()
    await pause(fastest + random() * (slowest - fastest))
    const caller = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const content = answerFor(caller, messages.at(-1).content)
    response.setHeader('content-type', 'application/json')
    response.setHeader('openai-processing-ms', `${performance.now() - startedAt}`)
    response.end(
      JSON.stringify({
        id: `chatcmpl-${number}`,
        object: 'chat.completion',
        created: 1,
        model,
        choices: [
          { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
        ],
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

export interface Replica {
  readonly url: string
  readonly child: ChildProcess
}

const children = new Set<ChildProcess>()
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')))

export async function startReplica(env: Readonly<Record<string, string>>): Promise<Replica> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { PORT: '0', REPRISE_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.add(child)
  let said = ''
  for await (const text of child.stderr!.setEncoding('utf8')) {
    said += text
    const url = /reprise +(http:\S+)/.exec(said)?.[1]
    if (url) return { url, child }
  }
  throw new Error(`a replica did not start: ${said}`)
}

export interface Told {
  readonly status: number
  readonly content: string | undefined
  readonly detail: string
  readonly tookMs: number
  /** How long the model had to itself of that; 0 if it was not asked. */
  readonly modelMs: number
}

/** Asks one replica; rejects if it is not there. */
export async function ask({ url }: Replica, caller: string, question: string): Promise<Told> {
  const sentAt = performance.now()
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${caller}` },
  })
  const body = (await response.json()) as { choices?: { message: { content: string } }[] }
  return {
    status: response.status,
    content: body.choices?.[0]?.message.content,
    detail: /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1] ?? '',
    tookMs: performance.now() - sentAt,
    modelMs: Number(response.headers.get('openai-processing-ms') ?? 0),
  }
}

/** How many seconds until what one replica is asked is a hit for each other, in other words. */
export async function recovery(replicas: readonly Replica[], random: () => number, name: string): Promise<number> {
  const startedAt = performance.now()
  for (let nth = 0; performance.now() < startedAt + 60_000; nth++) {
    const [first, ...others] = [...replicas].sort(() => random() - 0.5)
    const [one, two] = [`recovery ${nth} of ${name} `, words(random)]
    await ask(first!, 'sk-anna', `${one}${two}?`)
    await pause(50)
    const answers = await Promise.all(others.map((replica) => ask(replica, 'sk-anna', `${two} ${one}?`)))
    if (answers.every(({ detail }) => detail === 'semantic')) return (performance.now() - startedAt) / 1_000
  }
  return Infinity
}

export function words(random: () => number): string {
  const all = 'apple bridge cloud dragon engine forest garden harbour island jungle kitchen lantern mountain needle'
  return Array.from({ length: 6 }, () => anyOf(all.split(' '), random)).join(' ')
}
