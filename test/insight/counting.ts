import type { Outcome } from '../../src/insight/outcome.ts'
import type { Who } from '../../src/insight/pending.ts'
import { type ReportQuery, report } from '../../src/insight/report.ts'
import { type Observation, createUsage } from '../../src/insight/usage.ts'
import type { Counters } from '../../src/ports.ts'
import { memoryCounters } from '../support/counters.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const START = Date.UTC(2026, 0, 1)

export const miss: Outcome = { kind: 'miss', why: 'nothing-near' }
export const joined: Outcome = { kind: 'joined' }
export const bypass: Outcome = { kind: 'bypass', why: 'store' }

/** Replicas that count into the same sums, at a time that is held; a dollar a token, but for models that nobody knows. */
export function counting(given?: (clock: () => number) => Counters) {
  let now = START
  const clock = () => now
  const counters = (given ?? memoryCounters)(clock)
  let replicas = 0

  const replica = (through = counters) => {
    const usage = createUsage({
      counters: through,
      clock,
      costOf: (model, { promptTokens, completionTokens }) =>
        model.startsWith('unknown') ? undefined : (promptTokens + completionTokens) * 1e9,
      replica: `replica-${++replicas}`,
    })
    return { ...usage, ...watching(usage) }
  }
  const watching = (usage: ReturnType<typeof createUsage>) => ({
    /** Counts outcomes of acme, in its namespace `faq` if nothing else is said. */
    saw: (outcomes: Outcome | readonly Outcome[], more: Partial<Who & Observation> = {}) => {
      for (const outcome of [outcomes].flat() as Outcome[]) {
        usage.observe({ tenant: 'acme', namespace: 'faq', model: 'gpt-4o', outcome, tookMs: 1, ...more })
      }
    },
  })
  const first = replica()

  return {
    ...first,
    clock,
    counters,
    /** One more replica, by another way to the counters if one is given. */
    replica,
    pass(ms: number): void {
      now += ms
    },
    /** What is told of today, of acme, in all. */
    report: (query: Partial<ReportQuery> = {}) =>
      report(
        { counters, clock, flush: first.flush },
        { tenants: ['acme'], from: now - (now % DAY), to: now + 1, bucket: 'total', by: [], top: 10, ...query },
      ),
  }
}
