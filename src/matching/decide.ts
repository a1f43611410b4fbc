import type { Match } from '../ports.ts'
import type { Experience } from './experience.ts'
import { objections } from './objections/index.ts'
import { type Reading, read, reread } from './reading.ts'
import { type Candidate, type Features, type Scorer, answering, scoreOf } from './scorer.ts'

/** A plain threshold, as a caller or a policy may ask for it. */
export interface ThresholdRule {
  /** The cosine below which a match is not even considered. */
  readonly threshold: number
  /** True if the entry's answer is known to be wrong for this very question. */
  refuses?(entry: string): boolean
}

/** An error budget: what is likely enough to be right, by a scorer and by experience. */
export interface BudgetRule {
  readonly scorer: Scorer
  readonly experience: Experience
}

/** What is to be decided by. */
export type Rule = ThresholdRule | BudgetRule

/** A match and how sure it is. */
export interface Weighed {
  readonly match: Match
  /** As the scorer says it, with what is known of the entry; absent if a threshold decides, as are its features. */
  readonly score?: number
  readonly features?: Features
}

/** Everything that speaks for or against one match. */
export interface Judgement extends Weighed {
  /** Names of all objections, in order of cost. */
  readonly objections: readonly string[]
  /** True if it is known to be wrong for this very question, whatever speaks for it. */
  readonly refused: boolean
}

export type Refusal =
  | 'nothing-near'
  | 'below-threshold'
  | `objection.${string}`
  /** Nothing speaks against it, and not enough for it. */
  | 'low-confidence'
  /** It was served for this question before, and somebody knew that it was wrong. */
  | 'known-wrong'

/** Serve this match, or why none. */
export type Verdict =
  | { readonly serve: Match; readonly score?: number; readonly features?: Features }
  /** `best` is the nearest match of all, if there was one; `near` the likeliest of those that nothing speaks against. */
  | { readonly why: Refusal; readonly best: Match | undefined; readonly near?: Weighed }

/** Two equal vectors have a cosine of 1 only up to the rounding of 32-bit floats. */
const ROUNDING = 1e-6

/** Chooses among matches, nearest first. Pure: the same question, matches and rule always give the same verdict. */
export function decide(question: string, matches: readonly Match[], rule: Rule): Verdict {
  const best = matches[0]
  if (!best) return { why: 'nothing-near', best }
  return 'threshold' in rule ? byThreshold(question, best, matches, rule) : byBudget(question, best, matches, rule)
}

function byThreshold(question: string, best: Match, matches: readonly Match[], rule: ThresholdRule): Verdict {
  const floor = rule.threshold - ROUNDING
  // Not `<`: a similarity that is not a number is near nothing.
  if (!(best.similarity >= floor)) return { why: 'below-threshold', best }

  const asked = read(question)
  let first: Refusal | undefined
  for (const match of matches) {
    if (!(match.similarity >= floor)) break
    const refusal = rule.refuses?.(answering(match)) ? 'known-wrong' : objectionTo(asked, reading(match))
    if (!refusal) return { serve: match }
    first ??= refusal
  }
  return { why: first!, best }
}

function byBudget(question: string, best: Match, matches: readonly Match[], rule: BudgetRule): Verdict {
  const { scorer, experience } = rule
  const tooLittle = scorer.calibrated ? 'low-confidence' : 'below-threshold'
  const asked = read(question)
  let why: Refusal | undefined
  const likeliest = scored(asked, matches, rule).sort((one, other) => other.score - one.score)
  if (likeliest.length === 0) return { why: 'nothing-near', best }
  for (const { match, known, ...sure } of likeliest) {
    // Not `<`: a score that is not a number is nobody's.
    const wouldDo = sure.score >= experience.bar
    const refusal = experience.refuses(answering(match)) ? 'known-wrong' : objectionTo(asked, known)
    if (!refusal) {
      return wouldDo ? { serve: match, ...sure } : { why: why ?? tooLittle, best, near: { match, ...sure } }
    }
    // Only of what is likelier right than wrong is it worth telling what speaks against it.
    const isTold = wouldDo || refusal === 'known-wrong' || (scorer.calibrated && sure.score > 0)
    if (isTold) why ??= refusal
  }
  return { why: why ?? tooLittle, best }
}

function scored(asked: Reading, matches: readonly Match[], { scorer, experience }: BudgetRule) {
  const { weights = scorer.weights } = experience
  const worth = scorer.worth(matches)
  const candidates: Candidate[] = matches.map((match, nth) => ({
    match,
    known: nth < worth ? reading(match) : undefined,
  }))
  return scorer.describe(asked, candidates).map((features, nth) => {
    const candidate = candidates[nth]!
    const score = scoreOf(features, weights) + experience.offsetOf(answering(candidate.match))
    return { ...candidate, features, score }
  })
}

function reading(match: Match): Reading | undefined {
  try {
    return reread(match.question)
  } catch {
    return undefined
  }
}

/** Whoever cannot say that a match is safe has not said so. */
const FAILED = 'failed'

function objectionTo(asked: Reading, known: Reading | undefined): `objection.${string}` | undefined {
  if (!known) return `objection.${FAILED}`
  try {
    const objection = objections.find((objection) => objection.objects(asked, known))
    return objection && `objection.${objection.name}`
  } catch {
    return `objection.${FAILED}`
  }
}

/** Every objection to each match, and its score if it is near enough to have one, for explaining; in the order given. */
export function judge(question: string, matches: readonly Match[], rule: Rule): Judgement[] {
  const asked = read(question)
  const refused = (match: Match) => ('threshold' in rule ? rule : rule.experience).refuses?.(answering(match)) ?? false
  const judged = (match: Match, known: Reading | undefined) => {
    return { match, objections: everyObjection(asked, known), refused: refused(match) }
  }
  if ('threshold' in rule || matches.length === 0) return matches.map((match) => judged(match, reading(match)))
  const weighed = scored(asked, matches, rule)
  return matches.map((match, nth) => {
    const near = weighed[nth]
    if (!near) return judged(match, reading(match))
    return { ...judged(match, near.known), score: near.score, features: near.features }
  })
}

function everyObjection(asked: Reading, known: Reading | undefined): string[] {
  if (!known) return [FAILED]
  try {
    return objections.filter((objection) => objection.objects(asked, known)).map(({ name }) => name)
  } catch {
    return [FAILED]
  }
}
