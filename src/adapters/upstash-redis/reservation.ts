import type { Allowance, Clock, Rate } from '../../ports.ts'

export interface ReservationOptions {
  readonly rate: Rate
  readonly clock: Clock
  /** Adds to what all replicas have used of the window that ends at `resetAt`, whether or not that is too much. */
  count(amount: number, resetAt: number): Promise<{ readonly success: boolean; readonly remaining: number }>
}

export interface Reservation {
  look(): Promise<Allowance>
  take(units: number): Promise<Allowance>
  charge(units: number): Promise<void>
}

/**
 * One replica's part in a limit. It reserves a hundredth of the rate ahead and spends that without asking; what it has
 * not spent when the window ends is lost. Of a rate below a hundred it reserves no more than is asked for.
 */
export function reservation({ rate, clock, count }: ReservationOptions): Reservation {
  const share = Math.floor(rate.units / 100)
  let resetAt = 0
  /** Reserved and not spent. */
  let held = 0
  /** What is left beside that, as far as we know; within a window that only becomes less. */
  let left = 0
  /** Charged and not counted. */
  let owed = 0
  /** What those who wait would take, all together. */
  let wanted = 0
  let errand: Promise<void> | undefined

  return {
    async look() {
      turn()
      if (held === 0 && left > 0) await reserve()
      turn()
      return allowance(held + left > 0)
    },
    async take(units) {
      wanted += units
      try {
        while (isWorthAsking(units)) await reserve()
      } finally {
        wanted -= units
      }
      const allowed = held >= units
      if (allowed) held -= units
      restock()
      return allowance(allowed)
    },
    async charge(units) {
      turn()
      const paid = Math.min(held, units)
      held -= paid
      if (paid === units) return restock()
      owed += units - paid
      // An errand under way has left without it.
      await errand?.catch(() => {})
      await reserve()
    },
  }

  function isWorthAsking(units: number): boolean {
    turn()
    return held < units && held + left >= units
  }

  function allowance(allowed: boolean): Allowance {
    return { allowed, remaining: held + left, resetAt }
  }

  /** Begins a new window if the last one has ended. */
  function turn(): void {
    const now = clock()
    if (now < resetAt) return
    resetAt = (Math.floor(now / rate.windowMs) + 1) * rate.windowMs
    held = 0
    left = rate.units
    owed = 0
  }

  /** Ahead of need, so that nobody waits. If that fails, whoever does need it will ask again, and be told. */
  function restock(): void {
    if (held < share / 2 && left > 0) reserve().catch(() => {})
  }

  /** One errand at a time, for all who wait. */
  function reserve(): Promise<void> {
    errand ??= ask().finally(() => {
      errand = undefined
    })
    return errand
  }

  async function ask(): Promise<void> {
    const window = resetAt
    const debt = owed
    const more = Math.max(Math.min(wanted + share - held, left), 0)
    owed = 0
    let { success, remaining } = await count(debt + more, window)
    // Others were quicker: what is not owed goes back, and the answer says how much there still is.
    if (!success && more > 0) ({ remaining } = await count(-more, window))
    if (window !== resetAt) return
    if (success) held += more
    left = remaining
  }
}
