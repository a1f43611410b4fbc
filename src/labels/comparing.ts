import type { Call } from '../call.ts'
import { type Sameness, sameness } from '../matching/sameness.ts'
import type { Embedder } from '../ports.ts'
import type { Judge } from './judge.ts'

export interface ComparingOptions {
  readonly embedder: Embedder
  /** Asked where nothing else can tell; absent if nobody is to be. */
  readonly judge?: Judge | undefined
}

export type Compare = ReturnType<typeof createComparing>

/** Compares two completions: by what they say, by how they say it, and, if `maySpend`, by asking a model. */
export function createComparing({ embedder, judge }: ComparingOptions) {
  const { unrelated = 0 } = embedder

  return async function compare(call: Call, one: string, other: string, maySpend: boolean): Promise<Sameness> {
    const [ours, theirs] = [one, other].map((completion) => call.dialect.tell(completion, call.asked))
    // What is not worth keeping is no measure for what is kept.
    if (ours!.unfit || theirs!.unfit) return 'unknown'
    const [first, second] = [ours!.text, theirs!.text]
    if (first === undefined || second === undefined) return 'unknown'
    const said = sameness(first, second, await likeness(first, second))
    return said === 'unknown' && maySpend && judge ? judge(call, first, second) : said
  }

  /** The cosine, of which 0 is that of texts that have nothing to do with one another. */
  async function likeness(one: string, other: string): Promise<number | undefined> {
    if (!embedder.near || !embedder.fits(one) || !embedder.fits(other)) return undefined
    const [ours, theirs] = [await embedder.embed(one), await embedder.embed(other)]
    if (!ours || !theirs || typeof ours === 'string' || typeof theirs === 'string') return undefined
    const cosine = ours.reduce((sum, value, axis) => sum + value * theirs[axis]!, 0)
    return (cosine - unrelated) / (1 - unrelated)
  }
}
