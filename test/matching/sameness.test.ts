import { expect, it } from 'vitest'
import { sameness } from '../../src/matching/sameness.ts'

it.each([
  ['Cluster 12.', 'cluster 12'],
  ['**Paris**', 'Paris'],
  ['- one\n- two', 'one, two'],
  ['It is 5°.', 'it is 5° '],
  ['“Quoted”', '"quoted"'],
])('takes %j and %j for the same', (one, other) => {
  expect([sameness(one, other), sameness(other, one)]).toEqual(['same', 'same'])
})

it.each([
  ['cluster 12', 'cluster 13'],
  ['Yes.', 'No.'],
  ['It is possible.', 'It is not possible.'],
  ['George Washington', 'Abraham Lincoln'],
  ['You can return shoes within 30 days of delivery.', 'Shoes can be returned within 60 days.'],
  ['Use the `map` function.', 'You should use the `filter` function.'],
])('tells %j from %j', (one, other) => {
  expect([sameness(one, other, 0.9), sameness(other, one, 0.9)]).toEqual(['different', 'different'])
})

it.each([
  ['Paris.', 'The capital of France is Paris.'],
  ['Jeff Bezos founded Amazon in 1994.', 'Amazon was founded by Jeff Bezos on July 5, 1994.'],
  ['No, it isn’t possible.', 'That is not possible.'],
  ['Water boils at 100 °C.', 'Water boils at 100 degrees Celsius (212 °F).'],
  ['It is -5 degrees outside', 'It is 5 degrees outside'],
])('does not pretend to know whether %j says the same as %j', (one, other) => {
  expect([sameness(one, other, 0.9), sameness(other, one, 0.9)]).toEqual(['unknown', 'unknown'])
})

it('takes very near answers for the same, unless their figures differ or something speaks against it', () => {
  const plants = 'Plants turn the energy of light into chemical energy.'
  const reworded = 'Plants turn the energy of the light into chemical energy.'
  expect(sameness(plants, reworded, 0.98)).toBe('same')
  expect(sameness(plants, reworded, 0.96)).toBe('unknown')
  expect(sameness('It is -5 degrees outside', 'It is 5 degrees outside', 0.99)).toBe('unknown')
  expect(sameness('It is possible to return it.', 'It is impossible to return it.', 0.99)).not.toBe('same')
})

it('does not take the same words in another order for the same', () => {
  expect(sameness('the cat was chased by the dog', 'the dog was chased by the cat', 1)).toBe('unknown')
})

it('takes answers of some length that have nothing in common for different', () => {
  const [plants, settings] = ['Plants turn light into chemical energy.', 'Open the settings and choose your password.']
  expect(sameness(plants, settings, 0.05)).toBe('different')
  expect(sameness(plants, settings, 0.2)).toBe('unknown')
  expect(sameness('Certainly', settings, 0.05)).toBe('unknown')
})

it('says nothing of long answers that say many things', () => {
  const long = (figure: number) =>
    `${'It all depends on who asks, and on when they do. '.repeat(4)}Mostly it is ${figure}.`
  expect(sameness(long(30), long(60), 0.99)).toBe('unknown')
})
