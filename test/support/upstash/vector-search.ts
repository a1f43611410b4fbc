import type { Filter } from './vector-filter.ts'
import type { SparseVector, VectorRecord } from './vector-namespace.ts'

export type Similarity = 'COSINE' | 'DOT_PRODUCT' | 'EUCLIDEAN'

export interface Search {
  readonly vector?: Float32Array | undefined
  readonly sparseVector?: SparseVector | undefined
  readonly topK: number
  /** Ids of records that count, but are not to be found again. */
  readonly without?: ReadonlySet<string> | undefined
  readonly filter?: Filter | undefined
  /** How many of the nearest are compared with the filter; the others are given up. */
  readonly filterBudget: number
  readonly weightingStrategy?: 'IDF' | undefined
  readonly fusionAlgorithm?: 'RRF' | 'DBSF' | undefined
}

export interface Scored {
  readonly record: VectorRecord
  readonly score: number
}

/**
 * The nearest first. Every record is compared, so nothing is missed but by a filter out of budget.
 * Sums are rounded where the service must round them for its known scores to come out to the last digit.
 */
export function search(records: readonly VectorRecord[], similarity: Similarity, wanted: Search): Scored[] {
  const { vector, sparseVector, topK, without, filter = () => true, filterBudget, fusionAlgorithm } = wanted
  const candidates = (scored: Scored[]) =>
    scored
      .filter(({ record }) => !without?.has(record.id))
      .sort(higherFirst)
      .slice(0, wanted.filter ? filterBudget : undefined)
      .filter(({ record }) => filter(record.metadata))

  const dense = candidates(vector ? denseScores(records, vector, SIMILARITIES[similarity]) : [])
  const sparse = candidates(sparseVector ? sparseScores(records, sparseVector, wanted.weightingStrategy) : [])
  if (!vector || !sparseVector) return (vector ? dense : sparse).slice(0, topK)
  if (fusionAlgorithm !== 'DBSF') return fuse(byRank(dense), byRank(sparse)).slice(0, topK)
  return fuse(byDistribution(dense.slice(0, topK)), byDistribution(sparse.slice(0, topK))).slice(0, topK)
}

const higherFirst = (a: Scored, b: Scored) => b.score - a.score

function denseScores(records: readonly VectorRecord[], to: Float32Array, measure: Measure): Scored[] {
  const scoreOf = measure(to)
  return records.flatMap((record) => (record.vector ? [{ record, score: Math.fround(scoreOf(record.vector)) }] : []))
}

type Measure = (to: Float32Array) => (vector: Float32Array) => number

const SIMILARITIES: Record<Similarity, Measure> = {
  COSINE(to) {
    const square = dot(to, to)
    return (vector) => (1 + dot(vector, to) / (Math.sqrt(dot(vector, vector) * square) || 1)) / 2
  },
  DOT_PRODUCT: (to) => (vector) => (1 + dot(vector, to)) / 2,
  EUCLIDEAN: (to) => (vector) => 1 / (1 + vector.reduce((sum, value, at) => sum + (value - to[at]!) ** 2, 0)),
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum = Math.fround(sum + Math.fround(a[at]! * b[at]!))
  return sum
}

/** Only of records that have a dimension in common with the query. */
function sparseScores(records: readonly VectorRecord[], to: SparseVector, weighting: 'IDF' | undefined): Scored[] {
  const sparse = records.filter(({ sparseVector }) => sparseVector)
  const having = (index: number) => sparse.filter((record) => record.sparseVector!.indices.includes(index)).length
  const rarity = (index: number) => Math.log((sparse.length - having(index) + 0.5) / (having(index) + 0.5) + 1)
  const weights = new Map(
    to.indices.map((index, at) => [index, Math.fround(to.values[at]! * (weighting ? rarity(index) : 1))]),
  )
  return sparse.flatMap((record) => {
    const { indices, values } = record.sparseVector!
    if (!indices.some((index) => weights.has(index))) return []
    const products = indices.map((index, at) => Math.fround((weights.get(index) ?? 0) * values[at]!))
    return [{ record, score: products.reduce((sum, product) => Math.fround(sum + product), 0) }]
  })
}

const byRank = (scored: Scored[]): Scored[] => scored.map(({ record }, rank) => ({ record, score: 1 / (60 + rank) }))

/** Where a score lies between three standard deviations below the mean and three above. */
function byDistribution(scored: Scored[]): Scored[] {
  const mean = scored.reduce((sum, { score }) => sum + score, 0) / scored.length
  const squares = scored.reduce((sum, { score }) => sum + (score - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / (scored.length - 1))
  const lowest = Math.fround(mean - 3 * deviation)
  const highest = Math.fround(mean + 3 * deviation)
  return scored.map(({ record, score }) => ({
    record,
    score: highest > lowest ? (score - lowest) / (highest - lowest) : 0.5,
  }))
}

function fuse(dense: Scored[], sparse: Scored[]): Scored[] {
  const fused = new Map<string, Scored>()
  for (const { record, score } of [...dense, ...sparse]) {
    fused.set(record.id, { record, score: Math.fround(score + (fused.get(record.id)?.score ?? 0)) })
  }
  return [...fused.values()].sort(higherFirst)
}
