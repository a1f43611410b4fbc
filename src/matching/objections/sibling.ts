import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { leftovers } from './likeness.ts'
import { own } from './meaning.ts'
import { kindsOf } from './siblings.ts'

/**
 * Objects when two questions worded alike name two of a kind, so that an answer for one is none for the other: "red" and
 * "blue", "bash" and "zsh", "password" and "username", "lunch" and "dinner".
 * Measured (in-sample): 99 % of its 253 objections on labelled pairs are right, catching 46 % of the different flight
 * pairs and 12 % of the different search-term pairs; on the natural mix of a stream it loses 0.1 % of the right
 * nearest.
 */
export const sibling: Objection = {
  name: 'sibling',
  objects(asked, known) {
    const { ours, theirs } = leftovers(asked, known)
    return Math.max(ours.length, theirs.length) <= 5 && related(own(asked, known), own(known, asked))
  },
}

/**
 * The same however the questions are worded.
 * Measured (in-sample): 99 % of its 269 doubts on labelled pairs are right, catching 46 % of the different flight pairs
 * and 12 % of the different search-term pairs; on the natural mix of a stream it doubts 0.1 % of the right nearest.
 */
export const siblingDoubt: Objection = {
  name: 'sibling',
  objects: (asked, known) => related(own(asked, known), own(known, asked)),
}

export const examples: Examples = {
  objected: [
    ['How do I reset my password?', 'How do I reset my username?'],
    ['Should I learn C?', 'Should I learn C++?'],
    ['zsh autocomplete not working', 'bash autocomplete not working'],
    ['Is pork considered red meat?', 'Is lamb considered red meat?'],
    ['how do i install npm', 'how do i install yarn'],
    ['What is the derivative of sin(x)?', 'integral of sin(x)'],
    ['sum of 2 and 3', 'product of 2 and 3'],
    ['Why is the sky blue?', 'Why is the sky red?'],
    ['side effects of coffee', 'side effects of tea'],
  ],
  doubted: [
    ['Why do cats land on their feet when they fall?', 'My dog fell down the stairs and hurt a leg, will it be fine?'],
  ],
  accepted: [
    ['js array sort', 'javascript array sort'],
    ['Why is grey hair grey?', 'Why is gray hair gray?'],
    ['Are cats smarter than dogs?', 'Are dogs less smart than cats?'],
    ['What is the best guitar for a beginner?', 'Which guitar should a beginner buy?'],
    ['How do I learn Spanish?', 'How do I learn a language?'],
  ],
}

function related(ours: readonly string[], theirs: readonly string[]): boolean {
  if (ours.length === 0 || theirs.length === 0) return false
  const [here, there] = [ours.flatMap(kindsOf), theirs.flatMap(kindsOf)]
  return here.some(({ kind, place }) => there.some((kin) => kin.kind === kind && kin.place !== place))
}
