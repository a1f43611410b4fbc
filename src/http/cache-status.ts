import type { Kept } from '../call.ts'
import { type Outcome, detailOf } from '../insight/outcome.ts'

/**
 * `Cache-Status` (RFC 9211), so that any HTTP tool can read what we did. `kept` is given where it is already known:
 * when the head of a stream goes out, nobody knows yet whether its end will come.
 */
export function cacheStatus(outcome: Outcome, kept?: Kept): string {
  const detail = detailOf(outcome)
  if (outcome.kind === 'hit') {
    const ttl = Math.floor(outcome.ttlMs / 1000)
    return `reprise; hit; ttl=${ttl}; key="${outcome.entry.key.id}"; detail=${detail}`
  }
  if (outcome.kind === 'joined') return 'reprise; fwd=uri-miss; collapsed; detail=joined'
  if (outcome.kind === 'bypass') return `reprise; fwd=bypass; detail=${detail}`
  const why = outcome.why === 'asked-fresh' ? 'request' : 'uri-miss'
  return `reprise; fwd=${why}${kept === 'kept' ? '; stored' : ''}; detail=${detail}`
}

/** The headers that tell a caller what happened; the same for a hit, a miss and a joined flight. */
export function outcomeHeaders(outcome: Outcome, kept?: Kept): Record<string, string> {
  const headers: Record<string, string> = { 'cache-status': cacheStatus(outcome, kept) }
  if (outcome.kind === 'hit') headers['age'] = String(Math.floor(outcome.ageMs / 1000))
  if (outcome.kind !== 'hit' && outcome.kind !== 'miss') return headers
  const { similarity, confidence } = outcome
  if (similarity !== undefined) headers['reprise-similarity'] = similarity.toFixed(4)
  if (confidence !== undefined) headers['reprise-confidence'] = confidence.toFixed(4)
  return headers
}
