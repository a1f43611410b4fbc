import { LRUCache } from 'lru-cache'
import type { Usage } from '../insight/usage.ts'
import type { Book } from './book.ts'
import type { Label } from './label.ts'
import type { Weights } from './weights.ts'
import { type Page, cellOf } from './sums.ts'

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
  const said = new LRUCache<string, { right: number; wrong: number }>({ max: MOST_PAGES })

  return {
    add(label: Label, whose: Whose): void {
      const { tenant, namespace, space, score, right, source } = label
      const turned = right ? 'right' : 'wrong'
      usage.count({ tenant, namespace, ...whose }, `label.${source}.${turned}`)
      onLabel?.(label)
      const page = { namespace, space }
      if (source === 'feedback' && !isSample(tenant, page, right)) return
      // A plain threshold has no scores.
      const cell = cellOf(turned, score)
      if (cell) book.add(tenant, page, cell)
      // From hits alone, which are all alike in being likely, it would learn what is odd about them.
      if (source !== 'feedback' && label.features) weights.learn(tenant, page, label.features, right)
    },

    /** Somebody looked, and could not tell. */
    unclear({ tenant, namespace, source }: Pick<Label, 'tenant' | 'namespace' | 'source'>, whose: Whose): void {
      usage.count({ tenant, namespace, ...whose }, `label.${source}.unclear`)
    },
  }

  /**
   * Who is content mostly says nothing, so that reports are no sample of all hits; but where rights are told of as well,
   * and far more often than wrongs, somebody checks. The first few only show that: one of them that is wrong would weigh
   * more than anything else that is known then, and raise the bar so far that next to nothing is served, or reported.
   */
  function isSample(tenant: string, { namespace, space }: Page, right: boolean): boolean {
    const name = `${tenant}/${namespace}/${space}`
    const counts = said.get(name) ?? { right: 0, wrong: 0 }
    counts[right ? 'right' : 'wrong']++
    said.set(name, counts)
    return counts.right + counts.wrong > FIRST && counts.right >= MOSTLY * counts.wrong
  }
}

const MOST_PAGES = 1_000
const FIRST = 30
const MOSTLY = 4
