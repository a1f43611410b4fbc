import { Index } from '@upstash/vector'

export interface VectorAccess {
  readonly url: string
  readonly token: string
  /** How long one request may take. */
  readonly timeoutMs: number
}

/** Asks the service, once, and gives back its answer unread. Rejects with what went wrong, never with what was asked. */
export type Ask = (question: (index: Index) => Promise<unknown>) => Promise<unknown>

export function vectorClient({ url, token, timeoutMs }: VectorAccess): Ask {
  const index = new Index({
    url,
    token,
    retry: { retries: 0 },
    // A function, because after an abort by a plain signal the client takes the answer to have been `{}`.
    signal: () => AbortSignal.timeout(timeoutMs),
    enableTelemetry: false,
  })

  return (question) =>
    question(index).catch((error: unknown) => {
      throw new Error(`Upstash Vector ${faultOf(error, timeoutMs)}.`)
    })
}

// The error itself stays behind, even as a cause: services quote what they are asked.
function faultOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'UpstashError') return `refused the request${reasonOf(error)}`
  if (error instanceof DOMException && error.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`
  // Only what the network did has a cause.
  if (error instanceof TypeError && error.cause !== undefined) return 'could not be reached'
  return 'sent an answer that cannot be read'
}

function reasonOf({ message }: Error): string {
  const [, reason] = REASONS.find(([pattern]) => pattern.test(message)) ?? []
  return reason ? `: ${reason}` : ''
}

// Each from its beginning: what follows may be the caller's own words.
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^unauthorized/i, 'it does not know the token (unauthorized)'],
  [/^forbidden/i, 'the token may not do this (is it the read-only one?)'],
  [/^invalid vector dimension/i, 'vectors of another size than the index has'],
  [/^embedding data for this index is not allowed/i, 'the index has no embedding model'],
  [/^too many requests|^rate.?limit|^exceeded/i, 'too many requests (rate limit)'],
  [/^the index is full|^[\w\s]{0,40}quota/i, 'the index is full (quota)'],
]
