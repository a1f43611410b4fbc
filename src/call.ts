import type { Answer } from './answers/answer.ts'
import type { Asked, Dialect } from './dialects/dialect.ts'
import type { ServiceError } from './errors.ts'
import type { Outcome } from './insight/outcome.ts'
import type { Directives } from './keys/directives.ts'
import type { Entry, Quota } from './ports.ts'
import type { Policy } from './tenancy/policies.ts'

/** One request, read: who asks what, on which terms. */
export interface Call {
  readonly tenant: string
  /** Which of the tenant's keys it came with. */
  readonly keyId?: string | undefined
  readonly quota?: Quota | undefined
  /** True if it cannot be told just now what holds for the tenant: the model may answer, and nothing else. */
  readonly degraded: boolean
  /** How long it took to find that out, in milliseconds; so much less is left for looking up. */
  readonly waitedMs: number
  /** Why the model must not be asked: what it may cost is spent. Who is answered from the cache does not hear of it. */
  readonly refused?: ServiceError | undefined
  readonly dialect: Dialect
  readonly asked: Asked
  readonly directives: Directives
  /** As this request narrows it. */
  readonly policy: Policy
  /** The dialect's path with the request's query, as the model is asked. */
  readonly path: string
  /** The caller's headers that the model gets to see. */
  readonly headers: Headers
  /** Those of them that may shape its answer; they are part of the scope. */
  readonly shaping: Readonly<Record<string, string>>
}

/** What became of an answer: kept, or why not. */
export type Kept = 'kept' | (string & {})

export interface Answered {
  readonly outcome: Outcome
  readonly answer: Answer
  /** What became of the answer, once it is over. */
  readonly kept: Promise<Kept>
  /** The model's, for whoever asked it. */
  readonly head?: Response
}

export type Reply =
  | Answered
  /** A request that is none of our business: the model's response as it came. */
  | { readonly outcome: Outcome; readonly passed: Response }

/** What holds for every call. */
export interface Limits {
  /** For everything that is looked up before the model is asked, together; and for keeping what it said. */
  readonly lookupTimeoutMs: number
  /** For an answer that another replica is waiting for. */
  readonly joinTimeoutMs: number
  /** For one answer of the model, from the call to its last chunk. */
  readonly modelTimeoutMs: number
  /** In characters of JSON; a longer answer is given but not kept. */
  readonly maxAnswerLength: number
}

/** What has been purged, as far as this replica knows: at most a second late. */
export interface Purges {
  /** How many purges there have been of a tenant's. */
  epochOf(tenant: string): number
  /** True if the entry must not be served any more. */
  covers(entry: Entry): boolean
  /** Brings what is known of this tenant up to date; rejects if nobody can tell. */
  fresh(tenant: string): Promise<void>
}

/** How answers turned out, as far as this replica knows: at most a second late. */
export interface Verdicts {
  /** True if the entry's answer is known to be wrong for the question of that digest. */
  refuses(tenant: string, entry: string, digest: string): boolean
  /** What its labels say of an entry beyond what its score does; added to the score. */
  offsetOf(tenant: string, entry: string): number
  /** Brings what is known of these entries up to date; rejects if nobody can tell. */
  fresh(tenant: string, entries: readonly string[]): Promise<void>
}
