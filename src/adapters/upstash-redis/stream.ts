import type { RedisAccess } from './client.ts'

/** What the stream of a channel says: that we are subscribed, or a message. */
export interface Said {
  readonly kind: string
  readonly text: string
}

/**
 * What is said on a channel, until the connection is lost. Not by the SDK: its own subscriber keeps to itself that its
 * stream has ended, and prints to the console that it broke.
 */
export async function* openStream(
  { url, token }: RedisAccess,
  channel: string,
  signal: AbortSignal,
): AsyncGenerator<Said> {
  const response = await fetch(`${url.replace(/\/$/, '')}/subscribe/${channel}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal,
  })
  for await (const line of linesOf(response)) {
    const [, kind, text] = /^data: ?(\w+),[^,]*,(.*)$/s.exec(line) ?? []
    if (kind !== undefined && text !== undefined) yield { kind, text }
  }
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  if (!body) return
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    yield* lines
  }
}
