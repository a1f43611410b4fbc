import { expect, it } from 'vitest'
import { bucketOf, percentilesOf } from '../../src/insight/latency.ts'

it('knows no percentile of nothing', () => {
  expect(percentilesOf(new Map())).toEqual({ count: 0, p50: null, p95: null, p99: null })
})

it.each([0.010_01, 0.015, 0.1, 0.999, 1, 1.05, 7, 49.9, 250, 1_234, 59_000, 599_999])(
  'tells %f ms to within 5 %%',
  (ms) => {
    expect(Math.abs(medianOf([ms]) / ms - 1)).toBeLessThan(0.05)
  },
)

it.each([1, 2, 3, 4, 5])('tells percentiles of many times to within 5 %%, whatever they are (%i)', (seed) => {
  const random = generator(seed)
  const times = Array.from({ length: 5_000 }, () => 0.01 * 6e7 ** random())
  const told = percentilesOf(counted(times))
  const sorted = times.toSorted((one, other) => one - other)
  const exact = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1]!
  expect(told.count).toBe(5_000)
  expect(Math.abs(told.p50! / exact(50) - 1)).toBeLessThan(0.05)
  expect(Math.abs(told.p95! / exact(95) - 1)).toBeLessThan(0.05)
  expect(Math.abs(told.p99! / exact(99) - 1)).toBeLessThan(0.05)
})

it('takes the smallest time that so many are not longer than', () => {
  const { p50, p95, p99 } = percentilesOf(counted([...Array<number>(95).fill(10), ...Array<number>(5).fill(1000)]))
  expect([p50, p95]).toEqual([medianOf([10]), medianOf([10])])
  expect(p99).toBe(medianOf([1000]))
})

it.each([0, -1, Number.NaN, 0.01])('takes %f ms for the shortest time there is', (ms) => {
  expect(medianOf([ms])).toBe(0.01)
})

it('takes hours for the longest time there is', () => {
  expect(bucketOf(1e9)).toBe(bucketOf(600_000))
  expect(medianOf([1e9])).toBeCloseTo(600_000, -5)
})

it('needs no more than 200 counts, however different the times are', () => {
  expect(bucketOf(Infinity)).toBeLessThan(200)
})

const counted = (times: readonly number[]) => {
  const counts = new Map<number, number>()
  for (const ms of times) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1)
  return counts
}
const medianOf = (times: readonly number[]) => percentilesOf(counted(times)).p50!

/** The same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
