import { binOf, zeros } from '../../src/matching/bins.ts'
import { type Certificate, barFor } from '../../src/matching/budget.ts'
import type { Evidence } from '../../src/matching/evidence.ts'
import { createDice } from '../support/dice.ts'

/** How likely a match of a score is right, in some namespace. */
export type World = (score: number) => number

const sigmoid = (score: number) => 1 / (1 + Math.exp(-score))
/** Scores are what they claim to be, but for how far off they are and for traps that no score can see. */
export const world = ({ shift = 0, slope = 1, traps = 0 } = {}): World => {
  return (score) => (1 - traps) * sigmoid(slope * (score + shift))
}

/** Small seeds begin much alike. */
function chance(seed: number): () => number {
  const { below } = createDice(Math.imul(seed, 0x9e3779b1))
  return () => below(1e9) / 1e9
}

/** A bell around 1.5: one match in six is as good as the first bar. */
function scoreBy(random: () => number): number {
  return 1.5 + 2.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

interface Mutable {
  readonly right: number[]
  readonly wrong: number[]
  readonly judged: number[]
}

/** What a scorer that is what it claims to be would be shipped with. */
export function shippedEvidence(): Evidence {
  const [random, evidence] = [chance(7), empty()]
  for (let at = 0; at < 20_000; at++) {
    const score = scoreBy(random)
    const bin = binOf(score)
    if (bin === undefined) continue
    evidence.judged[bin]!++
    evidence[random() < sigmoid(score) ? 'right' : 'wrong'][bin]!++
  }
  return evidence
}

export const empty = (): Mutable => ({ right: zeros(), wrong: zeros(), judged: zeros() })

/** Evidence of one bin after the other, from the lowest score named on. */
export function evidenceAt(score: number, ...bins: (readonly [right: number, wrong: number])[]): Evidence {
  const evidence = empty()
  const first = binOf(score)!
  bins.forEach(([right, wrong], nth) => {
    evidence.right[first + nth] = right
    evidence.wrong[first + nth] = wrong
    evidence.judged[first + nth] = right + wrong
  })
  return evidence
}

export interface Course {
  readonly hits: number
  readonly wrong: number
  /** What could have been served by whoever knew the world. */
  readonly possible: number
  readonly last: Certificate
}

/** So many questions, one after the other: what reaches the bar is served, and audited now and then; all else is labelled. */
export function course(seed: number, questions: number, within: World, shipped?: Evidence): Course {
  const random = chance(seed)
  const evidence = empty()
  let last = barFor(evidence, shipped, BUDGET)
  let [hits, wrong] = [0, 0]
  for (let at = 0; at < questions; at++) {
    const score = scoreBy(random)
    const bin = binOf(score)
    if (bin === undefined) continue
    const isRight = random() < within(score)
    const isServed = score >= last.bar
    evidence.judged[bin]!++
    if (isServed) hits++
    if (isServed && !isRight) wrong++
    if (!isServed || random() < AUDITED) evidence[isRight ? 'right' : 'wrong'][bin]!++
    if (at % 40 === 0) last = barFor(evidence, shipped, BUDGET)
  }
  return { hits, wrong, possible: possible(within) * questions, last }
}

export const BUDGET = 0.02
const AUDITED = 0.02

/** The largest share of questions that can be served within the budget. */
function possible(within: World): number {
  const random = chance(99)
  const scores = Array.from({ length: 20_000 }, () => scoreBy(random)).sort((one, other) => other - one)
  let [wrong, most] = [0, 0]
  scores.forEach((score, at) => {
    wrong += 1 - within(score)
    if (wrong / (at + 1) <= BUDGET) most = at + 1
  })
  return most / scores.length
}
