/** What reaches the model of a cached request's headers: these, and those that begin with one of the prefixes. */
const FORWARDED = new Set([
  'accept',
  'baggage',
  'idempotency-key',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-client-request-id',
])
const FORWARDED_PREFIXES = ['openai-', 'x-stainless-']

/** RFC 9110, 7.6.1, and what our own HTTP client sets itself. */
const HOP_BY_HOP = new Set([
  'accept-encoding',
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export interface Forwarded {
  readonly headers: Headers
  /** Those that may shape the answer, and so belong to the scope. */
  readonly shaping: Record<string, string>
}

/**
 * The headers of a cached request that the model gets to see. An allow-list: a header that is not forwarded cannot
 * shape the answer, so two requests that differ only there may share one. `extra` names headers of the operator's own.
 */
export function forwarded(all: Headers, extra: ReadonlySet<string>): Forwarded {
  // It has been read as JSON by now, whatever the caller, or the caller's tool, called it.
  const headers = new Headers({ 'content-type': 'application/json' })
  const shaping: Record<string, string> = {}
  for (const [name, value] of all) {
    const shapes = name.startsWith('openai-') || extra.has(name)
    if (shapes) shaping[name] = value
    if (shapes || FORWARDED.has(name) || FORWARDED_PREFIXES.some((prefix) => name.startsWith(prefix)))
      headers.set(name, value)
  }
  return { headers, shaping }
}

/** The headers of a request that merely passes through: all but what is between the caller and us. */
export function passedOn(all: Headers): Headers {
  const headers = new Headers()
  for (const [name, value] of all) {
    const ours =
      name === 'authorization' || name === 'cookie' || name === 'cache-control' || name.startsWith('reprise-')
    if (!ours && !HOP_BY_HOP.has(name)) headers.set(name, value)
  }
  return headers
}

/** The headers of a model's response that its caller gets to see. */
export function passedBack(response: Response): Record<string, string> {
  const headers: Record<string, string> = {}
  // Our client has already decoded the body, so its encoding and its length no longer hold.
  const encoded = response.headers.has('content-encoding')
  for (const [name, value] of response.headers) {
    const untrue = name === 'content-encoding' || (name === 'content-length' && encoded)
    if (!untrue && name !== 'set-cookie' && !HOP_BY_HOP.has(name)) headers[name] = value
  }
  return headers
}
