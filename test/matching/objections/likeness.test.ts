import { expect, it } from 'vitest'
import { akin, alike, leftovers } from '../../../src/matching/objections/likeness.ts'
import { read } from '../../../src/matching/reading.ts'

it.each([
  ['india', 'indian'],
  ['quora', 'qoura'],
  ['color', 'colour'],
])('takes %s and %s for one word', (one, other) => {
  expect(akin(one, other)).toBe(true)
  expect(akin(other, one)).toBe(true)
})

it.each([
  ['mozart', 'beethoven'],
  ['cat', 'car'],
  ['', 'a'],
])('tells "%s" from "%s"', (one, other) => {
  expect(alike(one, other)).toBe(false)
  expect(alike(other, one)).toBe(false)
})

it('leaves what no other word is like', () => {
  expect(leftovers(read('fix a broken phone in Rome'), read('repair a broken telephone in Oslo'))).toEqual({
    ours: ['rom'],
    theirs: ['oslo'],
  })
})

it('leaves nothing where one spells out what the other abbreviates', () => {
  expect(leftovers(read('use ML at work'), read('use machine learning at work'))).toEqual({
    ours: [],
    theirs: [],
  })
})
