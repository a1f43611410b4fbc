/** Milliseconds since the epoch. Injected, so that a test can hold time still. */
export type Clock = () => number

/** A number from 0 up to, but not including, 1. Injected for the same reason. */
export type Random = () => number

/** A direction of unit length; its size is the embedder's. */
export type Vector = Float32Array<ArrayBuffer>

/** Where an answer lives. Every part is hex or a checked name, safe in any key or URL path. */
export interface Key {
  /** `ent_` and 24 hex digits: a digest of the four parts below. The public name of the entry. */
  readonly id: string
  readonly tenant: string
  readonly namespace: string
  /** Digest of everything, besides the question, that two requests must have in common to share an answer. */
  readonly scope: string
  /** Digest of the normalised question. */
  readonly digest: string
}

export interface Usage {
  readonly promptTokens: number
  readonly completionTokens: number
}

/** A kept answer. All times are absolute. */
export interface Entry {
  readonly key: Key
  /** The question as it was first asked; objections compare it with later ones. */
  readonly question: string
  /** The completion as JSON text, just as the model sent it or as its stream folds. */
  readonly completion: string
  /** The model that answered, by the name it gave itself. */
  readonly model: string
  readonly usage: Usage | undefined
  readonly tags: readonly string[]
  /** The question's place in the embedder's space; absent if it is not to be found by meaning. */
  readonly vector: Vector | undefined
  readonly space: string | undefined
  /** How long the model took, in milliseconds. */
  readonly tookMs: number
  readonly createdAt: number
  /** From here on the entry is stale: served only to a caller who accepts that. */
  readonly expiresAt: number
  /** From here on the entry does not exist. Never before `expiresAt`. */
  readonly keepUntil: number
}

/** Holds the answers. The only truth: what is not in the store is not cached. */
export interface Store {
  /** True if a put is over so soon that an answer may wait for it; what a caller has in full has then been kept. */
  readonly near: boolean
  /** The entry, stale or not; `undefined` if there is none, if it is past `keepUntil`, or if its record does not parse. */
  get(key: Key): Promise<Entry | undefined>
  /** Replaces what the key held. When this resolves, the entry outlives a crash of the process. */
  put(entry: Entry): Promise<void>
  /** True if there was something to delete. */
  delete(key: Key): Promise<boolean>
  /** Every living entry, in no particular order. */
  entries(): AsyncIterable<Entry>
  /** Gives back the space of entries past `keepUntil`; says how many there were. */
  sweep(): Promise<number>
  size(): Promise<StoreSize>
  close(): Promise<void>
}

export interface StoreSize {
  readonly entries: number
  readonly bytes: number
  /** Entries dropped to stay within bounds, since the start. */
  readonly evicted: number
  /** Records that did not parse and were taken for missing, since the start. */
  readonly unreadable: number
}

/** The part of an index in which a question may look for its like. */
export interface Partition {
  readonly tenant: string
  readonly namespace: string
  readonly scope: string
  /** The vector space; vectors of two spaces cannot be compared. */
  readonly space: string
}

/** What the index holds for an entry: enough to judge it by, and where to find it. */
export interface Pointer {
  readonly key: Key
  readonly space: string
  readonly vector: Vector
  readonly question: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly keepUntil: number
}

/** An entry near the question. */
export interface Match {
  readonly key: Key
  readonly question: string
  /** Cosine, -1 to 1. Adapters convert whatever their service reports. */
  readonly similarity: number
  readonly createdAt: number
  readonly expiresAt: number
}

/** Finds questions that mean nearly the same. Holds pointers only; a pointer may be stale. */
export interface Index {
  /** Nearest first, at most `limit`, only of this partition and only those that expire after `expiringAfter`. */
  nearest(within: Partition, vector: Vector, limit: number, expiringAfter: number): Promise<Match[]>
  /** Replaces what the index held for this key. May take a moment to become visible to `nearest`. */
  add(pointer: Pointer): Promise<void>
  /** A key that is not there is not an error. */
  delete(key: Key): Promise<void>
  /** Pointers past `keepUntil` may or may not be counted. */
  size(): Promise<number>
}

/** Turns a question into a vector of unit length. */
export interface Embedder {
  /** Names the vector space: embedder, version, dimensions. Spaces never mix. */
  readonly space: string
  /** The cosine from which two questions of this space are usually the same; a policy may set its own. */
  readonly threshold: number
  /** False if no vector could speak for the whole text: it is longer than the window, or says nothing at all. */
  fits(text: string): boolean
  /** `undefined` when no vector can be had; an adapter rejects instead, saying why. */
  embed(text: string): Promise<Vector | undefined>
}

/** The model behind the cache: anything that speaks the OpenAI dialect over HTTP. */
export interface Model {
  /** Which upstream this is. Part of every scope: two upstreams never share an answer. */
  readonly identity: string
  /**
   * Sends a request to `path`, which follows the `/v1` and keeps its query (`/chat/completions`, `/models?limit=2`).
   * Resolves with whatever was answered once its head is there, errors included; rejects only if nothing answered.
   */
  send(path: string, init: ModelRequest): Promise<Response>
}

export interface ModelRequest {
  readonly method: string
  readonly headers: Headers
  readonly body?: string | ReadableStream<Uint8Array> | undefined
  readonly signal?: AbortSignal | undefined
}

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

/** All that the story reaches the world through. */
export interface Ports {
  readonly store: Store
  readonly index: Index
  readonly embedder: Embedder
  readonly model: Model
  readonly sessions: Sessions
  readonly bus: Bus
  readonly lease: Lease
  readonly clock: Clock
  readonly random: Random
  /** Names this process among its replicas. */
  readonly replica: string
}
