import { type RecordableHistogram, createHistogram } from 'node:perf_hooks'
import type { Kept } from '../call.ts'
import type { Clock, Usage } from '../ports.ts'
import { type Outcome, detailOf } from './outcome.ts'

/** What is counted of one answered request. */
export interface Observation {
  readonly outcome: Outcome
  /** From its arrival until the answer was ready (a hit) or complete (anything else). */
  readonly tookMs: number
  /** What became of the model's answer; absent on hits. */
  readonly kept?: Kept
}

/** Counts since the start, in memory. */
export function createStats(clock: Clock, costOf: (model: string, usage: Usage) => number | undefined) {
  const since = clock()
  const hits = { exact: 0, semantic: 0, stale: 0 }
  const misses = new Map<string, number>()
  const bypasses = new Map<string, number>()
  const notKept = new Map<string, number>()
  const failures = new Map<string, number>()
  const saved = { promptTokens: 0, completionTokens: 0, usd: 0, hitsWithoutPrice: 0 }
  const latency = {
    hit: createHistogram(),
    joined: createHistogram(),
    miss: createHistogram(),
    bypass: createHistogram(),
  }
  let joined = 0

  return {
    observe({ outcome, tookMs, kept }: Observation): void {
      latency[outcome.kind].record(Math.max(1, Math.round(tookMs * 1000)))
      if (outcome.kind === 'hit') countHit(outcome)
      if (outcome.kind === 'joined') joined++
      if (outcome.kind === 'miss') count(misses, detailOf(outcome))
      if (outcome.kind === 'bypass') count(bypasses, detailOf(outcome))
      if (outcome.kind === 'miss' && kept !== undefined && kept !== 'kept') count(notKept, kept)
    },

    /** A port that failed, or a model that did not answer with success; by name. */
    fail(name: string): void {
      count(failures, name)
    },

    snapshot() {
      const allHits = hits.exact + hits.semantic
      const allMisses = sum(misses)
      const lookups = allHits + joined + allMisses
      return {
        since: new Date(since).toISOString(),
        requests: lookups + sum(bypasses),
        hits: { total: allHits, ...hits },
        joined,
        misses: { total: allMisses, by_reason: Object.fromEntries(misses) },
        bypasses: { total: sum(bypasses), by_reason: Object.fromEntries(bypasses) },
        not_kept: { total: sum(notKept), by_reason: Object.fromEntries(notKept) },
        failures: { total: sum(failures), by_name: Object.fromEntries(failures) },
        hit_rate: lookups === 0 ? null : allHits / lookups,
        saved: {
          prompt_tokens: saved.promptTokens,
          completion_tokens: saved.completionTokens,
          usd: saved.usd,
          hits_without_price: saved.hitsWithoutPrice,
        },
        latency_ms: {
          hit: percentiles(latency.hit),
          joined: percentiles(latency.joined),
          miss: percentiles(latency.miss),
          bypass: percentiles(latency.bypass),
        },
      }
    },
  }

  function countHit({ via, stale, entry: { model, usage } }: Extract<Outcome, { kind: 'hit' }>): void {
    hits[via]++
    if (stale) hits.stale++
    const cost = usage && costOf(model, usage)
    saved.promptTokens += usage?.promptTokens ?? 0
    saved.completionTokens += usage?.completionTokens ?? 0
    if (cost === undefined) saved.hitsWithoutPrice++
    else saved.usd += cost
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0)

/** From microseconds, as recorded, to milliseconds. */
function percentiles(histogram: RecordableHistogram) {
  if (histogram.count === 0) return { count: 0, p50: null, p95: null, p99: null }
  const at = (percent: number) => histogram.percentile(percent) / 1000
  return { count: histogram.count, p50: at(50), p95: at(95), p99: at(99) }
}
