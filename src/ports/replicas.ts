/** Remembers, as one digest, what a conversation has said so far. */
export interface Sessions {
  /** `undefined` if the conversation has said nothing yet, or nothing since it was forgotten. */
  get(tenant: string, session: string): Promise<string | undefined>
  put(tenant: string, session: string, turns: string, keepUntil: number): Promise<void>
}

/** Carries short messages between replicas; each hears its own as well. A message may be lost, never garbled. */
export interface Bus {
  publish(topic: string, message: string): Promise<void>
  /** Calls `hear` for each message from now on; gives back what ends it. */
  subscribe(topic: string, hear: (message: string) => void): () => void
  /** Names the unbroken connection there is; between two equal names no message was missed. `undefined`: there is none. */
  connection(): number | undefined
}

/** Lets one replica do what all would do. An optimisation: nothing may become wrong if two hold the same lease. */
export interface Lease {
  /** `undefined` if another holds it. It ends by itself after `ttlMs`, unless renewed or released before. */
  take(name: string, ttlMs: number): Promise<Held | undefined>
}

export interface Held {
  /** From now on for `ttlMs` again. False if it had ended, and is no longer ours. */
  renew(ttlMs: number): Promise<boolean>
  /** Only if it is still ours. Tells the news on the bus in any case: in one step, where steps cost. */
  release(news?: News): Promise<void>
}

export interface News {
  readonly topic: string
  readonly message: string
}
