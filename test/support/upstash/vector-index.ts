import { createNamespace } from './vector-namespace.ts'
import type { Namespace, SparseVector, VectorRecord } from './vector-namespace.ts'
import { Refusal } from './vector-refusal.ts'
import type { Include, Upsert } from './vector-request.ts'
import type { Similarity } from './vector-search.ts'

export interface IndexOptions {
  readonly dimension: number
  readonly similarityFunction?: Similarity
  readonly indexType?: 'DENSE' | 'SPARSE' | 'HYBRID'
  /** The embedding model; without one, text is refused. */
  readonly embed?: (text: string) => ArrayLike<number>
  /** What that is called; BGE_SMALL_EN_V1_5 unless given. */
  readonly embeddingModel?: string
  readonly embedSparse?: (text: string) => SparseVector
  /** How long queries do not see what was written. */
  readonly visibilityDelayMs?: number
  readonly clock?: () => number
  /** A query compares this many of the nearest with its filter, and gives up the rest. */
  readonly filterBudget?: number
}

export type VectorIndex = ReturnType<typeof createIndex>

/** The namespaces of an index, and what it demands of a vector. */
export function createIndex(options: IndexOptions, capacity: () => number) {
  const { dimension, indexType = 'DENSE', embed, embedSparse, visibilityDelayMs = 0, clock = Date.now } = options
  const { embeddingModel = 'BGE_SMALL_EN_V1_5' } = options
  const similarity = options.similarityFunction ?? 'COSINE'
  const hasDense = indexType !== 'SPARSE'
  const hasSparse = indexType !== 'DENSE'
  const namespaces = new Map<string, Namespace>([['', createNamespace(clock, visibilityDelayMs)]])

  /** Reading never creates a namespace. */
  const read = (name: string) => namespaces.get(name) ?? createNamespace(clock, visibilityDelayMs)

  function put(name: string, record: VectorRecord): void {
    const namespace = read(name)
    const held = [...namespaces.values()].reduce((sum, { written }) => sum + written.size, 0)
    if (held >= capacity() && !namespace.written.has(record.id)) throw new Refusal(422, 'The index is full.')
    namespaces.set(name, namespace)
    namespace.put(record)
  }

  function check({ vector, sparseVector }: Pick<Upsert, 'vector' | 'sparseVector'>): void {
    if (vector && !hasDense) throw new Refusal(422, 'A sparse index takes no dense vectors.')
    if (sparseVector && !hasSparse) throw new Refusal(422, 'A dense index takes no sparse vectors.')
    if (vector && vector.length !== dimension)
      throw new Refusal(422, `Invalid vector dimension: ${vector.length}, expected: ${dimension}`)
  }

  /** Of a record that is written as a whole. */
  function checkWhole(vectors: Pick<Upsert, 'vector' | 'sparseVector'>): void {
    check(vectors)
    if (hasDense && !vectors.vector) throw new Refusal(422, 'A dense vector is required.')
    if (hasSparse && !vectors.sparseVector) throw new Refusal(422, 'A sparse vector is required.')
  }

  function embedded(text: string | undefined) {
    if ((hasDense && !embed) || (hasSparse && !embedSparse)) throw new Refusal(422, NO_MODEL)
    if (text === undefined) throw new Refusal(422, 'Data is required.')
    return {
      vector: hasDense && embed ? Float32Array.from(embed(text)) : undefined,
      sparseVector: hasSparse ? embedSparse?.(text) : undefined,
    }
  }

  const hasModel = Boolean(embed ?? embedSparse)
  // The service has no name for a model that is not there, either.
  const models = { dense: embed ? embeddingModel : '', sparse: embedSparse ? 'BM25' : '' }
  const filterBudget = options.filterBudget ?? Number.POSITIVE_INFINITY
  const settings = { dimension, similarity, indexType, hasDense, hasSparse, hasModel, models, filterBudget, clock }
  return { ...settings, namespaces, read, put, check, checkWhole, embedded }
}

const NO_MODEL =
  'Embedding data for this index is not allowed. The index must be created with an embedding model to use it.'

/** A record as the service shows it: what was not asked for, or is not there, has no key. */
export function shown({ id, vector, sparseVector, metadata, data }: VectorRecord, include: Include) {
  const { includeVectors, includeMetadata, includeData } = include
  return {
    id,
    vector: includeVectors && vector ? Array.from(vector, single) : undefined,
    sparseVector:
      includeVectors && sparseVector ? { ...sparseVector, values: sparseVector.values.map(single) } : undefined,
    metadata: includeMetadata ? metadata : undefined,
    data: includeData ? data : undefined,
  }
}

/** The shortest decimal that means this single-precision number, which is how the service writes them. */
export function single(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
