import { decide } from '../../src/matching/decide.ts'
import type { Match } from '../../src/ports.ts'

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

/** The rules that are compared. Serving from a confidence of t on is what the service does with a threshold of t. */
export const rules: readonly Rule[] = [
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

/** A match as an index would give it, for texts that are in none. */
export function matchOf(question: string, similarity: number, id = ''): Match {
  const key = { id, tenant: '', namespace: '', scope: '', digest: '' }
  return { key, question, similarity, createdAt: 0, expiresAt: Infinity }
}
