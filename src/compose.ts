import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createBreaker, isLeftAlone } from './adapters/breaker.ts'
import { type Fallible, failOpen } from './adapters/fail-open.ts'
import { lexicalEmbedder } from './adapters/lexical-embedder/lexical-embedder.ts'
import { loadRules } from './adapters/mock-model/load-rules.ts'
import { type MockModel, mockModel } from './adapters/mock-model/mock-model.ts'
import { openaiEmbedder } from './adapters/openai/openai-embedder.ts'
import { upstreamModel } from './adapters/openai/upstream.ts'
import { createCache } from './cache.ts'
import type { Config } from './config.ts'
import { chat } from './dialects/chat/chat.ts'
import { embeddedEngine } from './engines/embedded.ts'
import type { Engine } from './engines/engine.ts'
import { type UpstashEngineOptions, upstashEngine } from './engines/upstash.ts'
import { createExplain } from './explain.ts'
import { createApp } from './http/app.ts'
import type { Log } from './insight/log.ts'
import { createPricing } from './insight/pricing.ts'
import { createStats } from './insight/stats.ts'
import type { Clock, Embedder, Random } from './ports.ts'
import { createPolicies } from './tenancy/policies.ts'

export interface Composed {
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Every route, for whoever checks them against their description. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** What was chosen and why, a line each, for whoever starts the service. */
  readonly chosen: readonly string[]
  /** Set if the model is a mock. */
  readonly mock: MockModel | undefined
  /** From now on not ready; resolves when every flight has landed. */
  drain(): Promise<void>
  /** Gives back what is held. Nothing may be asked of the service afterwards. */
  close(): Promise<void>
}

/** Chooses the adapters that a configuration asks for and wires them together; the one place that knows them all. */
export async function compose(
  config: Config,
  log: Log,
  clock: Clock = Date.now,
  random: Random = Math.random,
): Promise<Composed> {
  const mock =
    config.upstream.kind === 'mock' ? mockModel({ rules: await loadRules(config.REPRISE_MOCK_DIR), clock }) : undefined
  const model = config.upstream.kind === 'mock' ? mock! : upstreamModel(config.upstream)
  const embedder = embedderFor(config)
  const replica = randomUUID()
  const engine = await engineFor(config, { embedder, replica, clock, random, warn: (message) => log.warn({}, message) })
  const { store, index, lease } = engine
  const stats = createStats(clock, createPricing(config.prices))
  const all = { ...engine, embedder, model, clock, random, replica }
  const breakers = breakersFor(log)
  const onFailure = (port: string, operation: string, error: unknown) => {
    stats.fail(`${port}.${operation}`)
    // Whoever reads the log has been told when the dependency went down; once is enough.
    if (isLeftAlone(error)) return
    log.warn({ port, operation, error: error instanceof Error ? error.message : String(error) }, 'a port failed')
  }
  const ports = failOpen(all, onFailure, (port) => breakers[DEPENDENCY[port]].run)
  const cache = createCache(ports, {
    lookupTimeoutMs: config.REPRISE_LOOKUP_TIMEOUT_MS,
    joinTimeoutMs: config.REPRISE_JOIN_TIMEOUT_MS,
    modelTimeoutMs: config.REPRISE_MODEL_TIMEOUT_MS,
    maxAnswerLength: config.REPRISE_MAX_ANSWER_LENGTH,
  })

  let draining = false
  const app = createApp({
    cache,
    explain: createExplain(ports, cache),
    model,
    dialects: [chat],
    policies: createPolicies(config.policies),
    tenantOf: () => 'default',
    stats,
    log,
    sizes: async () => ({
      in_flight: cache.inFlight(),
      store: await store.size().catch(() => null),
      index: { pointers: await index.size().catch(() => null) },
    }),
    chosen: {
      model: mock ? 'mock' : model.identity,
      embedder: embedder.space,
      ...engine.where,
      auth: config.REPRISE_AUTH,
    },
    draining: () => draining,
    health: () => ({
      store: breakers.store.health(),
      index: breakers.index.health(),
      embedder: breakers.embedder.health(),
    }),
    openapi: readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8'),
    maxBodyBytes: config.REPRISE_MAX_BODY_BYTES,
    forwardHeaders: new Set(
      config.REPRISE_FORWARD_HEADERS.toLowerCase()
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    ),
    notice: mock ? { 'reprise-model': 'mock' } : {},
  })

  const sweep = async () => {
    // One replica does it for all; whoever comes next finds nothing left to do.
    if (await lease.take('sweep', engine.sweepEveryMs / 2)) await engine.sweep()
  }
  const sweeping = setInterval(() => {
    sweep().catch((error: unknown) => log.warn({ err: error }, 'the sweep failed'))
  }, engine.sweepEveryMs)
  sweeping.unref()

  return {
    fetch: app.fetch,
    routes: app.routes,
    mock,
    chosen: [
      mock
        ? `model     MOCK: every answer is made up (${config.modelBecause})`
        : `model     ${model.identity} (${config.modelBecause})`,
      `embedder  ${embedder.space} (${embedderBecause(config)})`,
      `store     ${engine.where.store}${engine.held?.store ?? ''} (${engineBecause(config)})`,
      `index     ${engine.where.index}${engine.held?.index ?? ''}`,
      `auth      ${config.REPRISE_AUTH}: everyone on this machine is one tenant (REPRISE_AUTH)`,
    ],
    drain() {
      draining = true
      return cache.idle()
    },
    async close() {
      clearInterval(sweeping)
      await engine.close()
      log.flush()
    },
  }
}

