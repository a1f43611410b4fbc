import type { Refusal } from '../matching/decide.ts'
import type { Features } from '../matching/scorer.ts'
import type { Entry, Key } from '../ports.ts'

/** What happened to one request, and why. Header, log line and counters all come from it. */
export type Outcome =
  | Hit
  /** Another request was already asking the model the same; this one listened along. */
  | { readonly kind: 'joined' }
  | ({ readonly kind: 'miss'; readonly why: Miss; readonly candidate?: Candidate | undefined } & Judged)
  /** Neither looked up nor kept. */
  | { readonly kind: 'bypass'; readonly why: string }

/** What a lookup came to. */
export type Found = Hit | Extract<Outcome, { kind: 'miss' }>

/** What was made of the likeliest match, as far as there was one. */
interface Judged {
  /** Cosine; absent where nothing was compared. */
  readonly similarity?: number | undefined
  /** As the scorer says it; absent if a threshold decided. */
  readonly score?: number | undefined
  readonly features?: Features | undefined
  /** The probability that it is right, where that was measured. */
  readonly confidence?: number | undefined
}

/** A match that was not served, and that nothing speaks against. */
export interface Candidate {
  readonly key: Key
  /** The entry whose answer it would be. */
  readonly entry: string
  readonly score: number | undefined
  readonly features?: Features | undefined
}

export interface Hit extends Judged {
  readonly kind: 'hit'
  readonly via: 'exact' | 'semantic'
  /** Past its expiry, and served because the caller accepts that. */
  readonly stale: boolean
  readonly entry: Entry
  /** Where an answer to the very question that was asked would have been. */
  readonly asked: Key
  readonly ageMs: number
  /** Until it expires; negative if it has. */
  readonly ttlMs: number
  /** So much of the score is what is known of the entry. */
  readonly offset?: number | undefined
}

export type Miss =
  | Refusal
  /** One would have been served, but the policy only wants to know (`shadow`), or not for this caller yet (`control`). */
  | 'shadow'
  | 'control'
  /** Nobody asked; what is kept was over, or nearly so. */
  | 'refresh'
  /** `no-cache`: the caller wanted a new answer. */
  | 'asked-fresh'
  /** Nothing under the exact key, and the request allows no other; after the dot, why. */
  | `exact-only.${string}`
  /** The embedder had none to give. */
  | 'no-vector'
  /** The store did not say what it holds. */
  | 'lookup-failed'
  /** The lookup did not come back in time. */
  | 'lookup-timeout'
  /** The index knew a match that the store no longer holds. */
  | 'stale-pointer'
  /** An equal question was in the air, and landed before this one could join it. */
  | 'in-flight'

/** The outcome in one word or two, as `Cache-Status` and the logs say it. */
export function detailOf(outcome: Outcome): string {
  if (outcome.kind === 'hit') return outcome.stale ? 'stale' : outcome.via
  return outcome.kind === 'joined' ? 'joined' : outcome.why
}
