/** Work that nobody waits for. */
export interface Chores {
  /** Begins it at once. What fails is told to `onFailure`, and nobody else. */
  begin(name: string, tenant: string, work: () => Promise<void>): void
  /** Resolves when there is none left. */
  idle(): Promise<void>
}

export function createChores(onFailure: (name: string, tenant: string, error: unknown) => void): Chores {
  const doing = new Set<Promise<void>>()
  return {
    begin(name, tenant, work) {
      const done = work()
        .catch((error: unknown) => onFailure(name, tenant, error))
        .finally(() => doing.delete(done))
      doing.add(done)
    },
    async idle() {
      while (doing.size > 0) await Promise.allSettled(doing)
    },
  }
}
