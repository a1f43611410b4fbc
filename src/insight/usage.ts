import { setImmediate as othersFirst } from 'node:timers/promises'
import type { Kept } from '../call.ts'
import type { Addition, Clock, Counters, Usage as Tokens } from '../ports.ts'
import { bucketOf } from './latency.ts'
import { type Hit, type Outcome, detailOf } from './outcome.ts'
import { type Who, createPending } from './pending.ts'
import type { CostOf } from './pricing.ts'
import { DAY_MS, SERVICE } from './tallies.ts'

/** What is counted of one answered request. */
export interface Observation extends Who {
  readonly outcome: Outcome
  /** From its arrival until the answer was ready (a hit) or complete (anything else). */
  readonly tookMs: number
  /** What became of the model's answer; absent on hits. */
  readonly kept?: Kept | undefined
  /** The tokens that the model was asked for on behalf of this very request. */
  readonly usage?: Tokens | undefined
}

export interface UsageOptions {
  readonly counters: Counters
  readonly clock: Clock
  readonly costOf: CostOf
  /** Of this process alone: batches are told apart by it. */
  readonly replica: string
}

/** How often to flush: so much is lost when a process is killed. */
export const FLUSH_MS = 2_000

/** So many sums go into one batch, each into three tallies at most; after it, requests have their turn. */
const MOST_AT_ONCE = 400
/** After so long the counters may have forgotten that they have a batch; they promise ten minutes. */
const SURE_MS = 5 * 60_000
const SENT_KEPT_MS = 40 * DAY_MS

export type Usage = ReturnType<typeof createUsage>

/** Counts what requests use, into sums that all replicas add to and that outlive them. */
export function createUsage({ counters, clock, costOf, replica }: UsageOptions) {
  const pending = createPending(clock)
  const progress = { tally: `${SERVICE}/sent/${replica}`, field: 'batches' }
  let batches = 0
  let unsent: { readonly number: number; readonly sealedAt: number; readonly additions: Addition[] } | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  return { observe, spend, charge, count, sum: pending.sum, fail, flush }

  /** Costs a few microseconds and never fails. */
  function observe({ outcome, tookMs, kept, usage, ...who }: Observation): void {
    const count = pending.of(who)
    // A refresh is the cache's own idea: it costs money, and is nobody's request.
    const refresh = outcome.kind === 'miss' && outcome.why === 'refresh'
    if (refresh) count('refresh', 1)
    else {
      count('requests', 1)
      count(`latency.${outcome.kind}.${bucketOf(tookMs)}`, 1)
      if (outcome.kind === 'hit') countHit(outcome, who, count)
      if (outcome.kind === 'joined') count('joined', 1)
      if (outcome.kind === 'miss' || outcome.kind === 'bypass') count(`${outcome.kind}.${detailOf(outcome)}`, 1)
    }
    // Whoever listens along is told of the same answer, which counts once.
    if (outcome.kind === 'joined' || outcome.kind === 'hit') return
    if (outcome.kind === 'miss' && kept !== undefined) count(kept === 'kept' ? 'kept' : `not_kept.${kept}`, 1)
    if (usage) countSpent(who.model, usage, refresh, count)
  }

  function countHit({ via, stale, entry }: Hit, { tenant, namespace }: Who, count: Count): void {
    const { model, usage, tookMs, key } = entry
    const cost = usage && costOf(model, usage)
    count(`hit.${via}`, 1)
    if (stale) count('hit.stale', 1)
    count('saved.prompt_tokens', usage?.promptTokens ?? 0)
    count('saved.completion_tokens', usage?.completionTokens ?? 0)
    if (cost === undefined) count('saved.unpriced', 1)
    else count('saved.nano_usd', cost)
    count('time_saved_ms', tookMs)
    pending.hit(tenant, namespace, key.id)
  }

  function countSpent(model: string, usage: Tokens, refresh: boolean, count: Count): void {
    const cost = costOf(model, usage)
    count('spent.prompt_tokens', usage.promptTokens)
    count('spent.completion_tokens', usage.completionTokens)
    if (cost === undefined) return count('spent.unpriced', 1)
    count('spent.nano_usd', cost)
    if (refresh) count('refresh.nano_usd', cost)
  }

  /** What an answer cost that only passed by. */
  function spend(who: Who, usage: Tokens): void {
    countSpent(who.model, usage, false, pending.of(who))
  }

  /** What the cache itself had some model do for a caller; it is taken off what the caller saved. */
  function charge(who: Who, what: 'embedding' | 'audit', model: string, usage: Tokens): void {
    pending.of(who)(`${what}.nano_usd`, costOf(model, usage) ?? 0)
  }

  /** Something that happened for a caller, though not to a request of theirs. */
  function count(who: Who, metric: string): void {
    pending.of(who)(metric, 1)
  }

  /** A port that failed, or a model that did not answer with success; by name. */
  function fail(name: string, tenant = SERVICE): void {
    pending.of({ tenant, namespace: '', model: '' })(`failure.${name}`, 1)
  }

  /** Resolves when all that has been counted until now is durable; rejects if it is not, and the next one tries again. */
  function flush(): Promise<void> {
    if (!running) {
      running = send().finally(() => (running = undefined))
      return running
    }
    // What has been counted since the one under way began goes with the next; more than that never queue up.
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined
        return flush()
      })
    return next
  }

  async function send(): Promise<void> {
    await deliver()
    for (let left = pending.size(); left > 0; left -= MOST_AT_ONCE) {
      const sealedAt = clock()
      const mark = { ...progress, amount: 1, keepUntil: sealedAt + SENT_KEPT_MS }
      unsent = { number: ++batches, sealedAt, additions: [...pending.take(MOST_AT_ONCE), mark] }
      await deliver()
      if (left > MOST_AT_ONCE) await othersFirst()
    }
  }

  /** The same batch until it is known to have arrived: neither lost nor doubled, whatever the first try came to. */
  async function deliver(): Promise<void> {
    if (!unsent) return
    const { number, sealedAt, additions } = unsent
    const arrived = clock() - sealedAt > SURE_MS && (await arrivals()) >= number
    if (!arrived) await counters.add(`${replica}/${number}`, additions)
    unsent = undefined
  }

  /** Batches go out one by one, each with a mark: as many marks as have arrived, so many batches have. */
  async function arrivals(): Promise<number> {
    const [marks] = await counters.read([progress.tally])
    return marks?.get(progress.field) ?? 0
  }
}

type Count = (metric: string, amount: number) => void
