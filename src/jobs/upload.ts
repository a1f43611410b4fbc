import { ServiceError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Job } from './job.ts'
import type { Known, Ledger } from './ledger.ts'
import type { Extent, Lines, Spool } from './spool.ts'

/** How long an upload may be silent before its job is given up. */
const PATIENCE_MS = 10 * 60_000
/** Some 1 GiB, so that no upload can fill the database. */
const MAX_CHUNKS = 4_096

interface Surroundings {
  readonly ledger: Ledger
  readonly spool: Spool
  readonly clock: Clock
}

/** Writes down a job together with what it is fed with; if it does not get all of that, nothing stays. */
export async function upload({ ledger, spool, clock }: Surroundings, job: Job, lines: Lines): Promise<Known> {
  let known = await ledger.create({ ...job, ...coming({ chunks: 0, lines: 0 }) })
  try {
    const extent = await spool.write(job.id, lines, grow)
    const progress = { ...job.progress, total: extent.lines }
    await note({ input: { ...extent, whole: true }, progress, runAt: clock() })
    return known
  } catch (error) {
    // If that fails as well, whoever begins the job finds its input not whole, and clears it away.
    await ledger
      .clear(known.job)
      .then(() => ledger.remove(known))
      .catch(() => {})
    throw error
  }

  async function grow(extent: Extent): Promise<void> {
    if (extent.chunks > MAX_CHUNKS)
      throw new ServiceError(413, 'request_too_large', 'the input is too large; send it in parts')
    await note(coming(extent))
  }

  async function note(parts: Partial<Job>): Promise<void> {
    const noted = await ledger.replace(known, parts)
    if (!noted) throw new ServiceError(409, 'job_over', 'the job was ended before it had all of its input')
    known = noted
  }

  /** Not to be begun as long as there is more coming. When nothing has come for long, it is begun only to fail. */
  function coming(extent: Extent): Partial<Job> {
    return { input: { ...extent, whole: false }, runAt: clock() + PATIENCE_MS }
  }
}
