import { facet, list, type Reading } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { anyOf } from './lexicon.ts'
import { apart } from './meaning.ts'

/**
 * Objects when two questions worded alike want the most of different things: "the nearest", "the cheapest", "the
 * fastest". What is best and what is easiest may be the same way to do something, and is only doubted.
 * Measured: 67 % of its 3 objections on labelled pairs are right, catching 0.6 % of the different search-term pairs; on
 * the natural mix of a stream it loses 0.0 % of the right nearest.
 */
export const degree: Objection = {
  name: 'degree',
  objects(asked, known) {
    if (apart(asked, known) > 2) return false
    const [ours, theirs] = [wanted(asked), wanted(known)]
    if (ours.size === 0 || theirs.size === 0) return false
    return without(ours, theirs).some((one) => firm.has(one)) && without(theirs, ours).some((one) => firm.has(one))
  },
}

/**
 * Any comparison or superlative that only one question has.
 * Measured: 59 % of its 640 doubts on labelled pairs are right, catching 11 % of the different Quora pairs and 11 % of
 * the different medical pairs; on the natural mix of a stream it doubts 8.5 % of the right nearest.
 */
export const degreeDoubt: Objection = {
  name: 'degree',
  objects(asked, known) {
    const [ours, theirs] = [wanted(asked), wanted(known)]
    return without(ours, theirs).length > 0 || without(theirs, ours).length > 0
  },
}

export const examples: Examples = {
  objected: [
    ['nearest gas station', 'cheapest gas station'],
    ['What is the tallest building in Dubai?', 'What is the oldest building in Dubai?'],
    ['Which country has the largest population?', 'Which country has the youngest population?'],
    ['the most expensive phone', 'the fastest phone'],
    ['a faster laptop', 'a cheaper laptop'],
  ],
  doubted: [
    ['What is the best way to lose weight?', 'What is the fastest way to lose weight?'],
    ['best laptops', 'cheapest laptops'],
    ['What is the highest mountain?', 'What is a mountain?'],
  ],
  accepted: [
    ['What is the biggest city?', 'What is the largest city?'],
    ['closest pharmacy', 'nearest pharmacy'],
    ['the least expensive flight', 'the cheapest flight'],
    ['the most recent version', 'the newest version'],
    ['Which is the more expensive one?', 'Which one is more expensive?'],
  ],
}

const without = (some: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  Array.from(some).filter((one) => !others.has(one))

/** What a question wants most of: each comparison in it, by one name for all words of it. */
const wanted = facet((reading: Reading): ReadonlySet<string> => {
  const found = new Set<string>()
  if (!compares(reading)) return found
  const { words } = reading
  for (let at = 0; at < words.length; at++) {
    const { text } = words[at]!
    const dimension = graded.get(text) ?? (comparing.has(words[at - 1]?.text ?? '') ? plain.get(text) : undefined)
    // "The least expensive" is the cheapest.
    const turned =
      words[at - 1]?.text === 'least' || words[at - 1]?.text === 'less' ? reverse.get(dimension ?? '') : undefined
    // What is fastest may be best where there are ways to do something.
    if (dimension !== undefined)
      found.add(ways.has(words[at + 1]?.text ?? '') ? `${dimension} way` : (turned ?? dimension))
  }
  return found
})

const comparing = new Set(list('most more least less'))
const ways = new Set(list('way ways method methods technique techniques approach'))

const dimensions = `
  near close
  far distant remote
  cheap affordable inexpensive
  expensive costly pricey
  fast quick rapid
  slow
  tall high
  low
  big large huge
  small tiny little
  old ancient
  new recent late modern
  young
  long
  short
  heavy
  light
  hot warm
  cold cool
  rich wealthy
  poor
  strong powerful
  weak
  loud noisy
  quiet
  deep
  wide
  thin
  hard difficult tough
  common frequent
  rare
  dangerous deadly
  safe secure
  crowded populous`
const soft = `
  good nice great fine
  bad
  easy simple
  popular famous
  important
  interesting
  beautiful pretty
  effective efficient
  healthy`

const plain = new Map<string, string>()
const graded = new Map<string, string>()
const firm = new Set<string>()
for (const [line, isFirm] of [
  ...dimensions
    .trim()
    .split('\n')
    .map((line) => [line, true] as const),
  ...soft
    .trim()
    .split('\n')
    .map((line) => [line, false] as const),
]) {
  const [name = '', ...others] = list(line)
  if (isFirm) firm.add(name)
  for (const word of [name, ...others]) {
    plain.set(word, name)
    const base = word.replace(/y$/, 'i').replace(/e$/, '')
    const doubled = /^(?:big|hot|thin|fat|wet|sad)$/.test(word) ? base + base.at(-1) : base
    for (const ending of ['er', 'est']) graded.set(doubled + ending, name)
  }
}
for (const word of list('best better')) graded.set(word, 'good')
for (const word of list('worst worse')) graded.set(word, 'bad')
for (const word of list('latest newest')) graded.set(word, 'new')
for (const word of list('later')) graded.delete(word)

const compares = anyOf([...graded.keys(), ...comparing])

const reverse = new Map([
  ['expensive', 'cheap'],
  ['cheap', 'expensive'],
  ['common', 'rare'],
  ['dangerous', 'safe'],
  ['safe', 'dangerous'],
])
