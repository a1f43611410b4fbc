/** A small document that replicas share: a tenant, a key, a purge, a job. */
export interface Document {
  readonly id: string
  readonly text: string
}

/** Keeps documents by kind and id, durably; few enough of a kind to be listed. */
export interface Records {
  /** Changes with every change to the kind, on whichever replica: what was read under it holds for as long as it lasts. */
  version(kind: string): Promise<string>
  /** Those of several kinds, in the order asked, for the price of one. `'0'`: there has never been anything of the kind. */
  versions(kinds: readonly string[]): Promise<string[]>
  get(kind: string, id: string): Promise<string | undefined>
  /** All of a kind whose id begins with `prefix`, in order of their ids. */
  list(kind: string, prefix?: string): Promise<Document[]>
  /**
   * Replaces a text by another if it is still what the caller believes it to be; `undefined` on either side stands for
   * a document that is not there. False, with nothing changed, if it is not: read again and think again. To replace
   * a text by itself is only to ask whether it is still that, and no change to the kind.
   */
  swap(kind: string, id: string, before: string | undefined, after: string | undefined): Promise<boolean>
}

/** So much more of one thing that is counted. */
export interface Addition {
  /** The sum it goes into, such as one tenant's day. */
  readonly tally: string
  readonly field: string
  /** A whole number, so that sums are exact. */
  readonly amount: number
  /** When the whole tally may be forgotten; the latest one named holds. */
  readonly keepUntil: number
}

/** Adds up over all replicas. */
export interface Counters {
  /**
   * All or nothing, and durable when it resolves. A batch that has been added before, by that name and within the last
   * ten minutes, is not added again: whoever cannot tell whether it went through may send it once more.
   */
  add(batch: string, additions: readonly Addition[]): Promise<void>
  /** The sums of each tally by field, in the order asked; empty if it is not there. Beyond 2^53 they are rounded. */
  read(tallies: readonly string[]): Promise<ReadonlyMap<string, number>[]>
}

/** So many units in each window of time. */
export interface Rate {
  readonly units: number
  readonly windowMs: number
}

export interface Allowance {
  readonly allowed: boolean
  /** What is left of the window; never below 0. */
  readonly remaining: number
  /** When the window ends and all is allowed again. */
  readonly resetAt: number
}

/** Counts what is used within fixed windows of time, over all replicas. */
export interface Limiter {
  /** Takes `units` if so many are left, and nothing otherwise; 0 only looks whether anything at all is left. */
  take(name: string, rate: Rate, units: number): Promise<Allowance>
  /** Takes them whether they are left or not: what has been used is used. */
  charge(name: string, rate: Rate, units: number): Promise<void>
}
