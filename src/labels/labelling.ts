import type { Call } from '../call.ts'
import type { Candidate } from '../insight/outcome.ts'
import type { Place } from '../keys/place.ts'
import { whose } from '../keys/whose.ts'
import type { Embedder } from '../ports.ts'
import type { Compare } from './comparing.ts'
import type { Label } from './label.ts'
import type { Labels } from './labels.ts'

export interface LabellingOptions {
  readonly embedder: Pick<Embedder, 'space'>
  readonly compare: Compare
  readonly labels: Labels
}

/** How it came about that an answer was looked at. */
export interface Occasion extends Pick<Label, 'source' | 'weight'> {
  /** True if a model may be asked whether the answers are the same. */
  readonly maySpend: boolean
}

export type Labelling = ReturnType<typeof createLabelling>

/** Labels a match: whether what is kept there says what the model says to the question; `undefined` if nobody can tell. */
export function createLabelling({ embedder, compare, labels }: LabellingOptions) {
  return async function label(
    {
      call,
      place,
      match: { entry, score, features },
    }: { readonly call: Call; readonly place: Place; readonly match: Pick<Candidate, 'entry' | 'score' | 'features'> },
    { source, weight, maySpend }: Occasion,
    [said, kept]: readonly [said: string, kept: string],
  ): Promise<boolean | undefined> {
    const { tenant, namespace, ...who } = whose(call)
    const about = { tenant, namespace, source }
    const found = await compare(call, said, kept, maySpend)
    if (found === 'unknown') {
      labels.unclear(about, who)
      return undefined
    }
    const right = found === 'same'
    const where = { space: embedder.space, entry, question: place.key.digest }
    labels.add({ ...about, ...where, score, features, right, weight }, who)
    return right
  }
}
