import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Bus, Lease } from '../../src/ports.ts'
import { type Patience, eventually } from './patience.ts'

/** Leases to be judged, as two replicas see them, and how to let time pass for them. */
export interface LeaseSubject {
  readonly ours: Lease
  readonly theirs: Lease
  /** The bus that news of releases are told on, and how long they may be on their way. */
  readonly bus: Bus
  readonly patience: Patience
  advance(ms: number): Promise<void> | void
  /** Short enough to wait for where time cannot be held. */
  readonly ttlMs: number
}

/** The laws of the port `Lease`. */
export function leaseContract({ name, create }: { name: string; create(): Promise<LeaseSubject> }): void {
  const open = async () => ({ ...(await create()), lease: randomUUID() })

  describe(`${name} keeps the laws of leases`, () => {
    it('take gives a lease to one only', async () => {
      const { ours, theirs, lease, ttlMs } = await open()
      expect(await ours.take(lease, ttlMs)).toBeDefined()
      expect(await theirs.take(lease, ttlMs)).toBeUndefined()
      expect(await ours.take(lease, ttlMs)).toBeUndefined()
    })

    it('take gives leases of different names to different holders', async () => {
      const { ours, theirs, lease, ttlMs } = await open()
      expect(await ours.take(`${lease} a`, ttlMs)).toBeDefined()
      expect(await theirs.take(`${lease} b`, ttlMs)).toBeDefined()
    })

    it('take gives one of many who ask at once the lease, and no other', async () => {
      const { ours, theirs, lease, ttlMs } = await open()
      const held = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? ours : theirs).take(lease, ttlMs)))
      expect(held.filter(Boolean)).toHaveLength(1)
    })

    it('release makes way for the next', async () => {
      const { ours, theirs, lease, ttlMs } = await open()
      await (await ours.take(lease, ttlMs))!.release()
      expect(await theirs.take(lease, ttlMs)).toBeDefined()
    })

    it('release tells its news, even when the lease has ended', async () => {
      const { ours, bus, lease, ttlMs, advance, patience } = await open()
      const heard: string[] = []
      await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
      bus.subscribe(lease, (message) => heard.push(message))
      await (await ours.take(lease, ttlMs))!.release({ topic: lease, message: 'landed, early' })
      const late = await ours.take(lease, ttlMs)
      await advance(ttlMs)
      await late!.release({ topic: lease, message: 'landed, late' })
      await eventually(async () => expect(heard).toEqual(['landed, early', 'landed, late']), patience)
    })

    it('a lease ends by itself', async () => {
      const { ours, theirs, lease, ttlMs, advance } = await open()
      await ours.take(lease, ttlMs)
      await advance(ttlMs)
      expect(await theirs.take(lease, ttlMs)).toBeDefined()
    })

    it('renew keeps it for longer', async () => {
      const { ours, theirs, lease, ttlMs, advance } = await open()
      const held = await ours.take(lease, ttlMs)
      await advance(ttlMs / 2)
      expect(await held!.renew(ttlMs * 2)).toBe(true)
      await advance(ttlMs)
      expect(await theirs.take(lease, ttlMs)).toBeUndefined()
    })

    it('renew says so when it has ended', async () => {
      const { ours, lease, ttlMs, advance } = await open()
      const held = await ours.take(lease, ttlMs)
      await advance(ttlMs)
      expect(await held!.renew(ttlMs)).toBe(false)
    })

    it("neither release nor renew touches a lease that has become another's", async () => {
      const { ours, theirs, lease, ttlMs, advance } = await open()
      const lost = await ours.take(lease, ttlMs)
      await advance(ttlMs)
      await theirs.take(lease, ttlMs)
      await lost!.release()
      expect(await lost!.renew(ttlMs)).toBe(false)
      expect(await ours.take(lease, ttlMs)).toBeUndefined()
    })
  })
}
