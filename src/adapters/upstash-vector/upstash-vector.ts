import type { Clock } from '../../ports.ts'
import { checkIndex } from './checks.ts'
import { vectorClient } from './client.ts'
import type { VectorAccess } from './client.ts'
import { vectorIndex } from './vector-index.ts'
import type { VectorIndex } from './vector-index.ts'

export interface UpstashVectorOptions extends VectorAccess {
  readonly clock: Clock
  /** The size of the embedder's vectors; `undefined` if it cannot tell just now. */
  readonly dimensions: number | undefined
  /** Told of what is wrong at the start but may be right later. */
  readonly warn?: (message: string) => void
  readonly prefix?: string
  readonly namespaces?: number
}

/** An index that all replicas share. Asks the service whether it is fit for that, and rejects with an `UnusableIndex` if not. */
export async function openUpstashVector(options: UpstashVectorOptions): Promise<VectorIndex> {
  const ask = vectorClient(options)
  await checkIndex(ask, options.dimensions, options.warn ?? (() => {}))
  const askPatiently = vectorClient({ ...options, timeoutMs: Math.max(PATIENCE_MS, options.timeoutMs) })
  return vectorIndex({ prefix: 'reprise-1', namespaces: NAMESPACES, ...options, ask, askPatiently })
}

// The free plan has a hundred.
const NAMESPACES = 64
const PATIENCE_MS = 30_000
