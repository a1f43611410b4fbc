import { expect, it } from 'vitest'
import { FEATURES } from '../../src/matching/features.ts'
import { read } from '../../src/matching/reading.ts'
import { FIRST_BAR, Trained, cosineScorer, probabilityOf, scoreOf, trainedScorer } from '../../src/matching/scorer.ts'
import shipped from '../../src/matching/trained.json' with { type: 'json' }
import type { Match } from '../../src/ports.ts'
import { aKey } from '../contract/samples.ts'
import { wordVector } from './words.ts'

const matchOf = (question: string, similarity: number): Match => ({
  key: aKey({ digest: question }),
  question,
  similarity,
  createdAt: 0,
  expiresAt: 1,
})
const candidate = (question: string, similarity: number) => ({
  match: matchOf(question, similarity),
  known: read(question),
})
const trained = Trained.parse(shipped)
const scorer = trainedScorer(trained, wordVector)
const score = (asked: string, known: string, similarity: number) =>
  scoreOf(scorer.describe(read(asked), [candidate(known, similarity)])[0]!, scorer.weights)

it('gives a match at the threshold of its space the score of the first bar, and a nearer one a higher one', () => {
  const byCosine = cosineScorer(0.9)
  const [at, above] = byCosine.describe(read('a'), [candidate('b', 0.9), candidate('c', 0.95)])
  expect(scoreOf(at!, byCosine.weights)).toBeCloseTo(FIRST_BAR)
  expect(scoreOf(above!, byCosine.weights)).toBeGreaterThan(FIRST_BAR)
  expect(byCosine.calibrated).toBe(false)
})

it('thinks more of a match in other words than of one about something else', () => {
  const alike = score('Where can I buy a cheap car?', 'Where can I purchase an inexpensive car?', 0.9)
  expect(alike).toBeGreaterThan(score('Where can I buy a cheap car?', 'Where can I reset my password?', 0.73))
})

it('takes what says the same for no rival', () => {
  const others = (says: string) =>
    ['Where can I return a car?', 'Where can I sell a car?'].map((question) => {
      return { match: { ...matchOf(question, 0.89), says }, known: read(question) }
    })
  const first = {
    match: { ...matchOf('Where can I buy a car?', 0.9), says: 'a' },
    known: read('Where can I buy a car?'),
  }
  const scoreAmong = (says: string) =>
    scoreOf(scorer.describe(read('Where do I get a car?'), [first, ...others(says)])[0]!, scorer.weights)
  expect(scoreAmong('a')).toBeGreaterThan(scoreAmong('b'))
})

it('scores a match that cannot be read, for it will be objected to', () => {
  const [features] = scorer.describe(read('a car'), [{ match: matchOf('', 0.9), known: undefined }])
  expect(scoreOf(features!, scorer.weights)).toEqual(expect.any(Number))
})

it('was trained on the features that there are, each with the side it may be on', () => {
  expect(trained.features.map(({ name }) => name)).toEqual(FEATURES.map(([name]) => name))
  for (const [at, [, side]] of FEATURES.entries()) {
    const { weight } = trained.features[at]!
    if (side === 'for') expect(weight).toBeGreaterThanOrEqual(0)
    if (side === 'against') expect(weight).toBeLessThanOrEqual(0)
  }
})

it('refuses what was trained on other features', () => {
  expect(() => trainedScorer({ ...trained, features: trained.features.slice(1) }, wordVector)).toThrow('other features')
})

it('gives the probability that a score is the logit of', () => {
  expect([0, FIRST_BAR, -Infinity].map(probabilityOf)).toEqual([0.5, expect.closeTo(0.98), 0])
})

it('looks at no match that is far away, or far behind the nearest', () => {
  const matches = [0.9, 0.8, 0.77, 0.4].map((similarity) => matchOf('a car', similarity))
  expect(scorer.worth(matches)).toBe(2)
  expect(scorer.worth(matches.slice(3))).toBe(0)
  const candidates = matches.map((match) => ({ match, known: read(match.question) }))
  expect(scorer.describe(read('a car'), candidates)).toHaveLength(2)
})
