import type { Hono } from 'hono'
import { ServiceError } from '../errors.ts'
import { cacheStatus } from './cache-status.ts'
import { searchOf } from './data-plane.ts'
import { unknownUrl } from './errors.ts'
import { passedBack, passedOn } from './headers.ts'
import type { Env, Service } from './env.ts'
import { metered } from './metered.ts'
import { spend } from './observe.ts'

/** Paths under `/v1` that are ours alone and never reach the model. */
const OURS = /^\/v1\/(?:cache|admin)(?:\/|$)/

/** Every other `/v1` path goes to the model as it is, and its answer comes back as it is; bodies are streamed. */
export function passThrough(app: Hono<Env>, service: Service): void {
  const { model, notice, log, budgets } = service
  app.all('/v1/*', async (c) => {
    if (OURS.test(c.req.path)) return unknownUrl(c)
    const { method, body, signal } = c.req.raw
    // Not `c.req.path`, which is decoded: `..%5C` must not become a way out of the model's base URL.
    const path = new URL(c.req.url).pathname.slice('/v1'.length) + searchOf(c.req.url)
    const headers = passedOn(c.req.raw.headers)
    const standing = c.get('standing')
    if (standing.authorization) headers.set('authorization', standing.authorization)
    const refused = await budgets.refusal(standing)
    if (refused) throw refused
    const response = await model
      .send(path, { method, headers, body: body ?? undefined, signal })
      .catch((cause: unknown) => {
        throw new ServiceError(502, 'upstream_unreachable', 'the model could not be reached', { cause })
      })
    log.info({ requestId: c.var.requestId, path: c.req.path, method, outcome: 'bypass', detail: 'pass-through' })
    const status = cacheStatus({ kind: 'bypass', why: 'pass-through' })
    const { tenant, keyId } = standing
    const { body: metering } = metered(response, ({ usage, model = '' }) =>
      spend(standing, { tenant, keyId, namespace: 'default', model }, usage, service),
    )
    return new Response(metering, {
      status: response.status,
      headers: { ...passedBack(response), 'cache-status': status, 'reprise-request-id': c.var.requestId, ...notice },
    })
  })
}
