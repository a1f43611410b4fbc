import type { Log } from './insight/log.ts'
import { FLUSH_MS } from './insight/usage.ts'
import { type Runner, TICK_MS } from './jobs/runner.ts'
import type { Learning } from './labels/learning.ts'
import type { Clock, Lease } from './ports.ts'

export interface BackgroundOptions {
  readonly engine: {
    sweep(): Promise<number>
    readonly sweepEveryMs: number
    /** True if to look at it costs something. */
    readonly isFar: boolean
    copy?: ((signal: AbortSignal) => Promise<object>) | undefined
  }
  readonly lease: Lease
  readonly clock: Clock
  readonly learning: Pick<Learning, 'refresh'>
  readonly jobs: Runner
  /** Sees to what purges have left. */
  reclaimLeft(sweptFrom: number): Promise<void>
  readonly log: Log
}

/** How often to look for answers that landed after the purge that covers them. */
const RECLAIM_MS = 15 * 60_000

/** Where looking costs something, only every so many times, unless there is known to be something to do. */
const LOOK_EVERY = 10

/** All that is done without anybody asking, from now on until it is stopped. What fails is tried again the next time. */
export function startBackground(options: BackgroundOptions): { stop(): void } {
  const { engine, lease, clock, learning, jobs, reclaimLeft, log } = options
  const stopping = new AbortController()
  const tried = (what: string, work: () => Promise<unknown>) => () =>
    void work().catch((error: unknown) => log.warn({ err: error }, `${what} failed`))
  const every = (ms: number, what: string, work: () => Promise<unknown>) => setInterval(tried(what, work), ms).unref()
  const once = (ms: number, what: string, work: () => Promise<unknown>) => setTimeout(tried(what, work), ms).unref()

  const sweep = async () => {
    // One replica does it for all; whoever comes next finds nothing left to do.
    if (await lease.take('sweep', engine.sweepEveryMs / 2)) await engine.sweep()
  }
  const reclaim = async (sweptFrom: number) => {
    if (await lease.take('reclaim', RECLAIM_MS / 2)) await reclaimLeft(sweptFrom)
  }
  let ticks = 0
  const lookEvery = engine.isFar ? LOOK_EVERY : 1
  const timers = [
    // Whoever was killed in the middle of a purge has left more than what came late.
    once(TICK_MS, 'reclaiming', () => reclaim(Infinity)),
    every(RECLAIM_MS, 'reclaiming', () => reclaim(clock())),
    every(engine.sweepEveryMs, 'the sweep', sweep),
    every(FLUSH_MS, 'counting', learning.refresh),
    every(TICK_MS, 'looking for jobs', () => jobs.tick(++ticks % lookEvery === 0)),
  ]
  void engine.copy?.(stopping.signal).then(
    (copied) => log.info({ ...copied }, 'the mirror holds all that was there'),
    () => log.warn({}, 'the mirror is not complete yet; the next start goes on with it'),
  )
  return {
    stop() {
      timers.forEach(clearInterval)
      stopping.abort()
    },
  }
}
