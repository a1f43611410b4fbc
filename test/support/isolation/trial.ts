import { expect, it, onTestFinished } from 'vitest'
import { TOKEN, bridgeSubject } from '../upstash/redis-bridge-subject.ts'
import { startVectorServer } from '../upstash/vector-server.ts'
import { describeWithRedis } from '../upstash/with-redis.ts'
import { type Auth, type House, openHouse } from './house.ts'
import { type Length, play } from './play.ts'

const LONG = { timeout: 60_000 }
const nameOf = (auth: Auth, seed: number) =>
  `shows nobody what is another’s, whatever everybody does, with auth ${auth} (seed ${seed})`

/** The test of one process. Each mode has a file of its own, so that they run side by side. */
export function itIsolates(auth: Auth, seed: number): void {
  it(nameOf(auth, seed), LONG, async () => {
    const house = await openHouse(auth)
    const outcomes = await played(house, { seed, rounds: 80, crowd: 16 })
    expect(house.calls()).toBeGreaterThan(1_500)
    for (const how of ['stale', 'asked-fresh', 'no-store', 'cache_miss', '503']) expect(outcomes).toContain(how)
  })
}

/** The same of two replicas that share what they keep, to which everybody turns by turns. */
export function itIsolatesOverUpstash(auth: Auth, seed: number): void {
  describeWithRedis('two replicas over Upstash', () => {
    const { bridge } = bridgeSubject()

    it(nameOf(auth, seed), LONG, async () => {
      const vector = await startVectorServer({ token: TOKEN, dimension: 128 })
      onTestFinished(() => vector.close())
      const upstash = {
        UPSTASH_REDIS_REST_URL: bridge().url,
        UPSTASH_REDIS_REST_TOKEN: TOKEN,
        UPSTASH_VECTOR_REST_URL: vector.url,
        UPSTASH_VECTOR_REST_TOKEN: TOKEN,
      }
      await played(await openHouse(auth, upstash, 2), { seed, rounds: 21, crowd: 14 })
    })
  })
}

/** Plays, sees to it that everything there is was tried, and tells in which ways answers came about. */
async function played(house: House, length: Length): Promise<string[]> {
  const { outcomes, checked } = await play(house, length)
  expect(checked()).toBeGreaterThan(length.rounds * length.crowd)
  expect([...house.routes].filter((route) => !house.visited.has(route))).toEqual([])
  const ways = [...outcomes.keys()]
  expect(ways).toEqual(expect.arrayContaining(['exact', 'semantic', 'joined']))
  return ways
}
