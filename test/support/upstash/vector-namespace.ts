/** A vector as the service holds it; ids are text and numbers are single precision, whatever was sent. */
export interface VectorRecord {
  readonly id: string
  readonly vector?: Float32Array | undefined
  readonly sparseVector?: SparseVector | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly data?: string | undefined
}

export interface SparseVector {
  readonly indices: readonly number[]
  readonly values: readonly number[]
}

export type Namespace = ReturnType<typeof createNamespace>

/** Holds vectors: what was written can be fetched at once, but is found by queries only after a delay. */
export function createNamespace(clock: () => number, visibilityDelayMs: number) {
  const written = new Map<string, VectorRecord>()
  const indexed = new Map<string, VectorRecord>()
  let pending: { readonly record: VectorRecord; readonly visibleAt: number }[] = []

  function index(now = clock()): void {
    const due = pending.filter(({ visibleAt }) => visibleAt <= now)
    for (const { record } of due) indexed.set(record.id, record)
    pending = pending.filter(({ visibleAt }) => visibleAt > now)
  }

  return {
    written: written as ReadonlyMap<string, VectorRecord>,

    indexed(): ReadonlyMap<string, VectorRecord> {
      index()
      return indexed
    },

    /** Replaces the whole record. */
    put(record: VectorRecord): void {
      written.set(record.id, record)
      pending.push({ record, visibleAt: clock() + visibilityDelayMs })
    },

    /** Takes effect at once, for queries too. */
    remove(id: string): boolean {
      pending = pending.filter(({ record }) => record.id !== id)
      indexed.delete(id)
      return written.delete(id)
    },

    clear(): void {
      pending = []
      indexed.clear()
      written.clear()
    },

    settle: () => index(Number.POSITIVE_INFINITY),

    counts() {
      index()
      const waiting = new Set(pending.map(({ record }) => record.id))
      return { vectorCount: indexed.size, pendingVectorCount: waiting.size }
    },
  }
}
