import type { Clock, Probe } from '../../ports.ts'
import { checkIndex } from './checks.ts'
import { vectorClient } from './client.ts'
import type { VectorAccess } from './client.ts'
import { vectorIndex } from './vector-index.ts'
import type { VectorIndex } from './vector-index.ts'

export interface UpstashVectorOptions extends VectorAccess {
  readonly clock: Clock
  /** Such as the embedder will give; `undefined` if it can give none just now. */
  readonly probe: Probe | undefined
  /** Told of what is wrong at the start but may be right later. */
  readonly warn?: (message: string) => void
  readonly prefix?: string
  readonly namespaces?: number
}

/** An index that all replicas share. Asks the service whether it is fit for that, and rejects with an `UnusableIndex` if not. */
export async function openUpstashVector(options: UpstashVectorOptions): Promise<VectorIndex> {
  const ask = vectorClient(options)
  await checkIndex(ask, options.probe, options.warn ?? (() => {}))
  const askPatiently = vectorClient({ ...options, timeoutMs: Math.max(PATIENCE_MS, options.timeoutMs) })
  return vectorIndex({ prefix: 'reprise-1', namespaces: NAMESPACES, ...options, ask, askPatiently })
}

// The free plan has a hundred.
const NAMESPACES = 64
const PATIENCE_MS = 30_000
