import { facet, type Reading } from '../reading.ts'
import { lexemes } from './lexicon.ts'

export { isGrammar } from './lexicon.ts'
export { stem } from './stem.ts'

/** The words without their order. */
export const vocabulary = facet(({ words }) => new Set(words.map(({ text }) => text)))

/** The stems of all words, in order. */
export const stems = facet((reading) => lexemes(reading).map(({ stem }) => stem))

/** The stems of the words that carry meaning, in order. */
export const content = facet((reading): string[] => {
  const found: string[] = []
  for (const { stem, isGrammar } of lexemes(reading)) if (!isGrammar) found.push(stem)
  return found
})

/** The words of meaning, figures aside, that one question has and the other lacks. */
export function own(reading: Reading, other: Reading): readonly string[] {
  const last = lastOwn(reading)
  if (last.other !== other) {
    const theirs = meaning(other)
    last.other = other
    last.words = Array.from(meaning(reading)).filter((stem) => !theirs.has(stem))
  }
  return last.words
}

/** How far two questions are from being worded alike: the larger number of words that one has for itself. */
export const apart = (asked: Reading, known: Reading): number =>
  Math.max(own(asked, known).length, own(known, asked).length)

/** True of words that begin with a digit. */
export const isFigure = (word: string): boolean => word.charCodeAt(0) >= 48 && word.charCodeAt(0) <= 57

/** Most objections ask the same of the same two questions, one after the other. */
const lastOwn = facet((): { other?: Reading; words: readonly string[] } => ({ words: [] }))

const meaning = facet((reading) => new Set(content(reading).filter((stem) => !isFigure(stem))))
