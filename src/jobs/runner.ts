import type { Log } from '../insight/log.ts'
import type { Ports } from '../ports.ts'
import { createDesk } from './desk.ts'
import { type Job, isOver, nameOf } from './job.ts'
import { type Known, createLedger } from './ledger.ts'
import { inTurn, isAnyoneLeftOut, outdated } from './order.ts'
import { createSpool } from './spool.ts'
import { type Kind, LEASE_MS, MAX_ATTEMPTS, type Turn, beginTurn } from './turn.ts'

export interface RunnerOptions extends Pick<Ports, 'records' | 'lease' | 'bus' | 'clock' | 'random' | 'replica'> {
  readonly kinds: readonly Kind[]
  readonly log?: Log
}

/** How often to call `tick`: so that a lease outlives two ticks that fail. */
export const TICK_MS = 3_000

/** The topic on which replicas tell of jobs: `waiting` or `cancelled`, and which. */
export const JOBS = 'jobs'

/** How many jobs a replica works on at a time. */
const PARALLEL = 2
/** How long a job may go on while a tenant who has none running waits for a place. */
const SLICE_MS = 30_000

export type Runner = ReturnType<typeof createRunner>

/** Takes jobs and sees to it, together with all other replicas, that each is done. */
export function createRunner({ records, lease, bus, clock, random, replica, kinds, log }: RunnerOptions) {
  const ledger = createLedger({ records, clock })
  const spool = createSpool(records)
  const kindOf = new Map(kinds.map((kind) => [kind.name, kind]))
  const turns = new Map<string, Turn>()
  const taking = new Map<string, Promise<void>>()
  /** True if there may be a job that we had no place for. */
  let overlooked = false
  /** True if there may be a job that is not over. */
  let unfinished = true
  let looking: Promise<void> | undefined
  let draining = false
  const isPlace = () => turns.size + taking.size < PARALLEL

  const unsubscribe = bus.subscribe(JOBS, (message) => {
    const [news, name = ''] = message.split(' ')
    unfinished = true
    if (news === 'cancelled') turns.get(name)?.stop('cancelled')
    else void take(name)
  })

  return {
    ...createDesk({ ledger, spool, clock, kindOf, tell }),

    /** Holds on to what runs and, if thorough or if something may be left to do, looks around. Never rejects. */
    async tick(thorough = true): Promise<void> {
      const looked = !draining && (thorough || unfinished) && look()
      await Promise.all([looked, ...[...turns.values()].map(renew)])
    },

    /** Takes nothing more. Resolves when all that was running has stopped where it can go on, here or elsewhere. */
    async drain(): Promise<void> {
      draining = true
      unsubscribe()
      await Promise.all(taking.values())
      const left = [...turns.values()]
      for (const turn of left) turn.stop('yielded')
      await Promise.all(left.map(({ over }) => over))
      await Promise.all(left.map(({ job }) => tell('waiting', job)))
    },
  }

  /** Begins the job if there is a place for it, nobody works on it and it is due. Never rejects. */
  async function take(name: string): Promise<void> {
    if (draining || turns.has(name) || taking.has(name)) return
    if (!isPlace()) {
      overlooked = true
      return
    }
    const taken = begin(name).catch((error: unknown) => warn(error, 'a job could not be begun'))
    taking.set(name, taken)
    await taken
    taking.delete(name)
    useFreePlace()
  }

  async function begin(name: string): Promise<void> {
    const held = await lease.take(`job/${name}`, LEASE_MS)
    if (!held) return
    const known = await ledger.get(name)
    const kind = known && kindOf.get(known.job.kind)
    const begun = kind && (await writeDown(known))
    if (!begun) return held.release()

    const turn = beginTurn({ kind, begun, held, ledger, spool, clock, random, log })
    turns.set(name, turn)
    const waitedMs = clock() - known.job.runAt
    log?.info({ job: begun.job.id, kind: kind.name, attempts: begun.job.attempts, waitedMs }, 'a job was begun')
    void turn.over.then(() => {
      turns.delete(name)
      useFreePlace()
    })
  }

  /** The job as running; `undefined` if it is not to be begun. If it says so already, whoever ran it is gone. */
  async function writeDown(known: Known): Promise<Known | undefined> {
    const { state, runAt, attempts } = known.job
    if (state !== 'running' && !(state === 'waiting' && runAt <= clock())) return undefined
    if (attempts < MAX_ATTEMPTS) return ledger.replace(known, { state: 'running', attempts: attempts + 1, replica })

    const failed = await ledger.replace(known, { state: 'failed', error: 'each replica that began it was gone' })
    if (failed) await ledger.clear(failed.job)
    return undefined
  }

  function useFreePlace(): void {
    if (overlooked && isPlace() && !draining) void look()
  }

  /** Never rejects. */
  function look(): Promise<void> {
    if (looking) return looking
    looking = lookAround().catch((error: unknown) => warn(error, 'jobs could not be looked for'))
    return looking.finally(() => {
      looking = undefined
      useFreePlace()
    })
  }

  async function lookAround(): Promise<void> {
    overlooked = false
    const jobs = (await ledger.all()).filter(({ kind }) => kindOf.has(kind))
    unfinished = jobs.some((job) => !isOver(job))
    for (const job of jobs) if (job.state === 'cancelled') turns.get(nameOf(job))?.stop('cancelled')
    for (const job of inTurn(jobs, clock())) await take(nameOf(job))
    if (overlooked) makePlace(jobs)
    for (const job of outdated(jobs, clock())) await forget(nameOf(job))
  }

  /** Has the job that ran longest give way, if others have nothing at all. It gets in line again behind them. */
  function makePlace(jobs: readonly Job[]): void {
    const now = clock()
    const ours = [...turns.values()].sort((a, b) => a.since - b.since)
    const longest = ours.find(({ since }) => since <= now - SLICE_MS)
    if (longest && isAnyoneLeftOut([...jobs, ...ours.map(({ job }) => job)], now)) longest.stop('yielded')
  }

  async function forget(name: string): Promise<void> {
    const known = await ledger.get(name)
    if (!known) return
    // As a rule that is done already, but whoever ended the job may have died of it.
    await ledger.clear(known.job)
    await ledger.remove(known)
  }

  /** Only for speed: whoever does not hear of it looks for it. */
  async function tell(news: 'waiting' | 'cancelled', job: Job): Promise<void> {
    await bus.publish(JOBS, `${news} ${nameOf(job)}`).catch((error: unknown) => warn(error, 'nobody was told of a job'))
  }

  async function renew(turn: Turn): Promise<void> {
    await turn.renew().catch((error: unknown) => warn(error, 'the lease of a job could not be renewed'))
  }

  function warn(error: unknown, message: string): void {
    log?.warn({ error: error instanceof Error ? error.message : String(error) }, message)
  }
}
