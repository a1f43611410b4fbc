import { LRUCache } from 'lru-cache'
import type { StaticEmbedder } from '../adapters/static-embedder/static-embedder.ts'
import { type Scorer, Trained, cosineScorer, trainedScorer } from '../matching/scorer.ts'
import shipped from '../matching/trained.json' with { type: 'json' }
import type { Embedder } from '../ports.ts'

/** A scorer, and how often it was right where it was measured; of one that never was, nobody knows. */
export interface Measured {
  readonly scorer: Scorer
  readonly shipped?: Trained['evidence']
}

/** The scorer that was trained for an embedder's space; where none was, its cosine against its own threshold. */
export function scorerFor(embedder: Embedder): Measured {
  const trained = Trained.parse(shipped)
  if (trained.space !== embedder.space || !knowsWords(embedder)) return { scorer: cosineScorer(embedder.threshold) }
  return { scorer: trainedScorer(trained, remembered(embedder.wordVector)), shipped: trained.evidence }
}

const knowsWords = (embedder: Embedder): embedder is StaticEmbedder => 'wordVector' in embedder

/** Questions have most of their words in common with others. So many, of half a kilobyte each, are remembered. */
const WORDS = 10_000

function remembered(vectorOf: StaticEmbedder['wordVector']): StaticEmbedder['wordVector'] {
  const known = new LRUCache<string, ReturnType<typeof vectorOf>>({ max: WORDS })
  return (word) => {
    const vector = known.get(word) ?? vectorOf(word)
    known.set(word, vector)
    return vector
  }
}
