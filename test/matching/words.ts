import type { WordVector } from '../../src/matching/terms.ts'

/** Words with a meaning each, on axes of their own; what is on one line means nearly the same. */
const MEANINGS = [
  ['car', 'vehicle'],
  ['buy', 'purchase'],
  ['cheap', 'inexpensive'],
  ['password', 'passphrase'],
  ['reset', 'restore'],
  ['return', 'refund'],
  ['how', 'what', 'can', 'do', 'i', 'my', 'a', 'the', 'is', 'where', 'when', 'who'],
]

/** The second word of a line is at 0.8 to the first; words of no line mean nothing. */
export const wordVector: WordVector = (word) => {
  const vector = new Float32Array(16)
  const line = MEANINGS.findIndex((words) => words.includes(word))
  if (line < 0) return vector
  vector[line] = MEANINGS[line]![0] === word ? 1 : 0.8
  if (MEANINGS[line]![0] !== word) vector[8 + line] = 0.6
  return vector
}
