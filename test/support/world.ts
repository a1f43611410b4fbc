import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts'
import { flatIndex } from '../../src/adapters/embedded/flat-index.ts'
import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import { localLease } from '../../src/adapters/embedded/local-lease.ts'
import { localLimiter } from '../../src/adapters/embedded/local-limiter.ts'
import { failOpen } from '../../src/adapters/fail-open.ts'
import { createAliases } from '../../src/answers/aliases.ts'
import { createCache } from '../../src/cache.ts'
import type { Limits } from '../../src/call.ts'
import { chat } from '../../src/dialects/chat/chat.ts'
import { createEntries } from '../../src/entries.ts'
import { createExplain } from '../../src/explain.ts'
import { createFeedback } from '../../src/feedback.ts'
import { createApp } from '../../src/http/app.ts'
import { asker } from '../../src/http/ask.ts'
import type { Service } from '../../src/http/env.ts'
import { observeRefresh } from '../../src/http/observe.ts'
import { createBudgets } from '../../src/insight/budget.ts'
import { silent } from '../../src/insight/log.ts'
import type { Figures } from '../../src/insight/figures.ts'
import { type Report, report } from '../../src/insight/report.ts'
import { createUsage } from '../../src/insight/usage.ts'
import { kindsOf, reclaimLater } from '../../src/jobs/kinds.ts'
import { createRunner } from '../../src/jobs/runner.ts'
import { createHits } from '../../src/labels/hits.ts'
import type { Label } from '../../src/labels/label.ts'
import { type LearningOptions, createLearning } from '../../src/labels/learning.ts'
import { WEIGHTS } from '../../src/labels/weights.ts'
import { VERDICTS, createVerdicts } from '../../src/labels/verdicts.ts'
import { cosineScorer } from '../../src/matching/scorer.ts'
import type { Embedder, Entry, ModelRequest, Ports, Random } from '../../src/ports.ts'
import { createDirectory } from '../../src/tenancy/directory.ts'
import { createLimits } from '../../src/tenancy/limits.ts'
import { type PolicyFile, createPolicies } from '../../src/tenancy/policies.ts'
import { createPurges } from '../../src/tenancy/purges.ts'
import { EMPTY_ROSTER } from '../../src/tenancy/roster.ts'
import { RULES, createRules } from '../../src/tenancy/rules.ts'
import { createVersions } from '../../src/tenancy/versions.ts'
import { type Send, completion, says } from './model.ts'

export interface WorldOptions {
  /** What the model does; by default it numbers its answers, so that no two are alike. */
  readonly model?: Send
  /** Ports to have in place of those in memory, which they may be made of. */
  readonly ports?: (inMemory: Ports) => Partial<Ports>
  readonly policies?: PolicyFile
  readonly limits?: Partial<Limits>
  /** 0 if not given, so that nothing is shortened by chance. */
  readonly random?: Random
  /** Whose an `authorization` is; its own tenant's unless given. */
  readonly tenantOf?: (authorization: string | undefined) => string
  /** What is to be learned differently. */
  readonly learning?: Partial<LearningOptions>
  /** What the routes are to be told differently. */
  readonly service?: Partial<Service>
}

type Stats = Figures & Pick<Report, 'failures'>

export interface ModelCall extends ModelRequest {
  readonly path: string
}

export const QUESTION = 'How to reset my password'
/** Means the same, and is near in the world's space: five words shared of five and six make a cosine of 0.9129. */
export const LIKE_IT = 'How to reset my password now'

type Headers = Readonly<Record<string, string>>

/**
 * A whole Reprise in memory: no port, no file, no network, and a clock that stands still until it is told to move.
 * Whoever sends an `authorization` is the tenant of that name.
 */
