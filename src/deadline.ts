/** One span of time that several pieces of work share. */
export interface Deadline {
  /** What the work gives, or `late` once the time is up; what comes after that is dropped. */
  orElse<T>(work: Promise<T>, late: T): Promise<T>
  /** The time is no longer of interest. */
  clear(): void
}

/** Begins now. */
export function deadline(ms: number): Deadline {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return {
    orElse: (work, late) => Promise.race([work, over.then(() => late)]),
    clear: () => clearTimeout(timer),
  }
}

/** For a single piece of work: what it gives, or `late`. */
export async function inTime<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  const { orElse, clear } = deadline(ms)
  return orElse(work, late).finally(clear)
}
