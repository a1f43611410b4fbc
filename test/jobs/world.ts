import { expect } from 'vitest'
import { z } from 'zod'
import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import { localLease } from '../../src/adapters/embedded/local-lease.ts'
import { type Job, nameOf } from '../../src/jobs/job.ts'
import { type RunnerOptions, createRunner } from '../../src/jobs/runner.ts'
import type { Kind, Work } from '../../src/jobs/turn.ts'
import type { Bus, Held, Lease, Records } from '../../src/ports.ts'
import { type Patience, eventually } from '../contract/patience.ts'
import { openSqliteRecords } from '../support/records.ts'

/** Replicas that share everything, and a clock that stands still until it is told to move. */
export function world(records: Records = openSqliteRecords()) {
  let now = Date.UTC(2026, 0, 1)
  const clock = () => now
  const bus = localBus()
  const lease = localLease({ clock, bus })
  let replicas = 0

  return {
    records,
    clock,
    bus,
    advance(ms: number): void {
      now += ms
    },
    replica,
    /** A replica that lives no longer than `life`. */
    mortal(kinds: readonly Kind[], life: Life) {
      return replica(kinds, {
        records: life.bound(records),
        lease: mortalLease(lease, life),
        bus: mortalBus(bus, life),
      })
    },
    becomes,
    settles,
  }

  function replica(kinds: readonly Kind[], options: Partial<RunnerOptions> = {}) {
    const all = { records, lease, bus, clock, random: () => 0, replica: `replica-${++replicas}`, kinds, ...options }
    return createRunner(all)
  }

  /** Resolves when a job is as expected; rejects if nothing happens to it any more. */
  async function becomes(job: Job, expected: Partial<Job>): Promise<void> {
    await eventually(async () => {
      const text = await records.get('jobs', nameOf(job))
      expect(text && JSON.parse(text)).toMatchObject(expected)
    }, patience)
  }

  /** The same, and nobody works on it any more. */
  async function settles(job: Job, expected: Partial<Job>): Promise<void> {
    await becomes(job, expected)
    await eventually(async () => {
      const held = await lease.take(`job/${nameOf(job)}`, 1)
      await held?.release()
      expect(held, 'the lease of the job').toBeDefined()
    }, patience)
  }
}

/** Resolves when everything has happened that waits for nothing but its turn. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

const patience: Patience = { tries: 500, pause: settled }

/** A bus on which nothing is ever heard. */
export const deafBus: Bus = { publish: async () => {}, subscribe: () => () => {}, connection: () => undefined }

export type Life = ReturnType<typeof lifeOf>

/** Ends with the effect of so many calls: nobody hears what came of the last one, and there is no other. */
export function lifeOf(calls: number) {
  let left = calls
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const goOn = async () => {
    if (left > 0) return
    end()
    await new Promise(() => {})
  }
  const bound =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await goOn()
      left--
      const result = await call(...args)
      await goOn()
      return result
    }
  return {
    ended,
    isOver: () => left <= 0,
    /** The port as it is in the hands of the mortal. Only its promises count: what is answered at once has no effect. */
    bound<P extends object>(port: P): P {
      const members = Object.entries(port).map(([name, member]) => {
        const isCall = typeof member === 'function' && !SYNCHRONOUS.has(name)
        return [name, isCall ? bound(member as (...args: unknown[]) => Promise<unknown>) : member]
      })
      return Object.fromEntries(members) as P
    },
  }
}

const SYNCHRONOUS = new Set(['atHand', 'fits', 'entries', 'subscribe', 'connection'])

function mortalLease(lease: Lease, life: Life): Lease {
  const { take } = life.bound(lease)
  return {
    async take(name, ttlMs) {
      const held = await take(name, ttlMs)
      return held && life.bound<Held>(held)
    },
  }
}

function mortalBus(bus: Bus, life: Life): Bus {
  return {
    ...life.bound(bus),
    subscribe: (topic, hear) => bus.subscribe(topic, (message) => life.isOver() || hear(message)),
  }
}

/** A kind that does as it is told, and notes what it was given to do. */
export function chore(run: (work: Work<{ readonly n: number }>) => Promise<unknown> = async () => {}) {
  const begun: Work<{ readonly n: number }>[] = []
  const params = z.strictObject({ n: z.number() })
  const kind: Kind<{ readonly n: number }> = {
    name: 'chore',
    params,
    run(work) {
      begun.push(work)
      return run(work)
    },
  }
  return { kind, begun }
}

/** Holds up whoever comes until it is opened. */
export function gate() {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  return { opened, open }
}
