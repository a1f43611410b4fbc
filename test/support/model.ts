import type { Model, ModelRequest } from '../../src/ports.ts'

export type Send = Model['send']

/** A model that says this, whole or as a stream, whichever it is asked for. */
export function says(content: string, members: object = {}): Send {
  return async (_, request) =>
    wantsStream(request) ? streaming(tellable([delta(content), ...END], request)) : json(completion(content, members))
}

/** A model that does each of these in turn, and the last one from then on. */
export function inTurn(...turns: Send[]): Send {
  let at = 0
  return (path, request) => turns[Math.min(at++, turns.length - 1)]!(path, request)
}

export const wantsStream = ({ body }: ModelRequest): boolean =>
  typeof body === 'string' && body.includes('"stream":true')

/** A completion as the wire has it. */
export function completion(content: string | null, members: object = {}) {
  const message = { role: 'assistant', content, refusal: null, annotations: [] }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_770_933_883,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: USAGE,
    system_fingerprint: 'fp_1',
    ...members,
  }
}

export const USAGE = { prompt_tokens: 14, completion_tokens: 3, total_tokens: 17 }

export function json(value: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(value), {
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) },
  })
}

/** A stream of events, each as it comes. */
export function streaming(
  events: Iterable<string> | AsyncIterable<string>,
  headers: Record<string, string> = {},
): Response {
  const body = ReadableStream.from(events).pipeThrough(new TextEncoderStream())
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers } })
}

/** An event that says a piece of the answer. */
export const delta = (content: string) =>
  event({ choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }], usage: null })

/** The events that end an answer: why it ended, what it cost, and that nothing follows. */
export const END: readonly string[] = [
  event({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage: null }),
  event({ choices: [], usage: USAGE }),
  'data: [DONE]\n\n',
]

/** The token counts are told only to those who ask for them, and so is that there are none yet. */
function tellable(events: readonly string[], { body }: ModelRequest): readonly string[] {
  if (String(body).includes('"include_usage":true')) return events
  return events.filter((event) => !event.includes('"usage":{')).map((event) => event.replace(',"usage":null', ''))
}

function event(members: object): string {
  const head = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_770_933_892,
    model: 'gpt-4o-mini-2024-07-18',
  }
  return `data: ${JSON.stringify({ ...head, ...members })}\n\n`
}
