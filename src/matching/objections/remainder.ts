import type { Objection } from '../objection.ts'
import type { Reading } from '../reading.ts'
import type { Examples } from './examples.ts'
import { isGrammar, stems } from './meaning.ts'

/**
 * Objects when two long prompts share most of their text, from the beginning or to the end, and say something different
 * in the remainder: the same document, and another question about it. Embedders that read only so far see no difference.
 * Nothing in the labelled pairs is long enough to measure it by.
 */
export const remainder: Objection = {
  name: 'remainder',
  objects(asked, known) {
    const [ours, theirs] = [asked.words.length, known.words.length]
    const shorter = Math.min(ours, theirs)
    if (shorter < LONG) return false
    const head = shared(asked, known, shorter, 0)
    const tail = shared(asked, known, shorter - head, 1)
    if (head + tail < shorter * MOST || head + tail >= Math.max(ours, theirs)) return false
    const [one, other] = [says(asked, head, ours - tail), says(known, head, theirs - tail)]
    return one.some((stem) => !other.includes(stem)) || other.some((stem) => !one.includes(stem))
  },
}

const LONG = 40
const MOST = 0.6

/** Words of the longest remainder that is compared. */
const enough = 500

/** How many words are the same from the beginning on, or from the end backwards. */
function shared(asked: Reading, known: Reading, most: number, fromEnd: 0 | 1): number {
  const [ours, theirs] = [asked.words, known.words]
  let count = 0
  while (count < most) {
    const [one, other] = fromEnd ? [ours.at(-1 - count), theirs.at(-1 - count)] : [ours[count], theirs[count]]
    if (one?.text !== other?.text) break
    count++
  }
  return count
}

/** The stems of meaning between two words. */
const says = (reading: Reading, from: number, to: number): string[] =>
  stems(reading)
    .slice(from, Math.min(to, from + enough))
    .filter((_, at) => !isGrammar(reading.words[from + at]!.text))

const document = `The parties agree that the goods shall be delivered to the warehouse of the buyer within thirty days of the
  order, that the risk passes with delivery, and that payment is due within sixty days of the invoice unless the goods
  are returned in the meantime because of a defect that was there when they were delivered.`

export const examples: Examples = {
  objected: [
    [`${document} When is payment due?`, `${document} Who bears the risk?`],
    [`Summarise: ${document}`, `Translate: ${document}`],
    [`${document} Summarise this.`, `${document} Summarise this for a lawyer.`],
  ],
  accepted: [
    [`${document} What is this?`, `${document} What is that?`],
    [`${document} Summarise this.`, `${document} Summarise that!`],
    ['When is payment due?', 'Who bears the risk?'],
  ],
}
