import { expect, it } from 'vitest'
import { type Seen, offsetOf } from '../../src/matching/offset.ts'
import { probabilityOf } from '../../src/matching/scorer.ts'

const SURE = Math.log(0.98 / 0.02)
const times = (count: number, right: boolean, score: number | undefined = SURE): Seen[] =>
  Array.from({ length: count }, () => ({ score, right }))

it('says nothing of an entry of which nothing is known', () => {
  expect(offsetOf([])).toBe(0)
})

it('moves an entry clearly down at the first hit that was wrong', () => {
  const offset = offsetOf(times(1, false))
  expect(offset).toBeLessThan(-0.9)
  expect(offset).toBeGreaterThan(-1)
  expect(probabilityOf(SURE + offset)).toBeLessThan(0.96)
})

it('finds the mode: there, what the prior pulls and what the hits pull are equal', () => {
  const seen = [...times(3, true, 1), ...times(2, false, 2)]
  const most = offsetOf(seen)
  const pull = seen.reduce((sum, { score = SURE, right }) => sum + (right ? 1 : 0) - probabilityOf(score + most), 0)
  expect(pull).toBeCloseTo(most, 6)
})

it('moves it on with each further one, and less each time', () => {
  const offsets = [1, 2, 3, 10, 200].map((count) => offsetOf(times(count, false)))
  expect(offsets.toSorted((a, b) => b - a)).toEqual(offsets)
  expect(offsets[1]! - offsets[2]!).toBeLessThan(-offsets[0]!)
  expect(offsets.at(-1)).toBeGreaterThan(-12)
})

it('moves it up a little where it was right, and never by more than 0.7', () => {
  expect(offsetOf(times(1, true))).toBeGreaterThan(0)
  expect(offsetOf(times(1, true))).toBeLessThan(0.03)
  expect(offsetOf(times(20, true))).toBeGreaterThan(offsetOf(times(5, true)))
  expect(offsetOf(times(1_000, true, -1))).toBe(0.7)
})

it('does not outweigh one that was wrong by one that was right', () => {
  expect(offsetOf([...times(1, true), ...times(1, false)])).toBeLessThan(-0.9)
})

it('takes what a threshold has served for as likely as the first bar', () => {
  expect(offsetOf(times(1, false, undefined))).toBeCloseTo(offsetOf(times(1, false)))
})

it('moves less where entries differ less', () => {
  expect(offsetOf(times(1, false), 0.5)).toBeGreaterThan(offsetOf(times(1, false), 1))
})

it.each([1e6, -1e6, 40, -40])('comes to an end with scores of %s', (score) => {
  for (const right of [true, false]) expect(Number.isFinite(offsetOf(times(200, right, score)))).toBe(true)
})
