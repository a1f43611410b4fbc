import { expect, it } from 'vitest'
import { read } from '../../src/matching/reading.ts'
import { inStep, sameInOrder, spelledAlike } from '../../src/matching/spelling.ts'

it('finds texts spelt alike the more of their groups of three letters they share', () => {
  expect(spelledAlike(read('reset a password'), read('Reset a password?'))).toBe(1)
  const near = spelledAlike(read('resetting passwords'), read('reset my password'))
  expect(near).toBeGreaterThan(spelledAlike(read('resetting passwords'), read('cancel an order')))
  expect(near).toBeLessThan(1)
  expect(spelledAlike(read(''), read(''))).toBe(1)
})

it('knows how many words have kept their neighbours', () => {
  expect(inStep(read('one two three'), read('one two three'))).toBe(1)
  expect(inStep(read('one two three'), read('three one two'))).toBe(0.5)
  expect(inStep(read('one two'), read('two one'))).toBe(0)
  expect(inStep(read('one'), read('one'))).toBe(1)
})

it('knows whether the words of meaning are in order, or one part of them has moved', () => {
  expect(sameInOrder(read('How do I reset my password?'), read('How can I reset a password'))).toBe(true)
  expect(sameInOrder(read('Can I return shoes within 30 days?'), read('Within 30 days, can I return shoes?'))).toBe(
    true,
  )
  expect(sameInOrder(read('return a car, buy a bike'), read('buy a car, return a bike'))).toBe(false)
  expect(sameInOrder(read('reset my password'), read('reset my password today'))).toBe(false)
})
