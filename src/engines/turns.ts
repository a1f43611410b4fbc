export type Turns = ReturnType<typeof createTurns>

/** Has work on one thing done in the order in which it came, and work on different things side by side. */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>()

  return {
    /** Gives what the work gives, once all before it is over, whatever that came to. */
    async take<T>(name: string, work: () => Promise<T>): Promise<T> {
      const before = last.get(name)
      const ours = (async () => {
        await before?.catch(() => {})
        return work()
      })()
      last.set(name, ours)
      return ours.finally(() => {
        if (last.get(name) === ours) last.delete(name)
      })
    },

    /** Resolves when all that has been begun is over. */
    async over(): Promise<void> {
      await Promise.allSettled(last.values())
    },
  }
}
