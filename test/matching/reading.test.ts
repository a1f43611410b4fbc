import { expect, it } from 'vitest'
import { facet, isAscii, read, reread } from '../../src/matching/reading.ts'

const words = (text: string) =>
  read(text)
    .words.map(({ text }) => text)
    .join(' ')

it.each([
  ["Don't go", 'do not go'],
  ['I cant, I won’t', 'i can not i will not'],
  ['They do n’t', 'they do not'],
  ["What's new", 'what is new'],
  ["I'm sure we've met", 'i am sure we have met'],
  ["the dog's bone", 'the dog bone'],
  ['an e-mail', 'an email'],
  ['well-known', 'well known'],
  ['the U.S. economy', 'the us economy'],
  ['C, C++ and C#', 'c c++ and c#'],
  ['v3.12 or 3.12', 'v3.12 or 3.12'],
  ['5,000 at 10:30pm', '5,000 at 10 30pm'],
  ['foo_bar()', 'foo_bar'],
  ['用Python排序', '用 python 排 序'],
  ['Ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
  ['naïve Übung', 'naïve übung'],
  ['?! 🙂', ''],
  ['', ''],
])('reads "%s" as the words "%s"', (text, expected) => {
  expect(words(text)).toBe(expected)
})

it('knows how a word was written and where', () => {
  const { text, words } = read('Ask “Ann”')
  expect(words.map(({ surface }) => surface)).toEqual(['Ask', 'Ann'])
  expect(words.map(({ at, surface }) => text.slice(at, at + surface.length))).toEqual(['Ask', 'Ann'])
})

it('keeps the case and layout of the text', () => {
  expect(read('Run\n  `Make`').text).toBe('Run\n  `Make`')
})

it('derives a facet once for each reading', () => {
  let derived = 0
  const count = facet(({ words }) => {
    derived++
    return words.length
  })
  const [one, two] = [read('one two'), read('three')]
  expect([count(one), count(one), count(two)]).toEqual([2, 2, 1])
  expect(derived).toBe(2)
})

it('derives a facet that is undefined once as well', () => {
  let derived = 0
  const nothing = facet(() => void derived++)
  const reading = read('word')
  expect([nothing(reading), nothing(reading)]).toEqual([undefined, undefined])
  expect(derived).toBe(1)
})

it('tells ASCII from other text', () => {
  expect(isAscii('plain\n')).toBe(true)
  expect(isAscii('naïve')).toBe(false)
})

it('remembers what it has read lately, and what was derived from it', () => {
  const once = reread('one two')
  expect(reread('one two')).toBe(once)
  expect(read('one two')).not.toBe(once)
  expect(once).toEqual(read('one two'))
})

it('forgets what it has not read for long, and never learns long texts by heart', () => {
  const [often, once] = [reread('often'), reread('once')]
  for (let nth = 0; nth < 1_500; nth++) {
    reread(`text ${nth}`)
    reread('often')
  }
  expect([reread('often') === often, reread('once') === once]).toEqual([true, false])
  const long = 'long '.repeat(200)
  expect(reread(long)).not.toBe(reread(long))
})
