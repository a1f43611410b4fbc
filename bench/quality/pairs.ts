import type { Pair } from './data.ts'
import type { Subject } from './embedders.ts'
import type { Scored } from './metrics.ts'
import { type Rule, matchOf } from './rules.ts'
import { similarity } from './similarity.ts'

export interface JudgedPair extends Scored {
  readonly pair: Pair
}

/** What each rule makes of each pair: how sure it is that the answer to `b` serves `a`; minus infinity if it never would. */
export async function judgePairs(
  pairs: readonly Pair[],
  subject: Subject,
  rules: readonly Rule[],
): Promise<Map<string, JudgedPair[]>> {
  const texts = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  const vectors = await subject.embed(texts)
  const vectorOf = new Map(texts.map((text, at) => [text, vectors[at]]))
  const judged = pairs.map((pair) => {
    const [a, b] = [vectorOf.get(pair.a), vectorOf.get(pair.b)]
    return { pair, matches: a && b ? [matchOf(pair.b, similarity(a, b))] : [] }
  })
  return new Map(
    rules.map(({ name, choose }) => [
      name,
      judged.map(({ pair, matches }) => ({
        pair,
        score: choose(pair.a, matches)?.confidence ?? -Infinity,
        right: pair.same,
      })),
    ]),
  )
}
