import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Clock, Limiter, Rate } from '../../src/ports.ts'

/** One limiter, or several that share their limits as replicas do. Their clock stands still but for `advance`. */
export interface LimiterSubject {
  readonly limiters: readonly [Limiter, ...Limiter[]]
  readonly clock: Clock
  advance(ms: number): void
}

const MINUTE = 60_000

/** The laws of the port `Limiter`. */
export function limiterContract({ name, create }: { name: string; create(): Promise<LimiterSubject> }): void {
  const open = async () => {
    const { limiters, clock, advance } = await create()
    /** To where a minute begins. */
    advance(MINUTE - (clock() % MINUTE))
    const limit = `tenant/${randomUUID()}/requests`
    const on = (limiter: Limiter, { units, windowMs = MINUTE }: Partial<Rate> & Pick<Rate, 'units'>) => ({
      take: (amount: number) => limiter.take(limit, { units, windowMs }, amount),
      charge: (amount: number) => limiter.charge(limit, { units, windowMs }, amount),
    })
    return { limiters, limiter: limiters[0], limit, clock, advance, on }
  }

  describe(`${name} keeps the laws of limiters`, () => {
    it('take allows as many units as the rate has, and not one more', async () => {
      const { limiter, on } = await open()
      const { take } = on(limiter, { units: 5 })
      expect(await admitted(5, () => take(1))).toBe(5)
      expect(await take(1)).toMatchObject({ allowed: false, remaining: 0 })
    })

    it('take says what is left, and when all is allowed again', async () => {
      const { limiter, on, clock, advance } = await open()
      const { take } = on(limiter, { units: 10 })
      const begun = clock()
      advance(45_000)
      expect(await take(3)).toEqual({ allowed: true, remaining: 7, resetAt: begun + MINUTE })
    })

    it('take takes all or nothing', async () => {
      const { limiter, on } = await open()
      const { take } = on(limiter, { units: 10 })
      await take(7)
      expect(await take(4)).toMatchObject({ allowed: false, remaining: 3 })
      expect(await take(3)).toMatchObject({ allowed: true, remaining: 0 })
    })

    it('take refuses what does not fit without standing in the way of what does, at the same moment', async () => {
      const { limiter, on } = await open()
      const { take } = on(limiter, { units: 10 })
      await take(7)
      const [large, small] = await Promise.all([take(5), take(3)])
      expect(large).toMatchObject({ allowed: false })
      expect(small).toMatchObject({ allowed: true, remaining: 0 })
    })

    it('take of more than there ever is in a window is refused', async () => {
      const { limiter, on } = await open()
      const { take } = on(limiter, { units: 10 })
      expect(await take(11)).toMatchObject({ allowed: false, remaining: 10 })
    })

    it('take of 0 only looks', async () => {
      const { limiter, on } = await open()
      const { take } = on(limiter, { units: 1 })
      expect(await take(0)).toMatchObject({ allowed: true, remaining: 1 })
      expect(await take(0)).toMatchObject({ allowed: true, remaining: 1 })
      expect(await take(1)).toMatchObject({ allowed: true, remaining: 0 })
      expect(await take(0)).toMatchObject({ allowed: false, remaining: 0 })
    })

    it('charge takes what is there', async () => {
      const { limiter, on } = await open()
      const { take, charge } = on(limiter, { units: 1_000 })
      await charge(250)
      expect(await take(0)).toMatchObject({ allowed: true, remaining: 750 })
    })

    it('charge goes beyond what is there, and what is left is never less than nothing', async () => {
      const { limiter, on } = await open()
      const { take, charge } = on(limiter, { units: 1_000 })
      await charge(999)
      await charge(5_000)
      expect(await take(0)).toMatchObject({ allowed: false, remaining: 0 })
      expect(await take(1)).toMatchObject({ allowed: false, remaining: 0 })
    })

    it('charges made at the same moment all count', async () => {
      const { limiter, on } = await open()
      const { take, charge } = on(limiter, { units: 10_000 })
      await Promise.all(Array.from({ length: 50 }, () => charge(7)))
      expect(await take(0)).toMatchObject({ remaining: 10_000 - 350 })
    })

    it('what has been charged when charge resolves is charged for all replicas', async () => {
      const { limiters, on } = await open()
      const { charge } = on(limiters[0], { units: 1_000 })
      await Promise.all(Array.from({ length: 50 }, () => charge(20)))
      expect(await on(limiters.at(-1)!, { units: 1_000 }).take(1)).toMatchObject({ allowed: false, remaining: 0 })
    })

    it('all is allowed again when the window ends, to the millisecond', async () => {
      const { limiter, on, advance } = await open()
      const { take } = on(limiter, { units: 2 })
      await take(2)
      advance(MINUTE - 1)
      expect(await take(1)).toMatchObject({ allowed: false })
      advance(1)
      expect(await take(2)).toMatchObject({ allowed: true, remaining: 0 })
    })

    it('nothing carries over to the next window, neither what was not taken nor what was taken too much', async () => {
      const { limiters, on, advance } = await open()
      const spend = () => admitted(3_000, (at) => on(limiters[at % limiters.length]!, { units: 1_000 }).take(1))
      await on(limiters[0], { units: 1_000 }).take(1)
      advance(MINUTE)
      expect(await spend()).toBe(1_000)
      await on(limiters[0], { units: 1_000 }).charge(500)
      advance(MINUTE)
      expect(await spend()).toBe(1_000)
    })

    it('a name is a limit of its own', async () => {
      const { limiter, limit } = await open()
      const rate = { units: 1, windowMs: MINUTE }
      for (const other of [limit, `${limit}2`, `${limit}:2`, `${limit} 1`, `${limit}/é`])
        expect(await limiter.take(other, rate, 1)).toMatchObject({ allowed: true })
    })

    it('windows of different lengths are counted apart', async () => {
      const { limiter, on } = await open()
      await on(limiter, { units: 1 }).take(1)
      expect(await on(limiter, { units: 1, windowMs: 30 * 86_400_000 }).take(1)).toMatchObject({ allowed: true })
      expect(await on(limiter, { units: 1, windowMs: 30 * 86_400_000 }).take(1)).toMatchObject({ allowed: false })
    })

    it('what was taken stays taken when the rate is changed', async () => {
      const { limiter, on } = await open()
      await on(limiter, { units: 10 }).take(8)
      expect(await on(limiter, { units: 20 }).take(0)).toMatchObject({ remaining: 12 })
      expect(await on(limiter, { units: 5 }).take(1)).toMatchObject({ allowed: false, remaining: 0 })
    })

    it.each([7, 90, 1_000, 6_400])(
      '32 who take at once from all replicas share %d units and no more',
      async (units) => {
        const { limiters, on } = await open()
        const takers = limiters.map((limiter) => on(limiter, { units }))
        expect(await admitted(units * 2 + 100, (at) => takers[at % takers.length]!.take(1))).toBe(units)
      },
    )

    it('replicas that take unlike amounts lose less than a hundredth', async () => {
      const { limiters, on } = await open()
      const takers = limiters.map((limiter) => on(limiter, { units: 10_000 }))
      let taken = 0
      await admitted(5_000, async (at) => {
        const amount = 1 + ((at * 7) % 9)
        const allowance = await takers[at % takers.length]!.take(amount)
        if (allowance.allowed) taken += amount
        return allowance
      })
      expect(taken).toBeLessThanOrEqual(10_000)
      expect(taken).toBeGreaterThan(9_900)
    })
  })
}

/** How many of so many takes, 32 at a time, were allowed. */
async function admitted(takes: number, take: (at: number) => Promise<{ readonly allowed: boolean }>): Promise<number> {
  let [at, allowed] = [0, 0]
  const taker = async () => {
    while (at < takes) if ((await take(at++)).allowed) allowed++
  }
  await Promise.all(Array.from({ length: 32 }, taker))
  return allowed
}
