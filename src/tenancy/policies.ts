import { z } from 'zod'
import type { Directives } from '../keys/directives.ts'

/** What holds for a namespace, or, after `forRequest`, for one request in it. */
export interface Policy {
  /** How long an answer is fresh. Fixed when it is kept, never extended by a hit. */
  readonly ttlMs: number
  /** No request may ask for more. */
  readonly maxTtlMs: number
  /** How long past its expiry an entry is kept, for callers who accept it stale. */
  readonly staleMs: number
  /** Cosine, 0 to 1; absent: the embedder's own. */
  readonly threshold?: number | undefined
  /** The loosest tier allowed. */
  readonly match: 'exact' | 'semantic'
  /** An explicit temperature above this asks for variety, which only an answer to the very same words may end. */
  readonly maxTemperature: number
}

const Seconds = z.number().min(0)

const NamespacePolicy = z.strictObject({
  ttlSeconds: Seconds.exactOptional(),
  maxTtlSeconds: Seconds.exactOptional(),
  staleSeconds: Seconds.exactOptional(),
  threshold: z.number().min(0).max(1).exactOptional(),
  match: z.enum(['exact', 'semantic']).exactOptional(),
  maxTemperature: z.number().min(0).exactOptional(),
})

/** The policy file: namespaces by name. What a namespace leaves out, `default` decides. */
export const PolicyFile = z.record(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), NamespacePolicy)
export type PolicyFile = z.infer<typeof PolicyFile>

const BUILT_IN = {
  ttlSeconds: 3600,
  maxTtlSeconds: 7 * 86_400,
  staleSeconds: 3600,
  match: 'semantic',
  maxTemperature: 1,
} as const satisfies z.infer<typeof NamespacePolicy>

/** Looks up what holds in a namespace; one that the file does not name is ruled by `default`. */
export function createPolicies(file: PolicyFile): (namespace: string) => Policy {
  const policyOf = (own: z.infer<typeof NamespacePolicy> = {}): Policy => {
    const all = { ...BUILT_IN, ...file['default'], ...own }
    return {
      ttlMs: Math.min(all.ttlSeconds, all.maxTtlSeconds) * 1000,
      maxTtlMs: all.maxTtlSeconds * 1000,
      staleMs: all.staleSeconds * 1000,
      threshold: all.threshold,
      match: all.match,
      maxTemperature: all.maxTemperature,
    }
  }
  const otherwise = policyOf()
  const named = new Map(Object.entries(file).map(([namespace, own]) => [namespace, policyOf(own)]))
  return (namespace) => named.get(namespace) ?? otherwise
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
