import type { Pair } from './data.ts'
import { frontier, mostWithin } from './frontier.ts'
import { type Scored, prAuc, rocAuc, wilson } from './metrics.ts'
import type { JudgedPair } from './pairs.ts'
import { slices } from './slices.ts'
import type { JudgedStream } from './streams.ts'

/** The shares of wrong hits among hits at which rules are compared. */
export const BUDGETS = [0.005, 0.01, 0.02, 0.05] as const

/** A set of pairs under one embedder and one rule: how well it ranks them, and what it serves within each budget. */
export function pairLines(judged: readonly JudgedPair[]): string[] {
  const same = judged.filter(({ right }) => right).length
  const lost = judged.filter(({ score }) => score === -Infinity).length
  return [
    `ROC-AUC ${rocAuc(judged).toFixed(3)}  PR-AUC ${prAuc(judged).toFixed(3)}  never served ${percent(lost, judged.length)}`,
    ...budgetLines(judged, same),
    ...sliceLines(judged),
  ]
}

/** A stream under one embedder and one rule. */
export function streamLines({ possible, recalled }: JudgedStream, scored: readonly Scored[]): string[] {
  return [
    `candidate recall@8 ${percent(recalled, possible)} of ${possible} possible hits`,
    ...budgetLines(scored, possible),
  ]
}

function budgetLines(scored: readonly Scored[], possible: number): string[] {
  const points = frontier(scored)
  return BUDGETS.map((budget) => {
    const { threshold, hits, wrong } = mostWithin(points, budget)
    if (hits === 0) return `at ≤ ${percent(budget, 1)} wrong: nothing is served`
    return [
      `at ≤ ${percent(budget, 1)} wrong: from ${threshold.toFixed(4)}`,
      `hit rate ${percent(hits, scored.length)}`,
      `recall ${percent(hits - wrong, possible)} ${interval(hits - wrong, possible)}`,
      `wrong/hit ${percent(wrong, hits)} ${interval(wrong, hits)}`,
      `wrong/request ${percent(wrong, scored.length)}`,
    ].join('  ')
  })
}

/** How well the pairs that differ in one way are ranked among themselves, where there are enough of both kinds. */
function sliceLines(judged: readonly JudgedPair[]): string[] {
  return Object.entries(slices).flatMap(([name, belongs]) => {
    const slice = judged.filter(({ pair: { a, b, language } }: { pair: Pair }) => belongs(a, b, language))
    const same = slice.filter(({ right }) => right).length
    if (Math.min(same, slice.length - same) < ENOUGH) return []
    const refused = slice.filter(({ right, score }) => !right && score === -Infinity).length
    const kept = slice.filter(({ right, score }) => right && score > -Infinity).length
    const ranking = `ROC-AUC ${rocAuc(slice).toFixed(3)}  PR-AUC ${prAuc(slice).toFixed(3)}`
    const vetoes = `refused ${percent(refused, slice.length - same)} of the different, kept ${percent(kept, same)} of the same`
    return [`  ${name} (${slice.length}, ${same} same): ${ranking}  ${vetoes}`]
  })
}

const ENOUGH = 10

const percent = (count: number, total: number): string => `${((100 * count) / total).toFixed(1)} %`

function interval(count: number, total: number): string {
  const [low, high] = wilson(count, total)
  return `[${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}]`
}
