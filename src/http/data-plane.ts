import type { Context, Hono } from 'hono'
import type { Call, Reply } from '../call.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { readDirectives } from '../keys/directives.ts'
import type { Standing } from '../tenancy/directory.ts'
import { forRequest } from '../tenancy/policies.ts'
import { readBody } from './body.ts'
import { outcomeHeaders } from './cache-status.ts'
import { EVENT_STREAM_HEADERS, eventStream, eventText } from './event-stream.ts'
import { forwarded, passedBack } from './headers.ts'
import type { Env, Service } from './env.ts'
import { observe } from './observe.ts'

/** What a backend calls instead of the model. */
export function dataPlane(app: Hono<Env>, service: Service): void {
  for (const dialect of service.dialects) {
    app.post(`/v1${dialect.path}`, async (c) => {
      const call = await readCall(c, dialect, service)
      const reply = await service.cache.answer(call)
      const { outcome } = reply
      // So that feedback on it can be understood by any replica, whatever happens to this one.
      if (outcome.kind === 'hit') c.set('requestId', service.hits.name(outcome, call.asked.question))
      return respond(c, observe(c, reply, call, service), call, service.notice)
    })
  }
}

/** Reads one request of a dialect: its body, its controls, its terms. A bad one ends here, as a `ServiceError` 400. */
export async function readCall(c: Context<Env>, dialect: Dialect, service: Service): Promise<Call> {
  return callOf(await readBody(c.req.raw, service.maxBodyBytes), dialect, sentWith(c), service)
}

/** What comes with a body: who sends it, and how. */
export interface SentWith {
  readonly standing: Standing
  readonly headers: Headers
  /** The request's query, with its question mark. */
  readonly search: string
  readonly waitedMs: number
}

export function sentWith(c: Context<Env>): SentWith {
  const { standing, waitedMs } = c.var
  return { standing, waitedMs, headers: c.req.raw.headers, search: searchOf(c.req.url) }
}

/** A body as a call. */
export async function callOf(
  body: string,
  dialect: Dialect,
  { standing, headers, search, waitedMs }: SentWith,
  service: Pick<Service, 'budgets' | 'forwardHeaders'>,
): Promise<Call> {
  const asked = dialect.parse(body)
  const directives = readDirectives(headers, asked.controls)
  const { tenant, keyId, quota, degraded, authorization } = standing
  const policy = forRequest(standing.policyOf(directives.namespace), directives)
  const refused = await service.budgets.refusal(standing)
  const who = { tenant, keyId, quota, degraded, refused, waitedMs }
  const path = dialect.path + search
  const sent = forwarded(headers, service.forwardHeaders)
  if (authorization) sent.headers.set('authorization', authorization)
  return { ...who, dialect, asked, directives, policy, path, ...sent }
}

/** A URL's query with its question mark. */
export function searchOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}

async function respond(c: Context<Env>, reply: Reply, call: Call, notice: Record<string, string>): Promise<Response> {
  const { asked, dialect } = call
  const requestId = c.get('requestId')
  const ours = { 'reprise-request-id': requestId, ...notice }
  if ('passed' in reply) {
    const { passed, outcome } = reply
    return new Response(passed.body, {
      status: passed.status,
      headers: { ...passedBack(passed), ...outcomeHeaders(outcome), ...ours },
    })
  }

  const { answer, outcome, head } = reply
  if (asked.streamed) {
    const chunks = answer.chunks(asked)
    const body = Symbol.iterator in chunks ? eventText(chunks, dialect) : eventStream(chunks, dialect)
    return c.body(body, 200, { ...theirs(), ...EVENT_STREAM_HEADERS, ...outcomeHeaders(outcome), ...ours })
  }
  const body = await answer.whole
  // Known by now if the store is near; who is far away must not keep the caller waiting.
  const kept = head && (await Promise.race([reply.kept, undefined]))
  return c.body(body, 200, {
    'content-type': 'application/json',
    ...theirs(),
    ...outcomeHeaders(outcome, kept),
    ...ours,
  })

  /** Only who asked the model hears what it said of that one call: its id, its limits, its timing. */
  function theirs(): Record<string, string> {
    if (!head) return { 'x-request-id': requestId }
    const { 'content-length': _, ...headers } = passedBack(head)
    // Asked for the whole, some servers stream all the same; what is told here is whole.
    if (headers['content-type']?.startsWith('text/event-stream')) delete headers['content-type']
    return { 'x-request-id': requestId, ...headers }
  }
}
