import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isLeftAlone } from './adapters/breaker.ts'
import { loadRules } from './adapters/mock-model/load-rules.ts'
import { type MockModel, mockModel } from './adapters/mock-model/mock-model.ts'
import { upstreamModel } from './adapters/openai/upstream.ts'
import { startBackground } from './background.ts'
import { createAliases } from './answers/aliases.ts'
import { createCache } from './cache.ts'
import type { Config } from './config.ts'
import { chat } from './dialects/chat/chat.ts'
import { engineFor } from './engines/choose.ts'
import { chosenOf } from './engines/chosen.ts'
import { embedderFor } from './engines/embedder.ts'
import { scorerFor } from './engines/scorer.ts'
import { rosterOf } from './engines/roster.ts'
import { madeSafe } from './engines/safe.ts'
import { createEntries } from './entries.ts'
import { createExplain } from './explain.ts'
import { createFeedback } from './feedback.ts'
import { createApp } from './http/app.ts'
import { asker } from './http/ask.ts'
import { observeRefresh } from './http/observe.ts'
import { createBudgets } from './insight/budget.ts'
import type { Log } from './insight/log.ts'
import { createPricing } from './insight/pricing.ts'
import { report } from './insight/report.ts'
import { createUsage } from './insight/usage.ts'
import { kindsOf, reclaimLater } from './jobs/kinds.ts'
import { createRunner } from './jobs/runner.ts'
import { createHits } from './labels/hits.ts'
import { createLearning } from './labels/learning.ts'
import { WEIGHTS } from './labels/weights.ts'
import { VERDICTS, createVerdicts } from './labels/verdicts.ts'
import type { Clock, Random } from './ports.ts'
import { type Directory, createDirectory } from './tenancy/directory.ts'
import { createLimits } from './tenancy/limits.ts'
import { createPurges } from './tenancy/purges.ts'
import { RULES, createRules } from './tenancy/rules.ts'
import { createSecrets } from './tenancy/secrets.ts'
import { createVersions } from './tenancy/versions.ts'

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
  const warn = (message: string) => log.warn({}, message)
  const replica = randomUUID()
  const roster = await rosterOf(config, log)
  const embedder = await embedderFor(config, warn)
  const engine = await engineFor(config, { embedder, replica, clock, random, warn }, (operation, error) => {
    usage.fail(`mirror.${operation}`)
    if (!isLeftAlone(error)) log.warn({ operation, error: String(error) }, 'the mirror did not take it')
  })
  const { store, index } = engine

  // What fails is counted in the counters, which may fail themselves.
  const safe = madeSafe({ ...engine, embedder, model, clock, random, replica }, log, (name) => usage.fail(name))
  const { ports } = safe
  const usage = createUsage({ ...ports, costOf: createPricing(config.prices) })
  const { REPRISE_AUTH: auth, REPRISE_LOOKUP_TIMEOUT_MS: patienceMs, policies } = config

  const limits = {
    lookupTimeoutMs: patienceMs,
    joinTimeoutMs: config.REPRISE_JOIN_TIMEOUT_MS,
    modelTimeoutMs: config.REPRISE_MODEL_TIMEOUT_MS,
    maxAnswerLength: config.REPRISE_MAX_ANSWER_LENGTH,
  }
  const versions = createVersions(ports, [RULES, VERDICTS, WEIGHTS])
  const rules = createRules(ports, RULES, versions)
  const verdicts = createVerdicts({ rules: createRules(ports, VERDICTS, versions), clock })
  const learned = createRules(ports, WEIGHTS, versions)
  const flightMs = limits.joinTimeoutMs + limits.modelTimeoutMs
  const purges = createPurges({ rules, clock, flightMs, onAll: verdicts.forget })
  const secrets = config.REPRISE_SECRET && createSecrets(config.REPRISE_SECRET)
  const tenancy = { rules, auth, secrets, roster: roster.current, policies, purges, clock, patienceMs }
  const endJobs = async (tenant: string) => {
    await jobs.endAll(tenant)
    await learning.forget(tenant)
  }
  const directory = createDirectory({ ...tenancy, endJobs })

  const { REPRISE_AUDIT_JUDGE_MODEL: judgeModel } = config
  const aliases = createAliases({ ...ports, grant: verdicts.grantAlias })
  const learnedBy = { ...scorerFor(embedder), learned, judgeModel, verdicts, aliases }
  const learning = createLearning({ ports, usage, limits, log, ...learnedBy })
  const cache = createCache(ports, limits, purges, verdicts, learning, observeRefresh(usage))
  const budgets = createBudgets(ports)
  const forwardHeaders = new Set(
    config.REPRISE_FORWARD_HEADERS.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  )
  const ask = asker({ cache, directory, budgets, usage, clock, forwardHeaders })
  const entries = createEntries({
    ports,
    purges,
    settleMs: engine.settleMs,
    reclaimLater: (tenant) => reclaimLater(jobs, tenant),
  })
  const hits = createHits()
  const feedback = createFeedback({ ...ports, entries, hits, verdicts, aliases, onLabel: learning.labels.add })
  // A job is tried again when something fails, so it must hear of it.
  const kinds = kindsOf({
    ports: { ...ports, embedder, index },
    purges,
    ask,
    reclaim: entries.reclaimAll,
    quotaOf: directory.quotaOf,
  })
  const jobs = createRunner({ ...ports, kinds, log })

  let draining = false
  const app = createApp({
    cache,
    explain: createExplain(ports, cache, entries.like),
    model,
    dialects: [chat],
    identify: directory.identify,
    directory,
    tenants: tenantsOf(config, directory),
    adminKey: config.REPRISE_ADMIN_KEY,
    limits: createLimits(ports),
    budgets,
    usage,
    report: (query) => report({ ...ports, flush: usage.flush }, query),
    standingsOf: learning.standingsOf,
    pricesAsOf: config.prices.asOf,
    entries,
    hits,
    feedback,
    jobs,
    log,
    clock,
    sizes: async (tenant) => {
      if (tenant !== undefined) return { store: await store.sizeOf(tenant).catch(() => null) }
      const pointers = await index.size().catch(() => null)
      return { in_flight: cache.inFlight(), store: await store.size().catch(() => null), index: { pointers } }
    },
    chosen: { model: mock ? 'mock' : model.identity, embedder: embedder.space, ...engine.where, auth },
    draining: () => draining,
    health: () => ({ ...safe.health(), ...(engine.mirror && { mirror: engine.mirror() }) }),
    openapi: readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8'),
    maxBodyBytes: config.REPRISE_MAX_BODY_BYTES,
    forwardHeaders,
    notice: mock ? { 'reprise-model': 'mock' } : {},
  })

  const background = startBackground({ ...ports, engine, learning, jobs, reclaimLeft: entries.reclaimLeft, log })

  return {
    fetch: app.fetch,
    routes: app.routes,
    mock,
    chosen: chosenOf(config, { engine, embedder, model, isMock: mock !== undefined }),
    async drain() {
      draining = true
      await Promise.all([cache.idle(), jobs.drain()])
    },
    async close() {
      background.stop()
      roster.close()
      await usage.flush().catch((error: unknown) => log.warn({ err: error }, 'the last counts are lost'))
      await engine.close()
      log.flush()
    },
  }
}

/** Callers who bring their own keys are tenants of whom no list is kept. */
const tenantsOf =
  ({ REPRISE_AUTH: auth }: Config, { tenants }: Directory) =>
  async (): Promise<readonly string[]> =>
    auth === 'keys' ? (await tenants.list()).map(({ id }) => id) : ['default']
