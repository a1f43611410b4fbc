import { describe, expect, it } from 'vitest'
import { objections } from '../../../src/matching/objections/index.ts'
import { read } from '../../../src/matching/reading.ts'

const objecting = (asked: string, known: string) =>
  objections.filter(({ objects }) => objects(read(asked), read(known))).map(({ name }) => name)

it.each([
  ['How do I reset my password?', 'How can I reset my password?'],
  ['What is the capital of France?', 'Tell me the capital of France'],
  ['turn on 2FA', 'enable 2FA'],
  ['two apples', '2 apples'],
  ['5,000 dollars', '$5000'],
  ["Why don't cats swim?", 'Why do not cats swim?'],
  ["What's a monad?", 'What is a monad?'],
  ['HOW DO I COOK RICE', 'How do I cook rice?!'],
  ['the GDP of the U.S.', 'the GDP of the US'],
  ['write an e-mail', 'write an email'],
  ['What is the best way to learn Spanish?', 'How can I learn Spanish quickly?'],
  ['Who wrote Hamlet?', 'who is the author of hamlet'],
])('no objection is made to "%s" for "%s"', (asked, known) => {
  expect(objecting(asked, known)).toEqual([])
  expect(objecting(known, asked)).toEqual([])
})

it.each([
  ['How do I enable 2FA?', 'How do I disable 2FA?', 'antonym'],
  ['turn on dark mode', 'turn off dark mode', 'antonym'],
  ['miles to km', 'km to miles', 'direction'],
  ['10 miles to km', '10 km to miles', 'direction'],
  ['what is 2+2', 'what is 2+3', 'number'],
  ['order 48213', 'order 48231', 'number'],
  ['revenue of 2024', 'revenue of 2025', 'number'],
  ['install version 3.11', 'install version 3.12', 'number'],
  ['what does --max-cost do', 'what does --max-heads do', 'code'],
  ['can I fly with a cat', "can't I fly with a cat", 'negation'],
])('"%s" is not served for "%s", because of the %s', (asked, known, name) => {
  expect(objecting(asked, known)).toContain(name)
  expect(objecting(known, asked)).toContain(name)
})

it('names each objection once, in a form fit for a header', () => {
  const names = objections.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z]+$/)
})

describe.each(objections)('the $name objection', ({ objects }) => {
  const odd = ['', ' ', '?', '\ud800', 'a\udfffb', '北京', '👩‍👩‍👧 🙂', "'", '"', '`', '```', '--', '1', '\0', 'İ', 'ﬃ']

  it('copes with any two texts and sees the same in both orders', () => {
    for (const one of odd) {
      for (const other of odd) {
        const [asked, known] = [read(one), read(other)]
        expect(objects(asked, known)).toBe(objects(known, asked))
      }
    }
  })

  it('has nothing against the same question', () => {
    for (const text of [...odd, 'Is 5 km to Paris "far" for --fast?', 'to to to from from', 'NOT NOW']) {
      expect(objects(read(text), read(text))).toBe(false)
    }
  })

  it.each([
    ['a'],
    ['1'],
    [' '],
    ['"'],
    ['`'],
    ["'a"],
    ['A.'],
    ['a_'],
    ['1,'],
    ['-a '],
    ['a to b '],
    ['Ab Ba '],
    ['"x" '],
    ['two hundred '],
    ['a@a.'],
    ['a + '],
    ['不'],
    ['\ud800'],
  ])('is done soon with 100,000 characters of "%s"', (unit) => {
    const long = unit.repeat(100_000 / unit.length)
    const begun = performance.now()
    const [asked, known] = [read(`${long} x`), read(`y ${long}`)]
    objects(asked, known)
    objects(known, asked)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })

  it('is done soon with 100,000 characters of different words, names and numbers', () => {
    const long = (seed: number) =>
      Array.from({ length: 12_000 }, (_, at) => `N${(at * seed).toString(36)} ${at * seed} to`)
        .join(' ')
        .slice(0, 100_000)
    const begun = performance.now()
    const [asked, known] = [read(long(7)), read(long(11))]
    objects(asked, known)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})
