import { expect, it } from 'vitest'
import { type Hour, stateOf } from '../../src/labels/state.ts'
import { createDice } from '../support/dice.ts'

const NOW = 500_000
const BUDGET = 0.02
const GOOD = { right: 50, wrong: 0 }
const BAD = { right: 45, wrong: 5 }
const NONE = { right: 0, wrong: 0 }

/** What was served so many hours ago. */
const ago = (hours: number, within = NONE, tightened = NONE): Hour => ({ hour: NOW - hours, within, tightened })
const after = (...hours: Hour[]) => stateOf(hours, NOW, BUDGET)

it('is within the budget until something is known', () => {
  expect(after()).toBe('within')
})

it('stays within it while answers turn out as they should', () => {
  expect(after(ago(3, GOOD), ago(2, { right: 49, wrong: 1 }), ago(1, GOOD))).toBe('within')
})

it('does not mind two accidents in a row', () => {
  expect(after(ago(1, { right: 1, wrong: 2 }))).toBe('within')
})

it('is tightened as soon as there are surely too many wrong ones', () => {
  expect(after(ago(0, BAD))).toBe('tightened')
  expect(after(ago(0, { right: 17, wrong: 3 }))).toBe('tightened')
  expect(after(ago(0, { right: 97, wrong: 3 }))).toBe('within')
})

it('serves nothing by meaning if that does not help', () => {
  expect(after(ago(1, BAD, GOOD))).toBe('tightened')
  expect(after(ago(1, BAD, BAD))).toBe('exact-only')
  expect(after(ago(5, BAD), ago(1, NONE, BAD))).toBe('exact-only')
})

it('counts anew after each step', () => {
  expect(after(ago(1, { right: 0, wrong: 20 }, { right: 2, wrong: 1 }))).toBe('tightened')
})

it('comes back by way of being tightened, a day each', () => {
  expect([23, 24, 47, 48].map((hours) => after(ago(hours, BAD, BAD)))).toEqual([
    'exact-only',
    'tightened',
    'tightened',
    'within',
  ])
  expect([23, 24].map((hours) => after(ago(hours, BAD)))).toEqual(['tightened', 'within'])
})

it('comes back sooner if enough answers are right while it is tightened', () => {
  expect(after(ago(3, BAD), ago(2, NONE, GOOD), ago(1, NONE, GOOD))).toBe('within')
  expect(after(ago(3, BAD), ago(2, NONE, GOOD), ago(1, NONE, { right: 48, wrong: 2 }))).toBe('tightened')
})

it('is tightened again where it goes wrong again', () => {
  expect(after(ago(6, BAD), ago(5, NONE, { right: 120, wrong: 0 }), ago(1, BAD))).toBe('tightened')
})

it('forgets what was three days ago', () => {
  expect(after(ago(72, BAD, BAD))).toBe('within')
})

it('takes hours in their order, however they come', () => {
  expect(after(ago(1, NONE, BAD), ago(5, BAD))).toBe('exact-only')
})

it('goes by the budget', () => {
  expect(stateOf([ago(1, BAD)], NOW, 0.1)).toBe('within')
})

it('finds out within a hundred audits that one in eight is wrong, and is seldom alarmed while few enough are', () => {
  const firstAlarm = (seed: number, wrongShare: number): number => {
    const { below } = createDice(Math.imul(seed, 0x9e3779b1))
    const turned = { right: 0, wrong: 0 }
    for (let audits = 1; audits <= 400; audits++) {
      turned[below(1e6) < wrongShare * 1e6 ? 'wrong' : 'right']++
      if (after(ago(0, turned)) !== 'within') return audits
    }
    return Infinity
  }
  const seeds = Array.from({ length: 200 }, (_, nth) => nth + 1)
  const alarmed = (wrongShare: number, within: number) =>
    seeds.filter((seed) => firstAlarm(seed, wrongShare) <= within).length
  expect(alarmed(1 / 8, 100)).toBeGreaterThan(180)
  expect(alarmed(BUDGET / 2, 400)).toBeLessThan(10)
  expect(alarmed(BUDGET, 400)).toBeLessThan(30)
})