export function world(options: WorldOptions = {}) {
  let now = Date.UTC(2026, 0, 1)
  const clock = () => now
  const calls: ModelCall[] = []
  const numbering: Send = (path, request) => says(`Answer ${calls.length}.`)(path, request)
  const { model: send = numbering, random = () => 0 } = options

  const memory = openEmbedded({ path: ':memory:', clock, maxEntries: 1000, maxBytes: 1e8, hotBytes: 1e6 })
  onTestFinished(() => memory.store.close())
  const model: Ports['model'] = {
    identity: 'https://model.test/v1',
    send(path, request) {
      calls.push({ path, ...request })
      return send(path, request)
    },
  }
  const bus = localBus()
  const together = { bus, lease: localLease({ clock, bus }), limiter: localLimiter({ clock }) }
  const inMemory: Ports = {
    ...memory,
    ...together,
    index: flatIndex({ clock }),
    embedder: wordBag(),
    replica: randomUUID(),
    model,
    clock,
    random,
  }
  const ports: Ports = { ...inMemory, ...options.ports?.(inMemory) }

  const usage = createUsage({ ...ports, costOf: () => undefined })
  const safe = failOpen(ports, (port, operation) => usage.fail(`${port}.${operation}`))
  const limits = {
    lookupTimeoutMs: 500,
    joinTimeoutMs: 10_000,
    modelTimeoutMs: 60_000,
    maxAnswerLength: 10_000,
    ...options.limits,
  }
  const versions = createVersions(safe, [RULES, VERDICTS, WEIGHTS])
  const rules = createRules(safe, RULES, versions)
  const verdicts = createVerdicts({ rules: createRules(safe, VERDICTS, versions), clock })
  const learned = createRules(safe, WEIGHTS, versions)
  const purges = createPurges({ rules, clock, onAll: verdicts.forget })
  const policies = options.policies ?? { default: { ttlSeconds: 3600, staleSeconds: 3600 } }
  const surroundings = {
    rules,
    purges,
    policies,
    clock,
    secrets: undefined,
    roster: () => EMPTY_ROSTER,
    patienceMs: 500,
  }
  const directory = createDirectory({ ...surroundings, auth: 'none' })
  const policyOf = createPolicies(policies)
  const identify = async (authorization: string | undefined) => {
    const standing = await directory.identify(undefined)
    const tenant = options.tenantOf?.(authorization) ?? authorization ?? standing.tenant
    await purges.fresh(tenant)
    return { ...standing, tenant, policyOf }
  }
  const scorer = cosineScorer(ports.embedder.threshold)
  const aliases = createAliases({ ...safe, grant: verdicts.grantAlias })
  const on = { verdicts, aliases }
  const learning = createLearning({
    ports: safe,
    usage,
    limits,
    log: silent,
    scorer,
    learned,
    ...on,
    ...options.learning,
  })
  const cache = createCache(safe, limits, purges, verdicts, learning, observeRefresh(usage))
  const budgets = createBudgets(safe)
  const forwardHeaders = new Set<string>()
  const entries = createEntries({
    ports: safe,
    purges,
    settleMs: 0,
    reclaimLater: (tenant) => reclaimLater(jobs, tenant),
  })
  const hits = createHits()
  const labels: Label[] = []
  const onLabel: typeof learning.labels.add = (label, whose) => {
    labels.push(label)
    learning.labels.add(label, whose)
  }
  const feedback = createFeedback({ ...safe, entries, hits, verdicts, aliases, onLabel })
  const ask = asker({ cache, directory, budgets, usage, clock, forwardHeaders })
  const { quotaOf } = directory
  const kinds = kindsOf({ ports: safe, purges, ask, reclaim: entries.reclaimAll, quotaOf })
  const jobs = createRunner({ ...safe, kinds })
  const app = createApp({
    cache,
    explain: createExplain(safe, cache, entries.like),
    model: ports.model,
    dialects: [chat],
    identify,
    directory,
    tenants: async () => ['default'],
    adminKey: undefined,
    limits: createLimits(safe),
    budgets,
    usage,
    report: (query) => report({ ...safe, flush: usage.flush }, query),
    standingsOf: learning.standingsOf,
    pricesAsOf: '2026-01-01',
    entries,
    hits,
    feedback,
    jobs,
    log: silent,
    clock,
    sizes: async () => ({}),
    chosen: {},
    draining: () => false,
    health: () => ({}),
    openapi: '',
    maxBodyBytes: 10_000,
    forwardHeaders,
    notice: {},
    ...options.service,
  })

  const post = async (path: string, body: unknown, headers: Headers = {}) =>
    app.request(`/v1${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

  return {
    app,
    ports,
    /** What the model was asked, in order. */
    calls,
    post,
    /** Asks for a whole answer; `members` are the request's own, besides model and question. */
    ask: (question: string, headers?: Headers, members?: object) =>
      post('/chat/completions', aRequest(question, members), headers),
    /** Asks for a stream. */
    hear: (question: string, headers?: Headers, members?: object) =>
      post('/chat/completions', aRequest(question, { stream: true, ...members }), headers),
    pass(seconds: number): void {
      now += seconds * 1000
    },
    /** What has been counted, as anyone can read it. */
    async stats(): Promise<Stats> {
      return (await (await app.request('/v1/cache/stats')).json()) as Stats
    },
    purges,
    verdicts,
    aliases,
    /** What has been learned of hits. */
    labels,
    learning,
    jobs,
    reclaimLeft: entries.reclaimLeft,
    /** Everything that is kept. */
    async entries(): Promise<Entry[]> {
      const entries: Entry[] = []
      for await (const entry of ports.store.entries()) entries.push(entry)
      return entries
    },
    /** Resolves when the model has nothing left to say. */
    idle: cache.idle,
  }
}

export function aRequest(question: string, members: object = {}) {
  return { model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }], ...members }
}

/** A space with an axis for each word: the cosine of two questions can be told from the words they share. */
export function wordBag(space = 'words-1'): Embedder {
  const axes = new Map<string, number>()
  return {
    near: true,
    space,
    threshold: 0.8,
    fits: (text) => text.length <= 200,
    async embed(text) {
      const vector = new Float32Array(64)
      for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
        if (!axes.has(word)) axes.set(word, axes.size)
        vector[axes.get(word)!] = 1
      }
      const length = Math.hypot(...vector)
      return vector.map((value) => value / length)
    },
  }
}

/** Resolves when everything has happened that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** How a response came about, as `Cache-Status` has it: `exact`, `joined`, `below-threshold`, … */
export function detail(response: Response): string | undefined {
  return /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
}

/** The text of an answer, whole or streamed. */
export async function said(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return ((await response.json()) as ReturnType<typeof completion>).choices[0]!.message.content!
  }
  const events = await heard(response)
  if (events.at(-1) !== '[DONE]') throw new Error('the stream did not end well')
  return events
    .slice(0, -1)
    .map((event) => JSON.parse(event).choices[0]?.delta.content ?? '')
    .join('')
}

/** The `data` of each event of a stream. */
export async function heard(response: Response): Promise<string[]> {
  return (await response.text())
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''))
}