type Surroundings = Pick<UpstashEngineOptions, 'embedder' | 'replica' | 'clock' | 'random' | 'warn'>

function engineFor(config: Config, around: Surroundings): Promise<Engine> {
  if (config.engine.kind === 'embedded') return embeddedEngine(config, around.embedder.space, around.clock)
  const { redis, vector } = config.engine
  const { REPRISE_LOOKUP_TIMEOUT_MS: timeoutMs, REPRISE_HOT_BYTES: hotBytes } = config
  return upstashEngine({ redis, vector, timeoutMs, hotBytes, ...around })
}

/** What a port's calls come to in the end; each is left alone by itself when it is down. */
const DEPENDENCY = {
  store: 'store',
  sessions: 'store',
  bus: 'store',
  lease: 'store',
  index: 'index',
  embedder: 'embedder',
} as const satisfies Record<keyof Fallible, string>

function breakersFor(log: Log) {
  const breaker = (dependency: string) =>
    createBreaker((health) => log[health === 'up' ? 'info' : 'warn']({ dependency, health }, 'a dependency changed'))
  return { store: breaker('store'), index: breaker('index'), embedder: breaker('embedder') }
}

function embedderFor(config: Config): Embedder {
  if (config.REPRISE_EMBEDDER === 'lexical') return lexicalEmbedder()
  return openaiEmbedder({
    baseURL: config.REPRISE_EMBEDDING_BASE_URL ?? config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKey: (config.REPRISE_EMBEDDING_API_KEY ?? config.OPENAI_API_KEY)!,
    model: config.REPRISE_EMBEDDING_MODEL ?? 'text-embedding-3-small',
    dimensions: config.REPRISE_EMBEDDING_DIMENSIONS,
    windowTokens: config.REPRISE_EMBEDDING_WINDOW,
    timeoutMs: config.REPRISE_LOOKUP_TIMEOUT_MS,
  })
}

function engineBecause({ engine }: Config): string {
  return engine.kind === 'upstash'
    ? 'UPSTASH_REDIS_REST_URL and UPSTASH_VECTOR_REST_URL are set'
    : 'embedded; UPSTASH_VECTOR_REST_URL is not set'
}

function embedderBecause({ REPRISE_EMBEDDER }: Config): string {
  return REPRISE_EMBEDDER === 'lexical'
    ? 'built in, compares spelling rather than meaning; REPRISE_EMBEDDER=openai does better'
    : `REPRISE_EMBEDDER=${REPRISE_EMBEDDER}`
}
