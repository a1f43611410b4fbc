/** A model call under way that others may join. */
export interface Flight {
  /** Settles when the call is over and its answer kept; never rejects. Later requests start afresh. */
  readonly landed: Promise<unknown>
}

/** At most one flight per name; whoever comes while it is in the air joins it. */
export function createFlights<F extends Flight>() {
  const air = new Map<string, Promise<F>>()

  return {
    /** True if there is one to join. */
    has(name: string): boolean {
      return air.has(name)
    },

    /** The flight of that name, departing if there is none. It rejects if it could not depart, for all who joined. */
    join(name: string, depart: () => Promise<F>): { flight: Promise<F>; joined: boolean } {
      const current = air.get(name)
      if (current) return { flight: current, joined: true }

      const flight = depart()
      air.set(name, flight)
      const land = () => air.delete(name)
      flight.then(({ landed }) => landed.then(land, land), land)
      return { flight, joined: false }
    },

    /** How many are in the air. */
    get size(): number {
      return air.size
    },

    /** Resolves when nothing is in the air any more; for a graceful shutdown. */
    async idle(): Promise<void> {
      while (air.size > 0) await Promise.allSettled([...air.values()].map(async (flight) => (await flight).landed))
    },
  }
}
