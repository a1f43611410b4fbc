import { z } from 'zod'

const Progress = z.object({ done: z.number(), total: z.number().optional(), failed: z.number() })

/** How far a job has come: how many of its steps are over, of how many, and how many of those went wrong. */
export type Progress = z.infer<typeof Progress>

const Job = z.object({
  id: z.string(),
  tenant: z.string(),
  kind: z.string(),
  /** As they were given; the kind's own schema reads them. */
  params: z.unknown().optional(),
  /** The lines it is fed with. Whoever finds them not whole finds an upload that broke off. */
  input: z.object({ chunks: z.number(), lines: z.number(), whole: z.boolean() }).optional(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** Goes up with every change, so that no two states of a job are ever equal as text. */
  revision: z.number(),
  /** How many times it was begun since it last got on. */
  attempts: z.number(),
  /** Which replica began it last. */
  replica: z.string().optional(),
  /** When it may be begun, if it waits. */
  runAt: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  progress: Progress,
  /** Where to go on; only the kind can read it. */
  checkpoint: z.unknown().optional(),
  /** Why the last attempt failed; says nothing of what the job is about. */
  error: z.string().optional(),
  result: z.unknown().optional(),
})

/** A piece of background work, as it is kept. */
export type Job = z.infer<typeof Job>

/** The job of a text; `undefined` if it is not one that we could have written. */
export function jobOf(text: string): Job | undefined {
  try {
    return Job.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

export function newJob(tenant: string, kind: string, params: unknown, now: number): Job {
  const id = `job_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`
  const times = { runAt: now, createdAt: now, updatedAt: now }
  return { id, tenant, kind, params, state: 'waiting', revision: 0, attempts: 0, ...times, progress: nothing }
}

const nothing: Progress = { done: 0, failed: 0 }

/** What a job is called among the jobs of all tenants. */
export function nameOf({ tenant, id }: Pick<Job, 'tenant' | 'id'>): string {
  return `${tenant}/${id}`
}

/** True if nothing more will happen to it. */
export function isOver({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
