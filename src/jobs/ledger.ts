import type { Clock, Records } from '../ports.ts'
import { type Job, jobOf, nameOf } from './job.ts'
import { createSpool } from './spool.ts'

/** A job, and the very text it was read from or written as. */
export interface Known {
  readonly job: Job
  readonly text: string
}

export type Ledger = ReturnType<typeof createLedger>

const KIND = 'jobs'

/** All jobs, as documents that change only by swap: who has not seen the latest change cannot make the next. */
export function createLedger({ records, clock }: { readonly records: Records; readonly clock: Clock }) {
  const spool = createSpool(records)
  let seen: { readonly version: string; readonly jobs: readonly Job[] } | undefined

  return {
    async create(job: Job): Promise<Known> {
      const text = JSON.stringify(job)
      if (!(await records.swap(KIND, nameOf(job), undefined, text))) throw new Error('a job of that name exists')
      return { job, text }
    },

    async get(name: string): Promise<Known | undefined> {
      const text = await records.get(KIND, name)
      const job = text === undefined ? undefined : jobOf(text)
      return job && { job, text: text! }
    },

    /** Every job there is. Costs next to nothing as long as none of them changes. */
    async all(): Promise<readonly Job[]> {
      // The version first: what changes in between is then read twice, and not never.
      const version = await records.version(KIND)
      if (seen?.version !== version) seen = { version, jobs: jobsOf(await records.list(KIND)) }
      return seen.jobs
    },

    /** One tenant's, latest first. */
    async of(tenant: string): Promise<Job[]> {
      return jobsOf(await records.list(KIND, nameOf({ tenant, id: '' }))).sort((a, b) => b.createdAt - a.createdAt)
    },

    replace,

    /** Gives back the space of what a job was fed with. */
    async clear({ id, input }: Job): Promise<void> {
      for (let chunk = 0; chunk < (input?.chunks ?? 0); chunk++) await spool.drop(id, chunk)
    },

    /** False if it has changed meanwhile. */
    remove({ job, text }: Known): Promise<boolean> {
      return records.swap(KIND, nameOf(job), text, undefined)
    },
  }

  /** The job with these parts changed; `undefined`, with nothing changed, if it is not as we know it any more. */
  async function replace(known: Known, parts: Partial<Job>): Promise<Known | undefined> {
    const changed = { ...known.job, ...parts, revision: known.job.revision + 1, updatedAt: clock() }
    const text = JSON.stringify(changed)
    if (!(await records.swap(KIND, nameOf(changed), known.text, text))) return undefined
    // As it was written: who gave us the parts may go on changing them.
    return { job: JSON.parse(text) as Job, text }
  }
}

function jobsOf(documents: readonly { readonly text: string }[]): Job[] {
  return documents.flatMap(({ text }) => jobOf(text) ?? [])
}
