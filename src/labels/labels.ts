import type { Usage } from '../insight/usage.ts'
import type { Book } from './book.ts'
import type { Label } from './label.ts'
import type { Weights } from './weights.ts'
import { cellOf } from './sums.ts'

/** Of whose request a label is, besides what it says itself. */
export interface Whose {
  /** By the name that was asked for. */
  readonly model: string
  readonly keyId?: string | undefined
  /** In which arm of a trial it was. */
  readonly arm?: string | undefined
}

export interface LabelsOptions {
  readonly book: Book
  readonly weights: Pick<Weights, 'learn'>
  readonly usage: Pick<Usage, 'count'>
  /** Hears of every label. */
  readonly onLabel?: ((label: Label) => void) | undefined
}

export type Labels = ReturnType<typeof createLabels>

/** Takes in labels, wherever they come from. */
export function createLabels({ book, weights, usage, onLabel }: LabelsOptions) {
  return {
    add(label: Label, whose: Whose): void {
      const { tenant, namespace, space, score, right, source } = label
      const turned = right ? 'right' : 'wrong'
      usage.count({ tenant, namespace, ...whose }, `label.${source}.${turned}`)
      // Who is content says nothing, so that what is said is no sample of all; a plain threshold has no scores.
      const cell = source === 'feedback' ? undefined : cellOf(turned, score)
      if (cell) book.add(tenant, { namespace, space }, cell)
      if (label.features) weights.learn(tenant, { namespace, space }, label.features, right)
      onLabel?.(label)
    },

    /** Somebody looked, and could not tell. */
    unclear({ tenant, namespace, source }: Pick<Label, 'tenant' | 'namespace' | 'source'>, whose: Whose): void {
      usage.count({ tenant, namespace, ...whose }, `label.${source}.unclear`)
    },
  }
}
