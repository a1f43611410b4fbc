import { type Job, isOver } from './job.ts'

/** How long a job is remembered when it is over, and how many of one tenant's. */
const MEMORY_MS = 7 * 86_400_000
const MAX_REMEMBERED = 200

/**
 * The jobs that might be begun, in the order in which to try. Those that are said to be running come first: whoever runs
 * them may be gone. Of those that wait, each tenant has one before any has two, counting what it has running.
 */
export function inTurn(jobs: readonly Job[], now: number): Job[] {
  const running = jobs.filter(({ state }) => state === 'running')
  const ahead = Map.groupBy(running, ({ tenant }) => tenant)
  const waiting = jobs
    .filter((job) => isDue(job, now))
    .sort((a, b) => a.runAt - b.runAt)
    .map((job) => {
      const others = ahead.get(job.tenant) ?? []
      ahead.set(job.tenant, [...others, job])
      return { job, rank: others.length }
    })
  return [...running, ...waiting.sort((a, b) => a.rank - b.rank).map(({ job }) => job)]
}

/** Whether somebody waits who has nothing running at all, here or elsewhere. */
export function isAnyoneLeftOut(jobs: readonly Job[], now: number): boolean {
  const served = new Set(jobs.filter(({ state }) => state === 'running').map(({ tenant }) => tenant))
  return jobs.some((job) => isDue(job, now) && !served.has(job.tenant))
}

/** Those that are over and need not be remembered any more. */
export function outdated(jobs: readonly Job[], now: number): Job[] {
  const over = jobs.filter(isOver).sort((a, b) => b.updatedAt - a.updatedAt)
  return [...Map.groupBy(over, ({ tenant }) => tenant).values()].flatMap((theirs) =>
    theirs.filter(({ updatedAt }, at) => at >= MAX_REMEMBERED || updatedAt <= now - MEMORY_MS),
  )
}

function isDue({ state, runAt }: Job, now: number): boolean {
  return state === 'waiting' && runAt <= now
}
