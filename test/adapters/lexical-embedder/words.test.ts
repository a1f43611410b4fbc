import { expect, it } from 'vitest'
import { words } from '../../../src/adapters/lexical-embedder/words.ts'

it('gives words in lower case, without punctuation', () => {
  expect(spelt('Reset, my "Password"!')).toEqual(['reset', 'my', 'password'])
})

it.each(["can't", 'cannot', 'won’t', "doesn't"])('reads %j as a plain negation', (negation) => {
  expect(spelt(negation)).toEqual(['not'])
})

it.each(["what's", 'what’s', 'what'])('reads %j as one word without what was contracted', (word) => {
  expect(spelt(word)).toEqual(['what'])
})

it('keeps what tells names, sums and signs apart', () => {
  expect(spelt('C++ c# $5 -3 50% 👍')).toEqual(['c++', 'c#', '$', '5', '-', '3', '50', '%', '👍'])
})

it('reads a hyphen between letters as a space', () => {
  expect(spelt('sign-in')).toEqual(['sign', 'in'])
})

it('gives function words little weight, and negations all of it', () => {
  expect(words('is it not')).toEqual([
    { word: 'is', weight: 0.1 },
    { word: 'it', weight: 0.1 },
    { word: 'not', weight: 1 },
  ])
})

it('gives a word that is said again a little more weight', () => {
  const [word, ...others] = words('tea tea tea')
  expect(others).toEqual([])
  expect(word!.weight).toBeCloseTo(1 + Math.log(3))
})

it('takes the United States for more than a function word', () => {
  expect(words('US')).toEqual([{ word: 'us', weight: 1 }])
})

const spelt = (text: string): string[] => words(text).map(({ word }) => word)
