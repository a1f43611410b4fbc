import { isFigure, isGrammar, stem } from './objections/meaning.ts'
import { type Reading, facet } from './reading.ts'

/** What a word means: the direction of its vector; how much it says: the length. All zeros if the word is unknown. */
export type WordVector = (word: string) => Float32Array

/** A word of a question, in whichever form it was met. */
export interface Term {
  readonly stem: string
  readonly vector: Float32Array
  /** How much it says: the length of its vector. */
  readonly weight: number
  /** True if it holds the question together rather than saying what it is about. */
  readonly isFrame: boolean
  readonly isFigure: boolean
  /** True if it is written like a name: with a capital, and not because the question begins with it. */
  readonly isName: boolean
}

/** A question's terms, each once, in order. */
export interface Terms {
  readonly all: readonly Term[]
  readonly stems: ReadonlySet<string>
  /** What the words say together that say what the question is about, and those that hold it together. */
  readonly content: Float32Array
  readonly frame: Float32Array
}

/** How a question is taken apart, with the vectors of an embedder. */
export function createTerms(vectorOf: WordVector): (reading: Reading) => Terms {
  return facet((reading) => {
    const stems = new Set<string>()
    const all: Term[] = []
    for (const [at, { text, surface }] of reading.words.entries()) {
      const root = stem(text)
      if (stems.has(root)) continue
      stems.add(root)
      const vector = vectorOf(text)
      const isName = at > 0 && /^\p{Lu}/u.test(surface) && text !== 'i'
      all.push({
        stem: root,
        vector,
        weight: Math.sqrt(dot(vector, vector)),
        isFrame: isGrammar(text),
        isFigure: isFigure(text),
        isName,
      })
    }
    const content = together(all.filter(({ isFrame }) => !isFrame))
    return { all, stems, content, frame: together(all.filter(({ isFrame }) => isFrame)) }
  })
}

/** The sum of the vectors: what terms say together. */
export function together(terms: readonly Term[]): Float32Array {
  const sum = new Float32Array(terms[0]?.vector.length ?? 0)
  for (const { vector } of terms) for (let at = 0; at < sum.length; at++) sum[at]! += vector[at]!
  return sum
}

/** The cosine; 1 of nothing and nothing, 0 of something and nothing. */
export function cosine(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return 0
  if (one.length === 0) return 1
  const lengths = Math.sqrt(dot(one, one) * dot(other, other))
  return lengths > 0 ? dot(one, other) / lengths : 0
}

/** How much a term says that none of the others says as well. */
export function residue({ vector, weight }: Term, others: readonly Term[]): number {
  let best = 0
  for (const other of others) {
    const lengths = weight * other.weight
    if (lengths > 0) best = Math.max(best, dot(vector, other.vector) / lengths)
  }
  return weight * (1 - best)
}

export function weigh(terms: readonly Term[]): number {
  let sum = 0
  for (const { weight } of terms) sum += weight
  return sum
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}
