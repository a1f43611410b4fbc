import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { redisClient } from '../../../src/adapters/upstash-redis/client.ts'
import { redisLimiter } from '../../../src/adapters/upstash-redis/redis-limiter.ts'
import type { Limiter } from '../../../src/ports.ts'
import { limiterContract } from '../../contract/limiter.contract.ts'
import { onEveryDatabase, onStandIn, open as openDatabase } from './support.ts'

// Upstash's limiter reads the time of day, which is held here; timers and sockets go on as ever.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

onEveryDatabase(({ name, access }) => {
  limiterContract({
    name: `the limiters of three replicas on ${name}`,
    async create() {
      const { limiter, another, advance } = open(access())
      return { limiters: [limiter, another(), another()], clock: Date.now, advance }
    },
  })
})

onStandIn('the Redis limiter', (bridge) => {
  const rate = { units: 1_000, windowMs: 60_000 }
  const asked = () => bridge().commands.count('EVALSHA')
  /** With its scripts known to Redis, and nothing asked. */
  async function known() {
    const opened = open(bridge())
    await opened.limiter.take('scripts', rate, 1)
    bridge().commands.reset()
    return opened
  }

  /** How much there is still to be had, one by one. */
  async function takenUp(limiter: Limiter): Promise<number> {
    let taken = 0
    while ((await limiter.take('acme', rate, 1)).allowed) taken++
    return taken
  }

  it('reserves a hundredth ahead, and spends it without asking', async () => {
    const { limiter } = await known()
    for (let taken = 0; taken < 100; taken++) await limiter.take('acme', rate, 1)
    expect(asked()).toBeGreaterThan(8)
    expect(asked()).toBeLessThan(25)
  })

  it('asks once for all who take at the same moment', async () => {
    const { limiter } = await known()
    const taken = await Promise.all(Array.from({ length: 500 }, () => limiter.take('acme', rate, 1)))
    expect(taken.every(({ allowed }) => allowed)).toBe(true)
    expect(asked()).toBeLessThan(4)
  })

  it('counts together what is charged at the same moment', async () => {
    const { limiter } = await known()
    await Promise.all(Array.from({ length: 500 }, () => limiter.charge('acme', rate, 1)))
    expect(asked()).toBeLessThan(4)
  })

  it('remembers that nothing is left until the window ends', async () => {
    const { limiter, advance } = await known()
    await limiter.charge('acme', rate, 1_000)
    bridge().commands.reset()
    for (let refused = 0; refused < 10; refused++)
      expect(await limiter.take('acme', rate, refused % 2)).toMatchObject({ allowed: false })
    expect(asked()).toBe(0)
    advance(60_000)
    expect(await limiter.take('acme', rate, 1)).toMatchObject({ allowed: true })
  })

  it('holds back no more than a hundredth that it does not spend', async () => {
    const { limiter, another } = await known()
    await limiter.take('acme', rate, 1)
    expect(await takenUp(another())).toBeGreaterThanOrEqual(1_000 - 1 - 10)
  })

  it('holds back nothing of a rate below a hundred', async () => {
    const { limiter, another } = await known()
    const few = { units: 5, windowMs: 60_000 }
    await limiter.take('acme', few, 0)
    await limiter.take('acme', few, 1)
    expect(await another().take('acme', few, 4)).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('sees what another replica has charged, once its own reserve is spent', async () => {
    const { limiter, another } = await known()
    await limiter.take('acme', rate, 0)
    await another().charge('acme', rate, 5_000)
    await limiter.charge('acme', rate, 10)
    expect(await limiter.take('acme', rate, 0)).toMatchObject({ allowed: false, remaining: 0 })
  })

  it('reserves more before its reserve is spent, so that nobody waits', async () => {
    const { limiter } = await known()
    for (let taken = 0; taken < 7; taken++) await limiter.take('acme', rate, 1)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await limiter.take('acme', rate, 1)
    const before = asked()
    for (let taken = 0; taken < 4; taken++) await limiter.take('acme', rate, 1)
    expect(asked()).toBe(before)
  })

  it('spends in a window only what was reserved in it', async () => {
    const { limiter, another, advance } = await known()
    bridge().faults.set({ latencyMs: 30 })
    const early = limiter.take('acme', rate, 10)
    advance(60_000)
    const late = limiter.take('acme', rate, 10)
    expect([await early, await late].every(({ allowed, resetAt }) => allowed && resetAt > Date.now())).toBe(true)
    bridge().faults.set({})
    expect(20 + (await takenUp(limiter)) + (await takenUp(another()))).toBe(1_000)
  })

  it('does not charge a window for what was used in the one before', async () => {
    const { limiter, another, advance } = await known()
    bridge().faults.set({ latencyMs: 30 })
    const underWay = [limiter.take('acme', rate, 1), limiter.charge('acme', rate, 900)]
    advance(60_000)
    await Promise.all([limiter.take('acme', rate, 0), ...underWay])
    bridge().faults.set({})
    expect(1 + (await takenUp(limiter)) + (await takenUp(another()))).toBe(1_000)
  })

  it('gives back to a window only what was reserved in it', async () => {
    const { limiter, another, advance } = await known()
    await another().charge('acme', rate, 5_000)
    bridge().faults.set({ latencyMs: 30 })
    const refused = limiter.take('acme', rate, 10)
    advance(60_000)
    expect(await refused).toMatchObject({ allowed: true })
    bridge().faults.set({})
    expect(10 + (await takenUp(limiter)) + (await takenUp(another()))).toBe(1_000)
  })

  it('leaves nothing in Redis that does not go by itself', async () => {
    const { limiter, send, prefix } = await known()
    await limiter.take('acme', rate, 600)
    await limiter.charge('acme', rate, 600)
    const [, names] = (await send('SCAN', 0, 'MATCH', `${prefix}:*`, 'COUNT', 1_000)) as [string, string[]]
    expect(names).toHaveLength(2)
    for (const name of names) expect(Number(await send('PTTL', name))).toBeGreaterThan(0)
  })

  it.each([{ hang: true }, { reset: true }, { status: 500 }, { html502: true }])(
    'rejects all who wait when Redis is in trouble, with no name in the error: %o',
    async (faults) => {
      const { limiter } = open(bridge(), 100)
      bridge().faults.set(faults)
      const asking = [limiter.take('tenant/acme', rate, 1), limiter.take('tenant/acme', rate, 0)]
      for (const result of await Promise.allSettled([...asking, limiter.charge('tenant/acme', rate, 1)])) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(Error) })
        expect(String((result as PromiseRejectedResult).reason.stack)).not.toMatch(/tenant\/acme|token-not-to-be-told/)
      }
    },
  )

  it('goes on where it was when the trouble is over', async () => {
    const { limiter } = await known()
    await limiter.charge('acme', rate, 900)
    bridge().faults.set({ status: 500 })
    await expect(limiter.take('acme', rate, 60)).rejects.toThrow('refused the command')
    bridge().faults.set({})
    expect(await limiter.take('acme', rate, 60)).toMatchObject({ allowed: true, remaining: 40 })
  })
})

/** Limiters as replicas have them: each with a client of its own, all with the same keys. */
function open(access: { readonly url: string; readonly token: string }, timeoutMs = 5_000) {
  const { prefix, send } = openDatabase(access)
  const another = () => redisLimiter({ send: redisClient({ ...access, timeoutMs }), clock: Date.now, prefix })
  return { prefix, send, limiter: another(), another, advance: (ms: number) => void vi.setSystemTime(Date.now() + ms) }
}
