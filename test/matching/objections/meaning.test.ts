import { expect, it } from 'vitest'
import { apart, content, own, stem } from '../../../src/matching/objections/meaning.ts'
import { read } from '../../../src/matching/reading.ts'

it.each([
  ['convert converts converting converted'],
  ['enable enables enabling enabled'],
  ['run running'],
  ['app apps'],
  ['city cities'],
  ['box boxes'],
  ['class classes'],
  ['mile miles'],
])('gives one stem to the forms %s', (forms) => {
  expect(new Set(forms.split(' ').map(stem)).size).toBe(1)
})

it.each([
  ['bus', 'bu'],
  ['need', 'ne'],
  ['analysis', 'analysi'],
])('does not take the end of %s for an ending', (word, wrong) => {
  expect(stem(word)).not.toBe(wrong)
})

it('leaves out the words that hold a sentence together', () => {
  expect(content(read('How do I reset the password of my router?'))).toEqual(['reset', 'password', 'router'])
})

it('lists what one question has for itself, without figures', () => {
  expect(own(read('reset 2 passwords now'), read('reset a token'))).toEqual(['password', 'now'])
})

it('measures how far apart two questions are worded by the one with more of its own', () => {
  const [one, other] = [read('reset the password of the router'), read('reset it')]
  expect(apart(one, other)).toBe(2)
  expect(apart(other, one)).toBe(2)
})
