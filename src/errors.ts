/** An error that we mean the caller to see. Anything else is a bug and becomes a bare 500. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly status: number
  /** For programs: stable, snake_case. */
  readonly code: string
  /** The field or header at fault, as the caller wrote it. */
  readonly param: string | null
  constructor(status: number, code: string, message: string, options: ErrorOptions & { param?: string } = {}) {
    super(message, options)
    this.status = status
    this.code = code
    this.param = options.param ?? null
  }
}

/** What `only-if-cached` asks for when there is nothing to give. */
export function notCached(why: string): ServiceError {
  const message = `no answer is kept for this request (${why}), and only-if-cached forbids asking the model`
  return new ServiceError(504, 'cache_miss', message)
}

/** The model answered, but not with success. Its status, headers and body reach the caller as they came. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly response: Response
  /** True if the caller wanted a new answer, and not because there was none to give. */
  readonly askedFresh: boolean
  constructor(response: Response, askedFresh = false) {
    super(`the model answered ${response.status}`)
    this.response = response
    this.askedFresh = askedFresh
  }
}

/** True if the model could not answer at all, or not yet: an answer past its expiry may be better than that. */
export function isOutage(error: unknown): boolean {
  if (error instanceof UpstreamError) return error.response.status >= 500 || error.response.status === 429
  return error instanceof ServiceError && (error.status === 502 || error.status === 504)
}

/** The model began to answer and broke off; whoever listens must hear of it. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer'
  /** The error as JSON text: the model's own words if it sent any. */
  readonly said: string
  constructor(said?: string, options?: ErrorOptions) {
    super('the model broke off before its answer was complete', options)
    this.said = said ?? JSON.stringify(errorBody(502, 'upstream_broke_off', this.message))
  }
}

/** The shape that every OpenAI client knows how to read. */
export function errorBody(status: number, code: string, message: string, param: string | null = null) {
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return { error: { message, type, param, code } }
}
