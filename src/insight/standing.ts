import { precisionOf } from './precision.ts'

/** How a namespace stands with its error budget, as far as it is shown. */
export interface Shown {
  readonly namespace: string
  readonly state: string
  readonly maxWrongHitRate: number
  readonly bar: number
  readonly provisional: boolean
  readonly expected?: { readonly share: number; readonly atMost: number }
  readonly served: { readonly right: number; readonly wrong: number }
}

/** The same as a document. A bar that nothing reaches is null. */
export function standingShown({ namespace, state, maxWrongHitRate, bar, provisional, expected, served }: Shown) {
  return {
    namespace,
    state,
    max_wrong_hit_rate: maxWrongHitRate,
    bar: Number.isFinite(bar) ? rounded(bar) : null,
    provisional,
    expected_wrong: expected ? rounded(expected.share) : null,
    expected_wrong_at_most: expected ? rounded(expected.atMost) : null,
    audited: precisionOf(served.right, served.wrong),
  }
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4
