import type { Context, MiddlewareHandler } from 'hono'
import type { Call, Reply } from '../call.ts'
import { detailOf } from '../insight/outcome.ts'
import type { Env, Service } from './env.ts'

/** Notes when a request came, and gives it a name. */
export const begin: MiddlewareHandler<Env> = (c, next) => {
  c.set('startedAt', performance.now())
  c.set('requestId', `req_${crypto.randomUUID().replaceAll('-', '')}`)
  return next()
}

/** Counts and logs one answered request: a hit at once, anything else when its answer is complete. */
export function observe(c: Context<Env>, reply: Reply, call: Call, { stats, log }: Service): void {
  const { outcome } = reply
  const requestId = c.get('requestId')
  const startedAt = c.get('startedAt')
  const done = (kept?: string) => {
    const tookMs = performance.now() - startedAt
    stats.observe({ outcome, tookMs, ...(kept !== undefined && { kept }) })
    log.info({
      requestId,
      // Without the query, in which some clients carry a key.
      path: c.req.path,
      model: call.asked.model,
      tenant: call.tenant,
      namespace: call.directives.namespace,
      streamed: call.asked.streamed,
      outcome: outcome.kind,
      detail: detailOf(outcome),
      ...(kept !== undefined && { kept }),
      ms: Math.round(tookMs * 1000) / 1000,
    })
  }
  if (outcome.kind === 'hit' || 'passed' in reply) return done()
  void reply.kept.then(done)
}
