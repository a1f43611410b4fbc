import type { ZodError } from 'zod'
import type { Faults, MockError } from './mock-rules.ts'

/** An answer before it is sent, as the writes that its body will be made of. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly writes: readonly Uint8Array[]
  readonly streamed: boolean
  /** What is to go wrong with it. */
  readonly faults?: Faults
}

/** An answer in one piece. It is written in two halves, so that it can break in between. */
export function jsonReply(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  const bytes = encoder.encode(JSON.stringify(body))
  const half = bytes.length / 2
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    writes: [bytes.subarray(0, half), bytes.subarray(half)],
    streamed: false,
  }
}

/** An answer as server-sent events, a write each. */
export function eventsReply(events: readonly object[]): Reply {
  const lines = [...events.map((event) => JSON.stringify(event)), '[DONE]']
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    writes: lines.map((line) => encoder.encode(`data: ${line}\n\n`)),
    streamed: true,
  }
}

/** An error in the shape that OpenAI gives its own. */
export function errorReply({ status, message, type, param = null, code = null, headers }: MockError): Reply {
  const error = {
    message: message ?? `The mock model was told to answer ${status}.`,
    type: type ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
    param,
    code,
  }
  return jsonReply({ error }, status, headers)
}

/** Tells the caller the first thing that is wrong with the request, as the real service does. */
export function invalidRequest({ issues: [issue] }: ZodError): Reply {
  const path = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  const param = path?.slice(1) || null
  const message = `Invalid ${param ? `'${param}'` : 'request body'}: ${issue?.message}`
  return errorReply({ status: 400, message, param })
}

const encoder = new TextEncoder()
