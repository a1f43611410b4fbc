import type { Embedder, Index, Model, Store } from './ports/answers.ts'
import type { Counters, Limiter, Records } from './ports/records.ts'
import type { Bus, Lease, Sessions } from './ports/replicas.ts'

export type * from './ports/answers.ts'
export type * from './ports/records.ts'
export type * from './ports/replicas.ts'

/** Milliseconds since the epoch. Injected, so that a test can hold time still. */
export type Clock = () => number

/** A number from 0 up to, but not including, 1. Injected for the same reason. */
export type Random = () => number

/** All that the story reaches the world through. */
export interface Ports {
  readonly store: Store
  readonly index: Index
  readonly embedder: Embedder
  readonly model: Model
  readonly sessions: Sessions
  readonly bus: Bus
  readonly lease: Lease
  readonly records: Records
  readonly counters: Counters
  readonly limiter: Limiter
  readonly clock: Clock
  readonly random: Random
  /** Names this process among its replicas. */
  readonly replica: string
}
