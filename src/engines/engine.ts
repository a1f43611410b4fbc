import type { Ports } from '../ports.ts'

/** What keeps answers and finds them again: a set of ports that belong together. */
export interface Engine extends Pick<
  Ports,
  'store' | 'index' | 'sessions' | 'bus' | 'lease' | 'records' | 'counters' | 'limiter'
> {
  /** How long another replica may not have heard of a change; 0 if there is none. */
  readonly settleMs: number
  /** True if every look at it is billed. */
  readonly isFar: boolean
  /** Where answers are, in a few words, for whoever starts the service. */
  readonly where: { readonly store: string; readonly index: string }
  /** What was in there at the start, if that can be told. */
  readonly held?: { readonly store: string; readonly index: string }
  /** Gives back the space of what is dead, where that does not happen by itself; says how much there was. */
  sweep(): Promise<number>
  /** How often that is worth its price. */
  readonly sweepEveryMs: number
  close(): Promise<void>
}
