import type { createCache } from '../cache.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Explain } from '../explain.ts'
import type { Feedback } from '../feedback.ts'
import type { Log } from '../insight/log.ts'
import type { Entries } from '../entries.ts'
import type { createBudgets } from '../insight/budget.ts'
import type { Report, ReportQuery } from '../insight/report.ts'
import type { Usage } from '../insight/usage.ts'
import type { Hits } from '../labels/hits.ts'
import type { Runner } from '../jobs/runner.ts'
import type { Learning } from '../labels/learning.ts'
import type { Clock, Model } from '../ports.ts'
import type { Directory, Standing } from '../tenancy/directory.ts'
import type { createLimits } from '../tenancy/limits.ts'

/** What the routes are made of. */
export interface Service {
  readonly cache: ReturnType<typeof createCache>
  readonly explain: Explain
  readonly model: Model
  readonly dialects: readonly Dialect[]
  /** Who an `Authorization` header stands for, and on which terms; a `ServiceError` 401 if for nobody. */
  readonly identify: (authorization: string | undefined) => Promise<Standing>
  readonly limits: ReturnType<typeof createLimits>
  readonly budgets: ReturnType<typeof createBudgets>
  readonly usage: Usage
  readonly report: (query: ReportQuery) => Promise<Report>
  readonly standingsOf: Learning['standingsOf']
  /** The date of the price list that is counted by. */
  readonly pricesAsOf: string
  readonly entries: Entries
  /** Gives the answers that come from the cache their request ids. */
  readonly hits: Pick<Hits, 'name'>
  readonly feedback: Feedback
  readonly jobs: Runner
  readonly directory: Directory
  /** All there are, by name, as far as that can be told. */
  readonly tenants: () => Promise<readonly string[]>
  /** The operator's; absent if there is none. */
  readonly adminKey: string | undefined
  readonly log: Log
  readonly clock: Clock
  /** Gauges for the statistics: what the store and the index hold, of a tenant and of all. */
  readonly sizes: (tenant: string | undefined) => Promise<Record<string, unknown>>
  /** What was chosen at the start, for `/readyz`. */
  readonly chosen: Readonly<Record<string, string>>
  /** True from the moment the service has been told to stop. */
  readonly draining: () => boolean
  /** Which dependencies are up. None of them is needed to answer. */
  readonly health: () => Readonly<Record<string, string>>
  /** The text of `openapi.yaml`. */
  readonly openapi: string
  readonly maxBodyBytes: number
  /** Headers, besides the usual ones, that reach the model and belong to the scope; lower case. */
  readonly forwardHeaders: ReadonlySet<string>
  /** Set on every response of the data plane; says so if the model is a mock. */
  readonly notice: Readonly<Record<string, string>>
}

/** What a route finds in its context. */
export interface Env {
  Variables: {
    /** Ours, and always fresh; the model's own is passed on beside it. A hit's says which one it was. */
    requestId: string
    /** From `performance.now()`. */
    startedAt: number
    /** On every path under `/v1`, but for the operator's. */
    standing: Standing
    /** How long it took to find out whose request it is, in milliseconds. */
    waitedMs: number
    /** What is left of the caller's limits, for the response. */
    limits: Readonly<Record<string, string>> | undefined
  }
}
