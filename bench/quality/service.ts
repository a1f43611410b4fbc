import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { silent } from '../../src/insight/log.ts'
import { seeded } from '../fleet.ts'
import type { Arrival, Pair } from './data.ts'

/** How the service is run. */
export interface Terms {
  readonly embedder: string
  readonly maxWrongHitRate: number
  /** The share of hits that the model is asked about as well, in the background. */
  readonly auditShare: number
  /** The share of hits whose truth is told to `/v1/cache/feedback`. */
  readonly feedback: number
  /** False: no two answers are worded alike, so that nothing can be learned from comparing them. */
  readonly comparable: boolean
  readonly seed: number
}

export interface Served {
  readonly requests: number
  readonly hits: number
  readonly wrong: number
  /** Requests whose cluster had been asked about before, and how many of these were served right. */
  readonly possible: number
  readonly right: number
  /** What the service itself says of its hits, from audits. */
  readonly audited: { readonly right: number; readonly wrong: number }
}

/** Plays a stream through a service of its own, as backends would use it, and counts what it served. */
export async function playStream(arrivals: readonly Arrival[], terms: Terms): Promise<Served> {
  return serving(terms, async ({ ask, tell, audited }) => {
    const random = seeded(terms.seed)
    const seen = new Set<string>()
    const counts = { requests: 0, hits: 0, wrong: 0, possible: 0, right: 0 }
    for (const { prompt, cluster = `alone ${counts.requests}` } of arrivals) {
      const { hit, answer, id } = await ask(prompt, cluster, 'stream')
      counts.requests++
      if (seen.has(cluster)) counts.possible++
      seen.add(cluster)
      if (!hit) continue
      const isRight = answer === cluster
      counts.hits++
      counts[isRight ? 'right' : 'wrong']++
      if (random() < terms.feedback) await tell(id, isRight, 'stream')
    }
    return { ...counts, audited: await audited('stream') }
  })
}

/** Asks each pair's first question and then its second one, in a namespace of their own: how many of each kind are served. */
export async function playPairs(pairs: readonly Pair[], terms: Terms) {
  return serving(terms, async ({ ask }) => {
    const counts = { different: 0, differentServed: 0, same: 0, sameServed: 0 }
    for (const [at, { a, b, same }] of pairs.entries()) {
      await ask(a, 'a', `pair-${at}`)
      const { hit } = await ask(b, 'b', `pair-${at}`)
      counts[same ? 'same' : 'different']++
      if (hit) counts[same ? 'sameServed' : 'differentServed']++
    }
    return counts
  })
}

type Play = Awaited<ReturnType<typeof started>>

async function serving<T>(terms: Terms, play: (service: Play) => Promise<T>): Promise<T> {
  const service = await started(terms)
  try {
    return await play(service)
  } finally {
    await service.close()
  }
}

/** A service in this process, in memory, in front of a model that names the cluster it was asked about. */
async function started({ embedder, maxWrongHitRate, auditShare, comparable, seed }: Terms) {
  const random = seeded(seed)
  const clusterOf = new Map<string, string>()
  const model = createServer(async (request, response) => {
    const { messages } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const content = answerOf(clusterOf.get(messages.at(-1).content) ?? '', comparable, random)
    response.setHeader('content-type', 'application/json')
    response.end(completion(content))
  })
  await once(model.listen(0, '127.0.0.1'), 'listening')

  const folder = mkdtempSync(join(tmpdir(), 'reprise-quality-'))
  const policies = join(folder, 'policies.json')
  writeFileSync(policies, JSON.stringify({ default: { ttlSeconds: 86_400, maxWrongHitRate, auditShare } }))
  const config = readConfig({
    REPRISE_EMBEDDER: embedder,
    REPRISE_DATA_DIR: ':memory:',
    REPRISE_POLICIES_FILE: policies,
    OPENAI_API_KEY: 'of-the-stand-in',
    OPENAI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`,
  })
  const service = await compose(config, silent, undefined, random)
  const post = (path: string, namespace: string, body: object) =>
    service.fetch(
      new Request(`http://localhost/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'reprise-namespace': namespace },
        body: JSON.stringify(body),
      }),
    )

  return {
    async ask(question: string, cluster: string, namespace: string) {
      clusterOf.set(question, cluster)
      const messages = [{ role: 'user', content: question }]
      const response = await post('/chat/completions', namespace, { model: 'gpt-4o-mini', messages })
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
      const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] }
      const hit = /;\s*hit\b/.test(response.headers.get('cache-status') ?? '')
      return { hit, answer: clusterIn(choices[0].message.content), id: response.headers.get('x-request-id') ?? '' }
    },
    async tell(id: string, correct: boolean, namespace: string) {
      await post('/cache/feedback', namespace, { request_id: id, correct })
    },
    async audited(namespace: string) {
      const response = await service.fetch(new Request('http://localhost/v1/cache/stats'))
      const { budgets = [] } = (await response.json()) as { budgets?: { namespace: string; audited: Audited }[] }
      return budgets.find((budget) => budget.namespace === namespace)?.audited ?? { right: 0, wrong: 0 }
    },
    async close() {
      await service.drain()
      await service.close()
      model.closeAllConnections()
      await once(model.close(), 'close')
      rmSync(folder, { recursive: true })
    },
  }
}

interface Audited {
  readonly right: number
  readonly wrong: number
}

/** Where answers cannot be compared, each is padded with words that no other has. */
function answerOf(cluster: string, comparable: boolean, random: () => number): string {
  if (comparable) return `cluster ${cluster}`
  const words = Array.from({ length: 30 }, () => WORDS[Math.floor(random() * WORDS.length)]!)
  return `cluster ${cluster}: ${words.join(' ')}`
}

const clusterIn = (answer: string): string => /^cluster (.*?)(?::|$)/.exec(answer)?.[1] ?? ''

const WORDS = `river stone letter music window garden market silver thunder paper engine velvet harbour candle forest
  ladder ribbon castle meadow pocket lantern saddle copper orchard basket feather mirror anchor tunnel blanket`
  .trim()
  .split(/\s+/)

function completion(content: string): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o-mini',
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
  })
}
