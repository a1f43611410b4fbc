import type { Usage } from '../ports.ts'

/** A request as its dialect reads it: all that the cache needs to know, and nothing of the wire. */
export interface Asked {
  readonly model: string
  readonly streamed: boolean
  /** Whether a listener wants to hear the token counts at the end of a stream. */
  readonly wantsUsage: boolean
  /** Whether a listener has turned off the random padding of stream chunks. */
  readonly refusesPadding: boolean
  /** The text that is compared by meaning: the last user message. Empty if the last message is not a user's text. */
  readonly question: string
  /** The question, part by part, for the exact tier: equal only if asked in equal words. */
  readonly words: readonly string[]
  /** Everything else that shapes the answer, by field; two requests share an answer only if all of it is equal. */
  readonly scope: Readonly<Record<string, unknown>>
  readonly temperature: number | undefined
  /** Why this request may be neither looked up nor kept, whatever the policy. */
  readonly uncacheable: string | undefined
  /** Why only an answer to the very same words may be served. */
  readonly exactOnly: string | undefined
  /** True if the answer must be JSON. */
  readonly wantsJson: boolean
  /** The body's `cache` member, unread: controls for callers who cannot set headers. */
  readonly controls: unknown
  /** The body for the model, without what was meant for us. */
  readonly body: string
  /** The same for an answer that is not to be kept: asks for nothing that the caller did not. */
  readonly bodyToPass: string
}

/** What a completion says about itself. */
export interface Told {
  readonly model: string
  readonly usage: Usage | undefined
  /** Digest material: the answer's content without ids, times and counts. */
  readonly content: unknown
  /** What it says in words, if that is all that it says, and it says one thing. */
  readonly text: string | undefined
  /** Why this answer must not be given to anybody else; `undefined` if it is worth keeping. */
  readonly unfit: string | undefined
}

/** One wire format. A completion and a chunk are JSON text here; only the dialect looks inside. */
export interface Dialect {
  /** Follows the `/v1`. */
  readonly path: string
  /** Reads a request body; a `ServiceError` 400 names the field at fault. */
  parse(body: string): Asked
  /** The chunks of a stream as they come. Throws `BrokenAnswer` if it fails or ends before the answer does. */
  listen(body: ReadableStream<Uint8Array>): AsyncGenerator<string>
  /** The completion that these chunks amount to. Throws if they make none. */
  fold(chunks: readonly string[]): string
  /** The chunks that this completion would have come in, as this caller asked to hear them. */
  unfold(completion: string, asked: Asked): string[]
  /** A live chunk as this caller asked to hear it; `undefined` if not at all. */
  hear(chunk: string, asked: Asked): string | undefined
  /** What a completion says about itself, given what was asked. */
  tell(completion: string, asked: Asked): Told
  /** A chunk as an event of the stream. */
  event(chunk: string): string
  /** What closes a stream that ended well. */
  readonly ending: string
}
