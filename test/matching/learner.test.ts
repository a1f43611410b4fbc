import { expect, it } from 'vitest'
import { type Lessons, faded, noLessons, taught, together, weightsAfter } from '../../src/matching/learner.ts'
import { scoreOf } from '../../src/matching/scorer.ts'

const scorer = { weights: Float64Array.of(0, 1, 0), firmness: Float64Array.of(5, 30, 30) }

/** Labels as a world gives them in which only the second feature matters. */
function* labels(count: number) {
  for (let at = 0; at < count; at++) {
    const [useless, useful] = [Math.sin(at * 12.9898), Math.sin(at * 78.233)]
    yield { features: Float64Array.of(1, useless, useful), right: useful > 0 }
  }
}

function learned(count: number): Lessons {
  let lessons = noLessons(scorer)
  for (const { features, right } of labels(count)) {
    lessons = taught(lessons, weightsAfter(scorer, lessons), features, right)
  }
  return lessons
}

it('weighs what the scorer weighs until it has been taught anything', () => {
  expect(weightsAfter(scorer, noLessons(scorer))).toEqual(scorer.weights)
})

it('comes to weigh what tells right from wrong, and less what does not', () => {
  const [, useless, useful] = weightsAfter(scorer, learned(2_000))
  expect(useful).toBeGreaterThan(2)
  expect(Math.abs(useless!)).toBeLessThan(0.5)
})

it('moves little for one label, and towards it', () => {
  const features = Float64Array.of(1, 1, 1)
  const before = scoreOf(features, scorer.weights)
  const after = scoreOf(features, weightsAfter(scorer, taught(noLessons(scorer), scorer.weights, features, false)))
  expect(after).toBeLessThan(before)
  expect(before - after).toBeLessThan(0.5)
})

it('learns as much from two who have learned apart as they know together', () => {
  const all = [...labels(100)]
  const learnedFrom = (some: typeof all) =>
    some.reduce((lessons, { features, right }) => taught(lessons, scorer.weights, features, right), noLessons(scorer))
  const apart = together(learnedFrom(all.slice(0, 40)), learnedFrom(all.slice(40)))
  const alone = learnedFrom(all)
  expect(apart.labels).toBe(100)
  weightsAfter(scorer, apart).forEach((weight, at) => expect(weight).toBeCloseTo(weightsAfter(scorer, alone)[at]!, 9))
})

it('lets what is old fade, so that it can be unlearned', () => {
  const lessons = learned(2_000)
  expect(faded(lessons, 5_000)).toBe(lessons)
  const fading = faded(lessons, 500)
  expect(fading.labels).toBe(500)
  expect(fading.pull[2]).toBeCloseTo(lessons.pull[2]! / 4, 9)
})

it('leaves a scorer as it is that is sure of its weights', () => {
  const sure = { weights: Float64Array.of(3, 1), firmness: Float64Array.of(Infinity, Infinity) }
  const lessons = taught(noLessons(sure), sure.weights, Float64Array.of(1, 1), false)
  expect(weightsAfter(sure, lessons)).toEqual(sure.weights)
})
