import type { Directives } from '../keys/directives.ts'
import { glob } from './glob.ts'
import { type Layer, type Own, effectiveOf, layersOf } from './layers.ts'
import { Namespaces, type Settings } from './settings.ts'

/** What holds for a namespace, or, after `forRequest`, for one request in it. */
export interface Policy {
  /** Whether questions may be answered by meaning: not at all, only for show, or in earnest. */
  readonly mode: 'off' | 'shadow' | 'on'
  /** The percentage of callers that `on` holds for; the others are the control group. */
  readonly rollout: number
  /** The loosest tier allowed. */
  readonly match: 'exact' | 'semantic'
  /** How long an answer is fresh. Fixed when it is kept, never extended by a hit. */
  readonly ttlMs: number
  /** No request may ask for more. */
  readonly maxTtlMs: number
  /** How long, at most, an answer that time itself makes wrong is fresh; 0: it is not kept. */
  readonly volatileTtlMs: number
  /** By how much, as a share, a time to live may be shortened, so that not all ends at once. */
  readonly jitter: number
  /** How long past its expiry an entry is kept, for callers who accept it stale. */
  readonly staleMs: number
  /** How long past its expiry an entry is served to anyone, while a new one is fetched. */
  readonly staleWhileRevalidateMs: number
  /** How long past its expiry an entry is better than the model's failure. */
  readonly staleIfErrorMs: number
  /** Cosine, 0 to 1; absent: the budget decides, or the embedder's own. */
  readonly threshold?: number | undefined
  /** The error budget: so large a share of hits by meaning may be wrong. */
  readonly maxWrongHitRate: number
  /** The share of hits by meaning that is checked against the model afterwards. */
  readonly auditShare: number
  /** When it was set, as far as a tenant has set it for itself; what came of an earlier one is not held against it. */
  readonly since: number
  /** An explicit temperature above this asks for variety, which only an answer to the very same words may end. */
  readonly maxTemperature: number
  /** False if the answers of this model are none of the cache's business. */
  readonly cachesModel: (model: string) => boolean
  /** Whether a request with tools may be answered from the cache at all. */
  readonly tools: 'exact' | 'never'
}

/** The policies file: namespaces by name. What a namespace leaves out, `default` decides. */
export const PolicyFile = Namespaces
export type PolicyFile = Namespaces

/** Looks up what holds in a namespace; one that nobody names is ruled by what holds for all. */
export function createPolicies(file: PolicyFile, own: Own = {}, since = 0): (namespace: string) => Policy {
  const otherwise = policyOf(layersOf(file, own), since)
  const names = new Set([...Object.keys(file), ...Object.keys(own.namespaces ?? {})])
  const named = new Map([...names].map((namespace) => [namespace, policyOf(layersOf(file, own, namespace), since)]))
  return (namespace) => named.get(namespace) ?? otherwise
}

/** What all the layers about one namespace come to. */
export function policyOf(layers: readonly Layer[], since: number): Policy {
  const { mode, rollout, match, jitter, maxWrongHitRate, auditShare, maxTemperature, tools, ...rest } =
    effectiveOf(layers)
  return {
    mode: mode.value,
    rollout: rollout.value,
    match: match.value,
    ttlMs: rest.ttlSeconds.value * 1000,
    maxTtlMs: rest.maxTtlSeconds.value * 1000,
    volatileTtlMs: rest.volatileTtlSeconds.value * 1000,
    jitter: jitter.value,
    staleMs: rest.staleSeconds.value * 1000,
    staleWhileRevalidateMs: rest.staleWhileRevalidateSeconds.value * 1000,
    staleIfErrorMs: rest.staleIfErrorSeconds.value * 1000,
    threshold: rest.threshold?.value,
    maxWrongHitRate: maxWrongHitRate.value,
    auditShare: auditShare.value,
    since,
    maxTemperature: maxTemperature.value,
    cachesModel: cachesModel(rest.models?.value),
    tools: tools.value,
  }
}

/** The policy as one request narrows it: a request may be stricter, and may change its TTL and threshold within bounds. */
export function forRequest(policy: Policy, { ttlMs, threshold, match }: Directives): Policy {
  return {
    ...policy,
    ttlMs: Math.min(ttlMs ?? policy.ttlMs, policy.maxTtlMs),
    threshold: threshold ?? policy.threshold,
    match: match === 'exact' ? 'exact' : policy.match,
  }
}

/** What is denied is denied, whatever else is allowed. */
function cachesModel({ allow = ['*'], deny = [] }: NonNullable<Settings['models']> = {}): Policy['cachesModel'] {
  const [allowed, denied] = [allow.map(glob), deny.map(glob)]
  return (model) => allowed.some((fits) => fits(model)) && !denied.some((fits) => fits(model))
}
