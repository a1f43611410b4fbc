import { facet, type Reading } from '../reading.ts'

/**
 * Makes a test for readings that have one of some words. All lists that were made are looked up at once, when the first of
 * them is asked for, so that an objection costs next to nothing where none of its words occur.
 */
export function anyOf(words: Iterable<string>): (reading: Reading) => boolean {
  if (lists === MOST) throw new Error(`No more than ${MOST} lists of words fit into a number.`)
  const bit = 1 << lists++
  for (const word of words) lexicon.set(word, (lexicon.get(word) ?? 0) | bit)
  return (reading) => (found(reading) & bit) !== 0
}

const MOST = 31
let lists = 0

/** Each word with the lists it is in, as bits. */
const lexicon = new Map<string, number>()

const found = facet(({ words }) => {
  let bits = 0
  for (const { text } of words) bits |= lexicon.get(text) ?? 0
  return bits
})
