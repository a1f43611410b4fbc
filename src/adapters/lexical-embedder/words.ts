import { functionWords } from './function-words.ts'

export interface Word {
  readonly word: string
  /** 1 for a word that says what the question is about, less for one that only holds it together. */
  readonly weight: number
}

/** The distinct words of a text in their plainest spelling; a word said again weighs a little more, not twice as much. */
export function words(text: string): Word[] {
  const counts = new Map<string, number>()
  for (const spelling of text.normalize('NFKC').toLowerCase().match(pattern) ?? []) {
    const word = uncontracted(spelling)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts].map(([word, count]) => ({
    word,
    weight: (functionWords.get(word) ?? 1) * (1 + Math.log(count)),
  }))
}

// Keeps `c++`, `c#` and `-5` apart from `c` and `5`; other punctuation is no word, other symbols are one each.
const pattern = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’]\p{L}+)?[+#]*|[\p{S}%&@*/]|-(?=\d)/gu

function uncontracted(word: string): string {
  const apostrophe = word.search(/['’]/)
  if (word === 'cannot' || (apostrophe > 0 && word.endsWith('t'))) return 'not'
  return apostrophe > 0 ? word.slice(0, apostrophe) : word
}
