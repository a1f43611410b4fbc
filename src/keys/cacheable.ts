import type { Call } from '../call.ts'
import type { Embedder, Entry, Key } from '../ports.ts'
import { digest } from './key.ts'
import { isVolatile } from './volatile.ts'

/** Why this request is neither looked up nor kept; `undefined` if it may be both. */
export function whyBypass({ asked, directives, policy, degraded }: Call): string | undefined {
  if (directives.noStore) return 'no-store'
  if (asked.uncacheable) return asked.uncacheable
  if (!policy.cachesModel(asked.model)) return 'model'
  if (asked.exactOnly === 'tools' && policy.tools === 'never') return 'tools'
  // Whoever cannot tell what has been purged, or who may not read here any more, must not give what is kept.
  return degraded ? 'rules-unavailable' : undefined
}

/** Why only an answer to the very same words will do; `undefined` if one to a question that means the same may. */
export function whyExactOnly({ asked, policy }: Call, embedder: Embedder): string | undefined {
  if (asked.exactOnly) return asked.exactOnly
  if (policy.match === 'exact') return 'match'
  if (policy.mode === 'off') return 'mode-off'
  if ((asked.temperature ?? 0) > policy.maxTemperature) return 'temperature'
  return embedder.fits(asked.question) ? undefined : 'window'
}

/**
 * In which arm of a trial a request is; `undefined` if nothing is being tried out. Whoever is in the control group today
 * is tomorrow.
 */
export function armOf({ tenant, asked, directives, policy }: Call): 'on' | 'control' | 'shadow' | undefined {
  if (policy.mode === 'shadow') return 'shadow'
  if (policy.mode === 'off' || policy.rollout >= 100) return undefined
  const { namespace, user, session } = directives
  const who = user ?? session ?? digest(asked.words)
  const share = Number.parseInt(digest([tenant, namespace, who]).slice(0, 8), 16) / 2 ** 32
  return share * 100 < policy.rollout ? 'on' : 'control'
}

/** Why a match is not served although it may be: the policy only wants to see what would be, or not yet for this caller. */
export function whyWithheld(call: Call): 'shadow' | 'control' | undefined {
  const arm = armOf(call)
  return arm === 'on' ? undefined : arm
}

/** Why an answer to this request is not kept, however good; `undefined` if it may be. */
export function whyNotKept(call: Call): string | undefined {
  if (call.policy.ttlMs === 0) return 'ttl-0'
  return ttlOf(call) === 0 ? 'volatile' : undefined
}

/** How long an answer to this request is fresh: for less, unless the caller knows better, if time itself makes it wrong. */
export function ttlOf({ asked, directives, policy }: Call): number {
  if (directives.ttlMs !== undefined || !isVolatile(asked.question)) return policy.ttlMs
  return Math.min(policy.ttlMs, policy.volatileTtlMs)
}

/** How long past its expiry somebody may still want an entry. */
export function longestStay({ staleMs, staleWhileRevalidateMs, staleIfErrorMs }: Call['policy']): number {
  return Math.max(staleMs, staleWhileRevalidateMs, staleIfErrorMs)
}

/** How long past its expiry an entry is welcome: as the caller says, within the policy; or while a new one is fetched. */
export function acceptedStaleness({ directives: { maxStaleMs }, policy }: Call): number {
  return maxStaleMs === undefined ? policy.staleWhileRevalidateMs : Math.min(maxStaleMs, policy.staleMs)
}

/** The age and staleness that this caller accepts. */
export function isWelcome(
  { createdAt, expiresAt }: Pick<Entry, 'createdAt' | 'expiresAt'>,
  call: Call,
  now: number,
): boolean {
  const { maxAgeMs = Infinity } = call.directives
  return expiresAt + acceptedStaleness(call) > now && now - createdAt <= maxAgeMs
}

/** Whether an entry that the index led us to really is of the tenant, namespace, scope and space it was sought in. */
export function isOfTheRoom(entry: Entry, room: Key, space: string): boolean {
  const { tenant, namespace, scope } = entry.key
  return tenant === room.tenant && namespace === room.namespace && scope === room.scope && entry.space === space
}
