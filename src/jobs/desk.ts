import { checked } from '../checked.ts'
import { ServiceError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { type Job, isOver, nameOf, newJob } from './job.ts'
import type { Ledger } from './ledger.ts'
import type { Lines, Spool } from './spool.ts'
import type { Kind } from './turn.ts'
import { upload } from './upload.ts'

export interface DeskOptions {
  readonly ledger: Ledger
  readonly spool: Spool
  readonly clock: Clock
  readonly kindOf: ReadonlyMap<string, Kind>
  /** Has every replica hear of it. Never rejects. */
  readonly tell: (news: 'waiting' | 'cancelled', job: Job) => Promise<void>
}

/** Of one tenant's, so that all there are can be listed. */
const MAX_UNFINISHED = 200

/** Where jobs are ordered, asked after and called off. */
export function createDesk({ ledger, spool, clock, kindOf, tell }: DeskOptions) {
  return {
    /** Durable when this resolves. `lines` are what the job is fed with; it does not begin before it has them all. */
    async enqueue(tenant: string, name: string, params: unknown, lines?: Lines): Promise<Job> {
      const kind = kindOf.get(name)
      if (!kind) throw new ServiceError(400, 'unknown_job', `there is no such kind of job: ${name}`, { param: 'kind' })
      checked(kind.params, params)
      if ((await ledger.of(tenant)).filter((job) => !isOver(job)).length >= MAX_UNFINISHED) {
        throw new ServiceError(429, 'too_many_jobs', `${MAX_UNFINISHED} jobs are waiting or running already`)
      }
      const job = newJob(tenant, name, params, clock())
      const { job: enqueued } = lines ? await upload({ ledger, spool, clock }, job, lines) : await ledger.create(job)
      await tell('waiting', enqueued)
      return enqueued
    },

    async get(tenant: string, id: string): Promise<Job | undefined> {
      return (await ledger.get(nameOf({ tenant, id })))?.job
    },

    /** One tenant's, latest first. */
    list: ledger.of,

    cancel,

    /** Calls off all that a tenant has ordered, and forgets it: whoever comes to bear its name is not to find it. */
    async endAll(tenant: string): Promise<void> {
      for (const { id } of await ledger.of(tenant)) {
        await cancel(tenant, id)
        const known = await ledger.get(nameOf({ tenant, id }))
        if (!known) continue
        await ledger.clear(known.job)
        await ledger.remove(known)
      }
    },
  }

  /** The job as it is after that: one that was over stays as it was. `undefined` if there is none. */
  async function cancel(tenant: string, id: string): Promise<Job | undefined> {
    for (;;) {
      const known = await ledger.get(nameOf({ tenant, id }))
      if (!known || isOver(known.job)) return known?.job
      const cancelled = await ledger.replace(known, { state: 'cancelled' })
      if (!cancelled) continue
      await tell('cancelled', cancelled.job)
      await ledger.clear(cancelled.job)
      return cancelled.job
    }
  }
}
