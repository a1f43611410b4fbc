import type { createCache } from '../cache.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Explain } from '../explain.ts'
import type { Log } from '../insight/log.ts'
import type { createStats } from '../insight/stats.ts'
import type { Model } from '../ports.ts'
import type { Policy } from '../tenancy/policies.ts'

/** What the routes are made of. */
export interface Service {
  readonly cache: ReturnType<typeof createCache>
  readonly explain: Explain
  readonly model: Model
  readonly dialects: readonly Dialect[]
  readonly policies: (namespace: string) => Policy
  /** The tenant that an `Authorization` header belongs to. */
  readonly tenantOf: (authorization: string | undefined) => string
  readonly stats: ReturnType<typeof createStats>
  readonly log: Log
  /** Gauges for the statistics: what the store and the index hold. */
  readonly sizes: () => Promise<Record<string, unknown>>
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
    /** Ours, and always fresh; the model's own is passed on beside it. */
    requestId: string
    /** From `performance.now()`. */
    startedAt: number
  }
}
