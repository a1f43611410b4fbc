import { expect, it } from 'vitest'
import { barFor } from '../../src/matching/budget.ts'
import { NO_EVIDENCE } from '../../src/matching/evidence.ts'
import { FIRST_BAR } from '../../src/matching/scorer.ts'
import { BUDGET, course, empty, evidenceAt, shippedEvidence, world } from './stream.ts'

const same = (bins: number, [right, wrong]: [number, number]) =>
  Array.from({ length: bins }, () => [right, wrong] as const)
const SLOW = { timeout: 60_000 }
const shipped = shippedEvidence()
const SEEDS = Array.from({ length: 20 }, (_, nth) => nth + 1)
/** As sure as the bar is meant to be, of twenty. */
const A_FIFTH = 4
const runs = (questions: number, within = world(), evidence: typeof shipped | undefined = shipped) =>
  SEEDS.map((seed) => course(seed, questions, within, evidence))
const isOver = ({ hits, wrong }: { hits: number; wrong: number }, times = 1) => wrong > times * BUDGET * hits
const shareOf = (courses: ReturnType<typeof runs>, what: 'wrong' | 'possible') =>
  courses.reduce((sum, { hits, ...run }) => sum + (what === 'wrong' ? run.wrong / hits : hits / run.possible), 0) /
  courses.length

it('begins at the threshold of an embedder that nobody has measured, whatever the budget', () => {
  for (const budget of [0.005, 0.02, 0.1]) {
    expect(barFor(NO_EVIDENCE, undefined, budget)).toEqual({ bar: FIRST_BAR - 1e-4, provisional: true })
  }
})

it('begins where a scorer that was measured elsewhere is surely good enough, the stricter the smaller the budget', () => {
  const bars = [0.005, 0.02, 0.05, 0.1].map((budget) => barFor(NO_EVIDENCE, shipped, budget))
  expect(bars.map(({ bar }) => bar)).toEqual(bars.map(({ bar }) => bar).sort((one, other) => other - one))
  expect(bars[1]!.bar).toBeGreaterThan(3)
  expect(bars[2]!.bar).toBeLessThan(5)
  // To one in 200 nothing is sure enough before it has been looked at here.
  expect(bars[0]!.bar).toBe(Infinity)
  for (const { expected } of bars.slice(1)) expect(expected!.share).toBeLessThan(expected!.atMost)
})

it('comes down where near misses turn out right', () => {
  const good = evidenceAt(2, ...same(8, [40, 0]))
  expect(barFor(good, shipped, BUDGET).bar).toBeLessThan(barFor(NO_EVIDENCE, shipped, BUDGET).bar - 0.9)
  expect(barFor(good, undefined, BUDGET).bar).toBeLessThan(FIRST_BAR - 0.9)
})

it('leaves the first bar where it is for a few good labels, and raises it for a few bad ones', () => {
  expect(barFor(evidenceAt(3, [10, 0], [10, 0]), undefined, BUDGET).provisional).toBe(true)
  expect(barFor(evidenceAt(4, [6, 2], [6, 2]), undefined, BUDGET).bar).toBeGreaterThan(FIRST_BAR)
})

it('goes up where what was served turns out wrong', () => {
  const bad = evidenceAt(4, [16, 4], [16, 4], [18, 2])
  expect(barFor(bad, shipped, BUDGET).bar).toBeGreaterThan(barFor(NO_EVIDENCE, shipped, BUDGET).bar + 0.4)
})

it('lets nothing pass where the best are as wrong as all others', () => {
  const hopeless = empty()
  hopeless.right.fill(20)
  hopeless.wrong.fill(5)
  expect(barFor(hopeless, shipped, BUDGET)).toEqual({ bar: Infinity, provisional: false })
  expect(barFor(hopeless, undefined, BUDGET).bar).toBe(Infinity)
})

it('passes over one unlucky bin', () => {
  const lucky = evidenceAt(3, ...same(12, [60, 0]))
  const unlucky = { ...lucky, wrong: lucky.wrong.map((some, bin) => (bin === 28 ? 2 : some)) }
  expect(barFor(unlucky, shipped, BUDGET).bar).toBeLessThan(4)
})

it('keeps the budget, and uses most of it, where scores are what they claim to be', SLOW, () => {
  const courses = runs(4_000)
  expect(courses.filter((run) => isOver(run)).length).toBeLessThanOrEqual(A_FIFTH)
  expect(shareOf(courses, 'wrong')).toBeLessThan(BUDGET)
  expect(shareOf(courses, 'wrong')).toBeGreaterThan(BUDGET / 2)
  expect(shareOf(courses, 'possible')).toBeGreaterThan(0.6)
})

it('does so with a scorer that nobody has measured', SLOW, () => {
  const courses = runs(4_000, world(), undefined)
  expect(courses.filter((run) => isOver(run)).length).toBeLessThanOrEqual(A_FIFTH)
  expect(shareOf(courses, 'wrong')).toBeLessThan(BUDGET)
  expect(shareOf(courses, 'possible')).toBeGreaterThan(0.6)
})

it('finds out where answers are righter than was thought', SLOW, () => {
  const courses = runs(4_000, world({ shift: 1.5 }))
  expect(courses.filter((run) => isOver(run)).length).toBeLessThanOrEqual(A_FIFTH)
  expect(shareOf(courses, 'wrong')).toBeLessThan(BUDGET)
  expect(shareOf(courses, 'possible')).toBeGreaterThan(0.55)
})

it.each([
  ['a logit less right than was measured', { shift: -1 }],
  ['less telling than was measured', { slope: 0.75 }],
  ['blind to traps', { traps: 0.01 }],
])('stays within one and a half times the budget where scores are %s', SLOW, (_, terms) => {
  const courses = runs(4_000, world(terms))
  expect(courses.filter((run) => isOver(run, 1.5)).length).toBeLessThanOrEqual(4)
  expect(shareOf(courses, 'wrong')).toBeLessThan(1.4 * BUDGET)
})
