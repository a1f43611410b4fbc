import { decide } from '../../src/matching/decide.ts'
import type { Scorer } from '../../src/matching/scorer.ts'
import type { Match } from '../../src/ports.ts'
import type { Subject } from './embedders.ts'

/** What a rule would serve for a question, and how sure it is; whoever uses it chooses from where on that is enough. */
export interface Choice {
  readonly match: Match
  readonly confidence: number
}

export interface Rule {
  readonly name: string
  /** Of matches, nearest first. */
  choose(question: string, matches: readonly Match[]): Choice | undefined
}

/** The rules that are compared for an embedder; the last is the scorer as it is shipped, before it has learned anything. */
export function rulesFor({ scorer }: Subject): readonly Rule[] {
  return scorer ? [...BY_COSINE, byScore(scorer)] : BY_COSINE
}

/** Serving from a confidence of t on is what the service does with a threshold of t. */
const BY_COSINE: readonly Rule[] = [
  {
    name: 'threshold',
    choose: (_, [match]) => match && { match, confidence: match.similarity },
  },
  {
    name: 'with objections',
    choose(question, matches) {
      const verdict = decide(question, matches, { threshold: -1 })
      return 'serve' in verdict ? { match: verdict.serve, confidence: verdict.serve.similarity } : undefined
    },
  },
]

function byScore(scorer: Scorer): Rule {
  const experience = { bar: -Infinity, offsetOf: () => 0, refuses: () => false }
  return {
    name: 'scorer',
    choose(question, matches) {
      const verdict = decide(question, matches, { scorer, experience })
      return 'serve' in verdict ? { match: verdict.serve, confidence: verdict.score! } : undefined
    },
  }
}

/** A match as an index would give it, for texts that are in none. */
export function matchOf(question: string, similarity: number, id = ''): Match {
  const key = { id, tenant: '', namespace: '', scope: '', digest: '' }
  return { key, question, similarity, createdAt: 0, expiresAt: Infinity }
}
