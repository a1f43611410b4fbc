import { errors, Redis } from '@upstash/redis'

export interface RedisAccess {
  readonly url: string
  readonly token: string
  /** How long one command may take. */
  readonly timeoutMs: number
}

/** Sends one command, once, and gives back its reply unread. Rejects with what went wrong, never with what was sent. */
export type Send = (command: string, ...args: (string | number)[]) => Promise<unknown>

/** The one client that store, sessions, leases and bus share. */
export function redisClient({ url, token, timeoutMs }: RedisAccess): Send {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    // A function, because after an abort by a plain signal the client takes the reply to have been `null`: a false miss.
    signal: () => AbortSignal.timeout(timeoutMs),
    // Else a kept "1" would come back as a number, and a kept "null" as nothing.
    automaticDeserialization: false,
    // Pipelines would gain little here, and part what is read from what is written, in no certain order.
    enableAutoPipelining: false,
    responseEncoding: 'base64',
    enableTelemetry: false,
  })

  return (command, ...args) =>
    redis.exec([command, ...args]).catch((error: unknown) => {
      throw new Error(`Upstash Redis ${faultOf(error, timeoutMs)}.`)
    })
}

// The error itself stays behind, even as a cause: it quotes the whole command, with keys, questions and answers.
function faultOf(error: unknown, timeoutMs: number): string {
  if (error instanceof errors.UpstashJSONParseError) return 'sent an answer that cannot be read'
  if (error instanceof errors.UpstashError) return `refused the command${reasonOf(error)}`
  if (error instanceof DOMException && error.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`
  // Only what the network did has a cause.
  if (error instanceof TypeError && error.cause !== undefined) return 'could not be reached'
  return 'sent an answer that cannot be read'
}

function reasonOf({ message }: Error): string {
  const [said = ''] = message.split(', command was: ')
  const [, reason] = REASONS.find(([pattern]) => pattern.test(said)) ?? []
  return reason ? `: ${reason}` : ''
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:WRONGPASS|NOAUTH)|unauthorized/i, 'it does not know the token (unauthorized)'],
  // By this word those who send scripts by their digests know that they must send them whole.
  [/^NOSCRIPT/, 'it does not know the script (NOSCRIPT)'],
  [/^NOPERM/i, 'the token may not do this (is it the read-only one?)'],
  [/capacity quota/i, 'the database is full (quota)'],
  [/max (?:daily )?requests? limit|rate.?limit|too many requests/i, 'too many requests (rate limit)'],
  [/max (?:request|record|single record) size/i, 'too large'],
]
