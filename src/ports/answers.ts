/** A direction of unit length; its size is the embedder's. */
export type Vector = Float32Array<ArrayBuffer>

/** A question as an index takes it: its vector, or its words, where the index is one that embeds them itself. */
export type Probe = Vector | string

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

/** Names another entry in the same tenant, namespace and scope: nothing beyond them could be named. */
export type Root = Pick<Key, 'id' | 'digest'>

/** A kept answer. All times are absolute. */
export interface Entry {
  readonly key: Key
  /**
   * Set if there is no answer here (the completion is empty): somebody has judged that the question is served by that
   * other entry's, and by no later one than that of the same `createdAt`.
   */
  readonly aliasOf?: Root
  /** The question as it was first asked; objections compare it with later ones. */
  readonly question: string
  /** The completion as JSON text, just as the model sent it or as its stream folds. */
  readonly completion: string
  /** The model that answered, by the name it gave itself. */
  readonly model: string
  readonly usage: Usage | undefined
  readonly tags: readonly string[]
  /** The question's place in the embedder's space; absent if it is not to be found by meaning, or if the index embeds. */
  readonly vector: Vector | undefined
  /** Absent if it is not to be found by meaning. */
  readonly space: string | undefined
  /** How long the model took, in milliseconds. */
  readonly tookMs: number
  readonly createdAt: number
  /** From here on the entry is stale: served only to a caller who accepts that. */
  readonly expiresAt: number
  /** From here on the entry does not exist. Never before `expiresAt`. */
  readonly keepUntil: number
  /** How many purges its tenant had seen when the model was asked; a later purge covers it. */
  readonly epoch: number
  /** Digest of what the answer says in words, white space apart; absent if it says more than that, or of older entries. */
  readonly says?: string | undefined
  /** Short digests of the parts of its scope, by name, for explaining; absent from what was kept before there were any. */
  readonly parts?: Readonly<Record<string, string>> | undefined
}

/** What a tenant may keep, at most. */
export interface Quota {
  readonly maxEntries: number
  /** In whatever the store counts for an entry's size. */
  readonly maxBytes: number
}

/** Holds the answers. The only truth: what is not in the store is not cached. */
export interface Store {
  /** True if a put is over so soon that an answer may wait for it; what a caller has in full has then been kept. */
  readonly near: boolean
  /** True if a get would ask nobody but this process. */
  atHand(key: Key): boolean
  /** The entry, stale or not; `undefined` if there is none, if it is past `keepUntil`, or if its record does not parse. */
  get(key: Key): Promise<Entry | undefined>
  /** By its public name alone. Whoever asks for a caller must see to it that the entry is the caller's. */
  find(id: string): Promise<Entry | undefined>
  /**
   * Replaces what the key held. When this resolves, the entry outlives a crash of the process. Makes room for it among
   * the entries of its tenant if they exceed the quota.
   */
  put(entry: Entry, quota?: Quota): Promise<void>
  /** True if there was something to delete. With `createdAt`, only the answer of that time, not one that replaced it. */
  delete(key: Key, createdAt?: number): Promise<boolean>
  /** The living entries of one tenant, a page at a time, in no particular order. */
  page(tenant: string, limit: number, cursor?: string): Promise<Page>
  /** Every living entry, in no particular order. */
  entries(): AsyncIterable<Entry>
  /** Gives back the space of entries past `keepUntil`; says how many there were. */
  sweep(): Promise<number>
  size(): Promise<StoreSize>
  /** What a tenant keeps; may count entries that are past `keepUntil`. */
  sizeOf(tenant: string): Promise<{ readonly entries: number; readonly bytes: number }>
  close(): Promise<void>
}

export interface Page {
  readonly entries: readonly Entry[]
  /** Where to go on; absent at the end. An entry that is there all the while is met, whatever else comes and goes. */
  readonly cursor?: string
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
  /** The entry whose answer it is, if that is another one. */
  readonly aliasOf?: Root
  /** As the entry has it. */
  readonly says?: string | undefined
  readonly space: string
  readonly probe: Probe
  readonly question: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly keepUntil: number
}

/** An entry near the question. */
export interface Match {
  readonly key: Key
  /** The entry whose answer it is, if that is another one. */
  readonly aliasOf?: Root
  /** As the entry has it: matches that say the same are no rivals, whichever of them is served. */
  readonly says?: string | undefined
  readonly question: string
  /** Cosine, -1 to 1. Adapters convert whatever their service reports. */
  readonly similarity: number
  readonly createdAt: number
  readonly expiresAt: number
}

/** Finds questions that mean nearly the same. Holds pointers only; a pointer may be stale. */
export interface Index {
  /** Nearest first, at most `limit`, only of this partition and only those that expire after `expiringAfter`. */
  nearest(within: Partition, probe: Probe, limit: number, expiringAfter: number): Promise<Match[]>
  /** Replaces what the index held for this key. May take a moment to become visible to `nearest`. */
  add(pointer: Pointer): Promise<void>
  /** A key that is not there is not an error. */
  delete(key: Key): Promise<void>
  /** Pointers past `keepUntil` may or may not be counted. */
  size(): Promise<number>
}

/** Turns a question into a vector of unit length. */
export interface Embedder {
  /** True if that is done within this process, at no price worth saving. */
  readonly near: boolean
  /** Names the vector space: embedder, version, dimensions. Spaces never mix. */
  readonly space: string
  /** The cosine from which two questions of this space are usually the same; a policy may set its own. */
  readonly threshold: number
  /** The cosine that two texts of this space usually have if they have nothing to do with one another; 0 unless said. */
  readonly unrelated?: number
  /** False if no vector could speak for the whole text: it is longer than the window, or says nothing at all. */
  fits(text: string): boolean
  /** `undefined` when no vector can be had; an adapter rejects instead, saying why. The text itself, if the index embeds. */
  embed(text: string): Promise<Probe | undefined>
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
