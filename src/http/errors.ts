import type { Context } from 'hono'
import { BrokenAnswer, ServiceError, UpstreamError, errorBody } from '../errors.ts'
import { passedBack } from './headers.ts'
import type { Env, Service } from './env.ts'

/** The one door through which errors leave: all in the shape that OpenAI's clients read. */
export function errorResponse(error: Error, c: Context<Env>, { log, usage, notice }: Service): Response {
  const requestId = c.get('requestId')
  const ours = { 'reprise-request-id': requestId, ...notice }
  const note = { requestId, method: c.req.method, path: c.req.path }

  if (error instanceof UpstreamError) {
    // As it came, so that a client's own retries work: status, body, `retry-after-ms` and all.
    const { response, askedFresh } = error
    const status = `reprise; fwd=${askedFresh ? 'request' : 'uri-miss'}; fwd-status=${response.status}`
    usage.fail(`model.${response.status}`, c.get('standing')?.tenant)
    log.info({ ...note, status: response.status, error: 'upstream' })
    const headers = { ...passedBack(response), 'cache-status': status, ...ours }
    return new Response(response.body, { status: response.status, headers })
  }
  const headers = { ...c.get('limits'), 'x-request-id': requestId, ...ours }
  if (error instanceof BrokenAnswer) {
    usage.fail('model.broke_off', c.get('standing')?.tenant)
    log.warn({ ...note, status: 502, error: 'broke_off' })
    return c.body(error.said, 502, { 'content-type': 'application/json', ...headers })
  }
  if (error instanceof ServiceError) {
    const { status, code, message, param } = error
    // Whoever came to grief, it is theirs: others must not see in their own counts what a tenant does.
    if (status >= 500 || status === 429) usage.fail(code, c.get('standing')?.tenant)
    log[status < 500 ? 'info' : 'warn']({ ...note, status, error: code })
    // A budget that is spent is not there again in a moment, as OpenAI's clients would think of a 429.
    const retry = code === 'insufficient_quota' && { 'x-should-retry': 'false' }
    const said = { ...headers, ...retry, 'cache-status': `reprise; detail=${code}` }
    return c.json(errorBody(status, code, message, param), status as 500, said)
  }
  log.error({ ...note, status: 500, err: error })
  return c.json(errorBody(500, 'internal_error', 'internal error'), 500, headers)
}

export function unknownUrl(c: Context<Env>): Response {
  const error = errorBody(404, 'unknown_url', `unknown URL (${c.req.method} ${c.req.path})`)
  return c.json(error, 404, { 'reprise-request-id': c.get('requestId') })
}
