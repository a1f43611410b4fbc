import type { Call } from '../call.ts'
import type { Embedder, Entry, Key } from '../ports.ts'

/** Why this request is neither looked up nor kept; `undefined` if it may be both. */
export function whyBypass({ asked, directives }: Call): string | undefined {
  return directives.noStore ? 'no-store' : asked.uncacheable
}

/** Why only an answer to the very same words will do; `undefined` if one to a question that means the same may. */
export function whyExactOnly({ asked, policy }: Call, embedder: Embedder): string | undefined {
  if (asked.exactOnly) return asked.exactOnly
  if (policy.match === 'exact') return 'match'
  if ((asked.temperature ?? 0) > policy.maxTemperature) return 'temperature'
  return embedder.fits(asked.question) ? undefined : 'window'
}

/** The age and staleness that this caller accepts. */
export function isWelcome(
  { createdAt, expiresAt }: Pick<Entry, 'createdAt' | 'expiresAt'>,
  call: Call,
  now: number,
): boolean {
  const { maxAgeMs = Infinity, maxStaleMs = 0 } = call.directives
  return expiresAt + maxStaleMs > now && now - createdAt <= maxAgeMs
}

/** Whether an entry that the index led us to really is of the tenant, namespace, scope and space it was sought in. */
export function isOfTheRoom(entry: Entry, room: Key, space: string): boolean {
  const { tenant, namespace, scope } = entry.key
  return tenant === room.tenant && namespace === room.namespace && scope === room.scope && entry.space === space
}
