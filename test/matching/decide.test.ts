import { expect, it } from 'vitest'
import { decide, judge } from '../../src/matching/decide.ts'
import { FIRST_BAR, cosineScorer } from '../../src/matching/scorer.ts'
import type { Match } from '../../src/ports.ts'
import { aKey } from '../contract/samples.ts'

const QUESTION = 'Can I return my order within 30 days'
const OTHER_NUMBER = 'Can I return my order within 60 days'
const NEGATED = 'Can I not return my order within 30 days'

const near = (similarity: number, question = QUESTION): Match => ({
  key: aKey({ digest: question }),
  question,
  similarity,
  createdAt: 0,
  expiresAt: 1,
})
const rule = { threshold: 0.8 }

it('serves a match that is near enough and unobjected to', () => {
  const match = near(0.9)
  expect(decide(QUESTION, [match], rule)).toEqual({ serve: match })
})

it('serves the nearest of those', () => {
  const [first, second] = [near(0.95), near(0.9)]
  expect(decide(QUESTION, [first, second], rule)).toEqual({ serve: first })
})

it('serves a match that is just near enough', () => {
  expect(decide(QUESTION, [near(0.8)], rule)).toHaveProperty('serve')
})

it('serves no match that is not near enough', () => {
  const match = near(0.7999)
  expect(decide(QUESTION, [match], rule)).toEqual({ why: 'below-threshold', best: match })
})

it('takes a threshold of 1 to mean equal vectors, which 32-bit floats round to a little less', () => {
  expect(decide(QUESTION, [near(1 - 5e-7)], { threshold: 1 })).toHaveProperty('serve')
  expect(decide(QUESTION, [near(1 - 1e-5)], { threshold: 1 })).toMatchObject({ why: 'below-threshold' })
})

it('serves anything that is not objected to if the threshold is as low as can be', () => {
  expect(decide(QUESTION, [near(0)], { threshold: 0 })).toHaveProperty('serve')
})

it('never serves a match whose similarity is not a number', () => {
  expect(decide(QUESTION, [near(Number.NaN)], rule)).toMatchObject({ why: 'below-threshold' })
  expect(decide(QUESTION, [near(0.9, OTHER_NUMBER), near(Number.NaN)], rule)).toMatchObject({ why: 'objection.number' })
})

it('says when there is nothing to decide about', () => {
  expect(decide(QUESTION, [], rule)).toEqual({ why: 'nothing-near', best: undefined })
})

it('passes over a match that is objected to for one that is not', () => {
  const clean = near(0.85)
  expect(decide(QUESTION, [near(0.99, OTHER_NUMBER), near(0.9, NEGATED), clean], rule)).toEqual({ serve: clean })
})

it('does not pass over an objection to serve what is not near enough', () => {
  const best = near(0.99, OTHER_NUMBER)
  expect(decide(QUESTION, [best, near(0.79)], rule)).toEqual({ why: 'objection.number', best })
})

it('names what was said against the nearest of those that are objected to', () => {
  const [numbered, negated] = [near(0.99, OTHER_NUMBER), near(0.9, NEGATED)]
  expect(decide(QUESTION, [numbered, negated], rule)).toEqual({ why: 'objection.number', best: numbered })
  expect(decide(QUESTION, [negated, numbered], rule)).toEqual({ why: 'objection.negation', best: negated })
})

it('names no objection to a match that was too far away to be judged', () => {
  const best = near(0.5, OTHER_NUMBER)
  expect(decide(QUESTION, [best], rule)).toEqual({ why: 'below-threshold', best })
})

it('serves no match of which it cannot be told whether it is safe', () => {
  const garbled = { ...near(0.99), question: undefined as unknown as string }
  expect(decide(QUESTION, [garbled], rule)).toEqual({ why: 'objection.failed', best: garbled })
})

it('does not let a match that cannot be judged stand in the way of one that can', () => {
  const [garbled, clean] = [{ ...near(0.99), question: undefined as unknown as string }, near(0.9)]
  expect(decide(QUESTION, [garbled, clean], rule)).toEqual({ serve: clean })
})

it.each([
  ['a threshold', (refused: string) => ({ threshold: 0.8, refuses: (id: string) => id === refused })],
  [
    'a budget',
    (refused: string) => ({
      scorer: cosineScorer(0.8),
      experience: { bar: FIRST_BAR, offsetOf: () => 0, refuses: (id: string) => id === refused },
    }),
  ],
])('by %s, serves no answer that is known to be wrong for the question, and looks at the next', (_, ruleFor) => {
  const [wrong, next] = [near(0.99), near(0.9, 'Can I return shoes in 30 days')]
  const known = ruleFor(wrong.key.id)
  expect(decide(QUESTION, [wrong], known)).toMatchObject({ why: 'known-wrong' })
  expect(decide(QUESTION, [wrong, next], known)).toMatchObject({ serve: next })
  expect(judge(QUESTION, [wrong, next], known).map(({ refused }) => refused)).toEqual([true, false])
})

it('takes an alias for the answer that it stands for', () => {
  const alias = { ...near(0.9), aliasOf: { id: 'ent_root', digest: 'root' } }
  const known = { threshold: 0.8, refuses: (id: string) => id === 'ent_root' }
  expect(decide(QUESTION, [alias], known)).toMatchObject({ why: 'known-wrong' })
})

it('gives the same verdict every time, and leaves the matches as they were', () => {
  const matches = Object.freeze([near(0.99, OTHER_NUMBER), near(0.9)].map((match) => Object.freeze(match)))
  expect(decide(QUESTION, matches, rule)).toEqual(decide(QUESTION, matches, rule))
})

it('judges a match by everything that speaks against it', () => {
  const match = near(0.9, 'Can I not return my order within 60 days')
  const judged = [{ match, objections: expect.arrayContaining(['number', 'negation']), refused: false }]
  expect(judge(QUESTION, [match], rule)).toEqual(judged)
})

it('judges a match that it cannot read', () => {
  const garbled = { ...near(0.9), question: undefined as unknown as string }
  expect(judge(QUESTION, [garbled], rule)).toEqual([{ match: garbled, objections: ['failed'], refused: false }])
})

it('judges a match against which nothing speaks by nothing', () => {
  expect(judge(QUESTION, [near(0.9)], rule)[0]?.objections).toEqual([])
})

it('says that nothing is near where the scorer takes no match to be worth a look', () => {
  const blind = { ...cosineScorer(0.8), worth: () => 0, describe: () => [] }
  const [best, experience] = [near(0.2), { bar: 0, offsetOf: () => 0, refuses: () => false }]
  expect(decide(QUESTION, [best], { scorer: blind, experience })).toEqual({ why: 'nothing-near', best })
})
