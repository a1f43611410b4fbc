import type { z } from 'zod'
import { checked } from '../checked.ts'
import { ServiceError } from '../errors.ts'
import type { Log } from '../insight/log.ts'
import type { Clock, Held, Random } from '../ports.ts'
import { type Job, type Progress, isOver, nameOf } from './job.ts'
import type { Known, Ledger } from './ledger.ts'
import type { Input, Spool } from './spool.ts'

/** What a kind of job works with. */
export interface Work<P = unknown> {
  readonly tenant: string
  readonly params: P
  readonly input: Input
  /** As it was saved last; `undefined` if it never was. */
  readonly checkpoint: unknown
  readonly progress: Progress
  /**
   * From here on the job goes on from this checkpoint, whatever happens. Throws `StoppedJob` if it is to go on
   * elsewhere or not at all.
   */
  save(checkpoint: unknown, progress: Pick<Progress, 'done' | 'failed'>): Promise<void>
  /** Aborted when the next save will throw: nothing is won by waiting for anything before it. */
  readonly signal: AbortSignal
}

/**
 * A kind of job. What it does between two saves may happen twice after a crash, so that must come to the same as once;
 * what it has saved is the only truth. A `ServiceError` below 500 ends the job, any other error only this attempt.
 */
export interface Kind<P = unknown> {
  readonly name: string
  readonly params: z.ZodType<P>
  /** Gives what the job has come to. */
  run(work: Work<P>): Promise<unknown>
}

export type Why = 'cancelled' | 'lost' | 'yielded'

/** Says that whoever works on a job is to work on it no longer. */
export class StoppedJob extends Error {
  override readonly name = 'StoppedJob'
  readonly why: Why
  constructor(why: Why) {
    super(`the job was ${why}`)
    this.why = why
  }
}

/** How long a replica that has gone silent is believed to be working. */
export const LEASE_MS = 10_000

/** How many times a job may be begun without getting on. */
export const MAX_ATTEMPTS = 5

const MAX_BACK_OFF_MS = 5 * 60_000

/** One replica's working on one job. */
export type Turn = ReturnType<typeof beginTurn>

interface Beginning {
  readonly kind: Kind
  /** The job, already written down as running. */
  readonly begun: Known
  readonly held: Held
  readonly ledger: Ledger
  readonly spool: Spool
  readonly clock: Clock
  readonly random: Random
  readonly log: Log | undefined
}

export function beginTurn({ kind, begun, held, ledger, spool, clock, random, log }: Beginning) {
  const { id, tenant, input = { chunks: 0, lines: 0, whole: true } } = begun.job
  const stopping = new AbortController()
  let known = begun

  const work = {
    tenant,
    checkpoint: begun.job.checkpoint,
    progress: begun.job.progress,
    input: {
      chunks: input.chunks,
      lines: input.lines,
      read: (chunk: number) => spool.read(id, chunk),
      drop: (chunk: number) => spool.drop(id, chunk),
    },
    save,
    signal: stopping.signal,
  }

  return {
    job: begun.job,
    since: clock(),
    /** Settles when nothing more will be written; never rejects. */
    over: run()
      .then((parts) => end(parts))
      .catch((error: unknown) => log?.warn({ job: id, ...described(error) }, 'the end of a job could not be noted'))
      .finally(() => held.release().catch(() => {})),
    stop,
    /** To be called well within each `LEASE_MS`. */
    async renew(): Promise<void> {
      if (!(await held.renew(LEASE_MS))) stop('lost')
    },
  }

  function stop(why: Why): void {
    if (!stopping.signal.aborted) stopping.abort(new StoppedJob(why))
  }

  async function save(checkpoint: unknown, progress: Pick<Progress, 'done' | 'failed'>): Promise<void> {
    const before = known.job.progress
    const after = { ...before, ...progress }
    const gotOn = after.done > before.done && { attempts: 1, error: undefined }
    const saved = await ledger.replace(known, { checkpoint, progress: after, ...gotOn })
    if (saved) known = saved
    else stop((await ledger.get(nameOf(known.job)))?.job.state === 'cancelled' ? 'cancelled' : 'lost')
    stopping.signal.throwIfAborted()
  }

  /** What the job has become. */
  async function run(): Promise<Partial<Job>> {
    try {
      if (!input.whole) throw new ServiceError(400, 'incomplete_input', 'its input broke off')
      const result = await kind.run({ ...work, params: checked(kind.params, begun.job.params) })
      return { state: 'done', result, error: undefined, checkpoint: undefined }
    } catch (error) {
      return afterwards(error)
    }
  }

  function afterwards(error: unknown): Partial<Job> {
    const { attempts } = known.job
    // No fault of its own: it is not counted, and whoever is free may go on at once.
    if (stopping.signal.aborted) return { state: 'waiting', attempts: attempts - 1, runAt: clock() }

    const fault = described(error)
    log?.warn({ job: id, kind: kind.name, attempts, ...fault }, 'an attempt at a job failed')
    const isFinal = attempts >= MAX_ATTEMPTS || (error instanceof ServiceError && error.status < 500)
    if (isFinal) return { state: 'failed', error: fault.error }
    const backOffMs = Math.min(MAX_BACK_OFF_MS, 1000 * 2 ** attempts) * (1 - random() / 2)
    return { state: 'waiting', error: fault.error, runAt: clock() + backOffMs }
  }

  /** Comes to nothing if the job is cancelled, or is worked on by another meanwhile. */
  async function end(parts: Partial<Job>): Promise<void> {
    const ended = await ledger.replace(known, parts)
    if (ended && isOver(ended.job)) await ledger.clear(ended.job)
  }
}

/** What an error says of itself without saying what the job is about: messages of others may quote anything. */
function described(error: unknown): { readonly error: string; readonly at?: string | undefined } {
  if (error instanceof ServiceError) return { error: error.message }
  if (!(error instanceof Error)) return { error: 'an error without a name' }
  const { code } = error as { code?: unknown }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line))
  return { error: typeof code === 'string' ? `${error.name} ${code}` : error.name, at: frames?.join('\n') }
}
