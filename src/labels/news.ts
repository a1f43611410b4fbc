import type { Log } from '../insight/log.ts'
import type { Usage } from '../insight/usage.ts'
import type { Bus, Lease } from '../ports.ts'
import type { Changed } from './standings.ts'
import type { State } from './state.ts'

/** What is of interest to whoever watches; JSON, with a `type`. */
export const EVENTS = 'events'

export interface NewsOptions {
  readonly bus: Bus
  readonly lease: Lease
  readonly usage: Pick<Usage, 'count'>
  readonly log: Log
}

/** Every replica finds out within seconds; the first of them tells, for all. */
const TELLING_MS = 60_000

const TYPES = {
  within: 'budget.restored',
  tightened: 'budget.tightened',
  'exact-only': 'budget.exact-only',
} as const satisfies Record<State, string>

/** Tells of a namespace that stands otherwise with its budget than before: in the log, on the bus and in the statistics. */
export function createNews({ bus, lease, usage, log }: NewsOptions) {
  return async function tell({ tenant, page: { namespace }, from, standing }: Changed): Promise<void> {
    const { state, bar, maxWrongHitRate, served } = standing
    const type = TYPES[state]
    const figures = { from, max_wrong_hit_rate: maxWrongHitRate, bar: Number.isFinite(bar) ? bar : null, ...served }
    log[state === 'within' ? 'info' : 'warn']({ tenant, namespace, type, ...figures }, 'the error budget')
    const name = `news/${type}/${tenant}/${namespace}`
    // Told twice is better than not at all.
    const isOurs = await lease.take(name, TELLING_MS).catch(() => true)
    if (!isOurs) return
    usage.count({ tenant, namespace, model: '' }, type)
    await bus.publish(EVENTS, JSON.stringify({ type, tenant, namespace, ...figures })).catch(() => {})
  }
}
