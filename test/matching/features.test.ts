import { expect, it } from 'vitest'
import { FEATURES, createFeatures } from '../../src/matching/features.ts'
import { read } from '../../src/matching/reading.ts'
import { wordVector } from './words.ts'

const describe = createFeatures(wordVector)

/** The features of one match by name. */
function featuresOf(asked: string, known: string, similarity = 0.8, others: readonly number[] = []) {
  const matches = [similarity, ...others].map((similarity) => ({ similarity, known: read(known) }))
  const [first] = describe(read(asked), matches)
  return Object.fromEntries(FEATURES.map(([name], at) => [name, first![at]!]))
}

it('describes each match by every feature', () => {
  const described = describe(read('Where can I buy a car?'), [
    { similarity: 0.9, known: read('Where can I purchase a car?') },
    { similarity: 0.8, known: read('When can I return a car?') },
  ])
  expect(described.map(({ length }) => length)).toEqual([FEATURES.length, FEATURES.length])
  expect(described.flatMap((features) => [...features]).every(Number.isFinite)).toBe(true)
})

it('is the same for a question and its match as the other way round', () => {
  const [one, other] = ['How do I reset my password?', 'Where is the cheap car that I can return?']
  expect(featuresOf(one, other)).toEqual(featuresOf(other, one))
})

it('knows how a match stands among the others', () => {
  expect(featuresOf('a car', 'a car', 0.9, [0.88, 0.6])).toMatchObject({
    'behind-nearest': 0,
    'ahead-of-next': expect.closeTo(0.02),
    crowd: 1,
  })
  const [, second] = describe(
    read('a car'),
    [0.9, 0.8].map((similarity) => ({ similarity, known: read('a car') })),
  )
  expect(second![1]).toBeCloseTo(-0.1)
})

it('does not take for a rival what would be answered by the same entry', () => {
  const known = read('a car')
  const matches = [0.9, 0.89, 0.7].map((similarity, nth) => ({ similarity, known, answer: nth < 2 ? 'one' : 'other' }))
  const [first] = describe(read('a car'), matches)
  const described = Object.fromEntries(FEATURES.map(([name], at) => [name, first![at]!]))
  expect(described).toMatchObject({ crowd: 0, 'ahead-of-next': expect.closeTo(0.2) })
})

it('knows how alone a match is, unless it says the very same', () => {
  const rivals = Array<number>(6).fill(0.1)
  expect(featuresOf('Can I buy a car?', 'Can I return a car?')['alone']).toBe(1)
  expect(featuresOf('Can I buy a car?', 'Can I return a car?', 0.8, rivals)['alone']).toBeCloseTo(1 / 7)
  expect(featuresOf('Can I buy a car?', 'Can I return a car?', 0.8, [...rivals, 0.1])['alone']).toBe(0)
  expect(featuresOf('Can I buy a car?', 'How do I buy a car?')['alone']).toBe(0)
})

it('takes a word for less of a difference the more it means the same', () => {
  const alike = featuresOf('Where can I buy a car?', 'Where can I purchase a car?')
  const apart = featuresOf('Where can I buy a car?', 'Where can I reset a car?')
  expect(alike['residue-share-most']).toBeLessThan(apart['residue-share-most']!)
  expect(alike['left-cosine']).toBeGreaterThan(apart['left-cosine']!)
})

it('finds nothing left where only the order differs, and says that it does', () => {
  expect(featuresOf('return a car, buy a car', 'buy a car, return a car')).toMatchObject({
    'nothing-left': 1,
    'residue-share-most': 0,
    turned: expect.closeTo(0.5, 0),
  })
  expect(featuresOf('return a car', 'return a car')).toMatchObject({ 'nothing-left': 1, turned: 0 })
})

it.each([
  ['who', 'Who can I return a car to?', 'Where can I return a car?', 'other-question-word'],
  ['yes or no', 'Can I return a car?', 'Where do you return a car?', 'one-asks-yes-or-no'],
])('sees another kind of question: %s', (_, asked, known, feature) => {
  expect(featuresOf(asked, known)).toMatchObject({ [feature]: 1, 'same-kind': 0 })
})

it('counts the names and the figures that only one of them has', () => {
  expect(featuresOf('the car of Ann in 2024', 'the car')).toMatchObject({
    'names-left': 1,
    'figures-left': 1,
    'left-on-one-side': 1,
  })
})

it.each(['', '🙂', '?!', '汽车'])('can describe %j', (text) => {
  expect(Object.values(featuresOf(text, 'Where can I buy a car?')).every(Number.isFinite)).toBe(true)
  expect(Object.values(featuresOf(text, text)).every(Number.isFinite)).toBe(true)
})
