import type { Match } from '../ports.ts'
import { objections } from './objections/index.ts'
import { type Reading, read } from './reading.ts'

/** What is to be decided by. Each is a rule of DESIGN's "Deciding"; a calibrated scorer joins them here. */
export interface Rule {
  /** The cosine below which a match is not even considered. */
  readonly threshold: number
}

/** Everything that speaks for or against one match. */
export interface Judgement {
  readonly match: Match
  /** Names of all objections, in order of cost. */
  readonly objections: readonly string[]
}

export type Refusal = 'nothing-near' | 'below-threshold' | `objection.${string}`

/** Serve this match, or why none. */
export type Verdict =
  | { readonly serve: Match }
  /** `best` is the nearest match of all, if there was one. */
  | { readonly why: Refusal; readonly best: Match | undefined }

/** Two equal vectors have a cosine of 1 only up to the rounding of 32-bit floats. */
const ROUNDING = 1e-6

/** Chooses among matches, nearest first. Pure: the same question and matches always give the same verdict. */
export function decide(question: string, matches: readonly Match[], { threshold }: Rule): Verdict {
  const best = matches[0]
  if (!best) return { why: 'nothing-near', best }
  const floor = threshold - ROUNDING
  // Not `<`: a similarity that is not a number is near nothing.
  if (!(best.similarity >= floor)) return { why: 'below-threshold', best }

  const asked = read(question)
  let first: string | undefined
  for (const match of matches) {
    if (!(match.similarity >= floor)) break
    const objection = firstObjection(asked, match)
    if (!objection) return { serve: match }
    first ??= objection
  }
  return { why: `objection.${first}`, best }
}

function firstObjection(asked: Reading, match: Match): string | undefined {
  try {
    const known = read(match.question)
    return objections.find((objection) => objection.objects(asked, known))?.name
  } catch {
    // Whoever cannot say that a match is safe has not said so.
    return 'failed'
  }
}

/** Every objection to one match, for explaining. */
export function judge(asked: Reading, match: Match): Judgement {
  try {
    const known = read(match.question)
    return { match, objections: objections.filter((o) => o.objects(asked, known)).map(({ name }) => name) }
  } catch {
    return { match, objections: ['failed'] }
  }
}
