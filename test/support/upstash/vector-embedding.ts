import { createHash } from 'node:crypto'

/**
 * A model to stand in for those of the service: texts are near that have words in common, in whatever order and case.
 * What is beyond `sequenceTokens` words it drops without saying so, as they do.
 */
export function hashedWords(dimension: number, sequenceTokens = 512): (text: string) => number[] {
  return (text) => {
    const vector = Array.from({ length: dimension }, () => 0)
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    for (const word of words.slice(0, sequenceTokens)) vector[slotOf(word, dimension)]! += 1
    return vector
  }
}

const slotOf = (word: string, dimension: number) =>
  createHash('sha256').update(word).digest().readUInt32BE() % dimension
