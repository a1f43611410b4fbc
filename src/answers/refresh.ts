import type { Hit } from '../insight/outcome.ts'
import type { Policy } from '../tenancy/policies.ts'

/**
 * Whether a hit is a reason to ask the model again in the background: it is stale, or about to be. What is about to be
 * is decided by XFetch (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015,
 * with β = 1): the longer the model takes and the more often it is asked for, the earlier; so an answer that is in
 * demand never runs out, and one that is not costs nothing. `chance` is from 0 up to, but not including, 1.
 */
export function isDue({ stale, via, entry, ttlMs }: Hit, policy: Policy, chance: number): boolean {
  if (policy.staleWhileRevalidateMs === 0) return false
  // A new answer would be kept under the words of whoever asks now, and the old one would be as old as before.
  if (!stale) return via === 'exact' && -entry.tookMs * Math.log(1 - chance) >= ttlMs
  return true
}
