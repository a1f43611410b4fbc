import { BINS, floorOf, middleOf, zeros } from './bins.ts'
import { atLeast } from './binomial.ts'
import type { Evidence } from './evidence.ts'
import { type Doubt, recalibrated, shareOf, tilted } from './recalibrate.ts'
import { FIRST_BAR } from './scorer.ts'

/** From which score on matches may be served, and what is to be expected of them. */
export interface Certificate {
  /** `Infinity`: none may be. */
  readonly bar: number
  /** The share of wrong ones among those that reach the bar; absent where none may be served. */
  readonly expected?: { readonly share: number; readonly atMost: number }
  /** True if it is the embedder's own threshold that holds, for want of evidence for any other. */
  readonly provisional: boolean
}

/**
 * How far off the slope of what is believed may be here, as a standard deviation: little, for labels of what is served
 * and of what is not come in unequal numbers, and would turn it to and fro.
 */
const SLOPE_HERE = 0.15
/** How sure it must be that the budget is kept: one-sided, in standard deviations; four in five. */
const SURE = 0.84
/**
 * How far off a scorer may be here: measured elsewhere, in the end, and before anything was looked at here (by -0.8, -0.5,
 * -0.1, -0.1, 0.6 and 2.2 ours was on six development sets); and never measured.
 */
const MEASURED: Doubt = { sd: 0.5, reach: 4 }
const ELSEWHERE = { sd: 1.2, labels: 100 }
const UNMEASURED: Doubt = { sd: 1.2, reach: 3 }
/** So many questions, spread as they were where the scorer was measured, stand in for those that have not come yet. */
const EXPECTED_QUESTIONS = 200
/** A scorer that was never measured: so many labels from there to two logits below may raise its bar, and lower it. */
const ENOUGH_TO_RAISE = 20
const ENOUGH_TO_LOWER = 50
const NEAR = 2
/** Labels speak against a bar if so many wrong ones or more would be rarer than that, were the budget kept. */
const UNLIKELY = 0.1
/** Less is no evidence against anything. */
const FEW = 2

/**
 * Walks the bar from strict to loose and gives the loosest at which the share of wrong answers among those that reach
 * it is, for all that is known, within the budget: fixed-sequence testing (Learn then Test, arXiv:2110.01052), with two
 * tests at each step. By what the scorer says, corrected by labels of every kind, a bound on the share must be within
 * the budget; and there must not be more wrong ones among the labels at and above the bar than is likely while the
 * budget is kept. A step that fails does not end the walk, for the strictest bars may fail only because little reaches
 * them, or one bin is unlucky; it ends where the share itself is beyond the budget.
 */
export function barFor(own: Evidence, shipped: Evidence | undefined, maxWrongHitRate: number): Certificate {
  const walked = walk(own, shipped, maxWrongHitRate, SURE)
  if (shipped) return walked
  const lowest = Math.min(walked.bar, FIRST_BAR) - NEAR
  const labels = count(own, (bin) => middleOf(bin) >= lowest)
  if (labels.all >= ENOUGH_TO_LOWER) return walked
  const served = count(own, (bin) => middleOf(bin) >= FIRST_BAR)
  if (labels.all >= ENOUGH_TO_RAISE || speaksAgainst(served, maxWrongHitRate)) {
    // What is likelier than not is enough for being stricter.
    const likely = walk(own, shipped, maxWrongHitRate, 0)
    if (likely.bar > FIRST_BAR) return likely
  }
  // A cosine just at the threshold makes a score that is the first bar but for rounding.
  return { bar: FIRST_BAR - 1e-4, provisional: true }
}

function walk(own: Evidence, shipped: Evidence | undefined, budget: number, sure: number): Certificate {
  const surest = shipped ? SUREST.measured : SUREST.unmeasured
  const believed = tilted(beliefOf(shipped), own, SLOPE_HERE).map((logit) => Math.max(logit, surest))
  const belief = recalibrated(believed, own, shipped ? doubtAfter(own) : UNMEASURED)
  const traffic = trafficOf(own, shipped)
  const labels = { wrong: 0, all: 0, expected: 0 }
  const slopes = zeros()
  let [questions, wrong] = [0, 0]
  let certified: Certificate = { bar: Infinity, provisional: false }
  for (let bin = BINS - 1; bin > 0; bin--) {
    const share = shareOf(belief.logits[bin]!)
    questions += traffic[bin]!
    wrong += traffic[bin]! * share
    // What a logit more would make of the sum.
    slopes[bin] = traffic[bin]! * share * (1 - share)
    const looked = own.wrong[bin]! + own.right[bin]!
    labels.wrong += own.wrong[bin]!
    labels.all += looked
    labels.expected += looked * share
    if (questions === 0) continue
    const expected = wrong / questions
    if (expected > budget) break
    const atMost = expected * Math.exp((sure * belief.sdOf(slopes)) / wrong)
    // Labels are not spread as questions are, so they are held against what they would be if the budget were just kept.
    const justKept = (labels.expected / labels.all) * (budget / expected)
    if (atMost > budget || speaksAgainst(labels, justKept)) continue
    certified = { bar: floorOf(bin), expected: { share: expected, atMost }, provisional: false }
  }
  return certified
}

/**
 * What is believed before anything has been looked at here, in logits of being wrong: what the score itself says, or
 * what it was found to be worth where it was measured.
 */
function beliefOf(shipped: Evidence | undefined): number[] {
  const says = zeros().map((_, bin) => -middleOf(bin))
  return shipped ? tilted(says, shipped) : says
}

/** Whatever a score says, as many are wrong for reasons that it cannot see: one in 300, or, for all we know, in 200. */
const SUREST = { measured: -Math.log(299), unmeasured: -Math.log(199) }

/** What was measured elsewhere is doubted less and less, the more has been looked at here. */
function doubtAfter(own: Evidence): Doubt {
  const { all } = count(own, () => true)
  const { sd, labels } = ELSEWHERE
  return { ...MEASURED, sd: MEASURED.sd + ((sd - MEASURED.sd) * labels) / (labels + all) }
}

function trafficOf({ judged }: Evidence, shipped: Evidence | undefined): number[] {
  const before = shipped?.judged ?? zeros().map(() => 1)
  const all = before.reduce((sum, some) => sum + some, 0) || 1
  return judged.map((some, bin) => some + (EXPECTED_QUESTIONS * before[bin]!) / all)
}

function count({ right, wrong }: Evidence, which: (bin: number) => boolean) {
  const counted = { wrong: 0, all: 0 }
  right.forEach((some, bin) => {
    if (!which(bin)) return
    counted.wrong += wrong[bin]!
    counted.all += some + wrong[bin]!
  })
  return counted
}

function speaksAgainst({ wrong, all }: { readonly wrong: number; readonly all: number }, share: number): boolean {
  return wrong >= FEW && atLeast(wrong, all, share) <= UNLIKELY
}
