import { expect, it } from 'vitest'
import { atLeast } from '../../src/matching/binomial.ts'

it.each([
  [1, 1, 0.5, 0.5],
  [3, 3, 0.5, 0.125],
  [1, 50, 0.02, 1 - 0.98 ** 50],
  [3, 30, 0.02, 0.0217],
  [5, 100, 0.02, 0.0508],
])('knows how likely %i or more of %i are at %f', (k, n, p, likely) => {
  expect(atLeast(k, n, p)).toBeCloseTo(likely, 3)
})

it('is sure of none or more, and knows that there cannot be more than all', () => {
  expect(atLeast(0, 10, 0.1)).toBe(1)
  expect(atLeast(11, 10, 0.1)).toBe(0)
})

it('keeps its head with large numbers', () => {
  expect(atLeast(2_000, 100_000, 0.02)).toBeCloseTo(0.5, 1)
  expect(atLeast(2_400, 100_000, 0.02)).toBeLessThan(1e-9)
})
