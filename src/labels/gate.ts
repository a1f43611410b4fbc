import type { Clock } from '../ports.ts'

export interface GateOptions {
  readonly clock: Clock
  /** So many at the same time, */
  readonly atOnce: number
  /** so many a second in the long run, */
  readonly perSecond: number
  /** and so many in a row after a pause. */
  readonly inARow: number
}

export type Gate = ReturnType<typeof createGate>

/** Keeps work that nobody waits for from becoming a burden: who is not let in does not wait, but is left out. */
export function createGate({ clock, atOnce, perSecond, inARow }: GateOptions) {
  let [inside, tokens, at] = [0, inARow, clock()]

  return {
    /** True if there is room; then `leave` must follow. */
    enter(): boolean {
      const now = clock()
      tokens = Math.min(inARow, tokens + (Math.max(0, now - at) / 1000) * perSecond)
      at = now
      if (inside >= atOnce || tokens < 1) return false
      inside++
      tokens--
      return true
    },

    leave(): void {
      inside--
    },
  }
}
