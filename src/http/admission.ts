import type { MiddlewareHandler } from 'hono'
import { ServiceError } from '../errors.ts'
import type { Env, Service } from './env.ts'

/** Paths of the data plane are limited; those about the cache itself are what one turns to when a limit is reached. */
const UNLIMITED = /^\/v1\/(?:cache|admin)(?:\/|$)/

/** Lets in who has a key, and as much of them as their limits allow. */
export function admission({ identify, limits, clock }: Service): MiddlewareHandler<Env> {
  return async (c, next) => {
    const askedAt = clock()
    const standing = await identify(c.req.header('authorization'))
    c.set('standing', standing)
    c.set('waitedMs', clock() - askedAt)
    if (UNLIMITED.test(c.req.path)) return next()

    const { allowed, why, headers, retryAfterMs } = await limits.admit(standing)
    c.set('limits', headers)
    if (!allowed) {
      const message = `Rate limit reached: too many ${why} per minute. Please try again in ${Math.ceil(retryAfterMs / 1000)} s.`
      throw new ServiceError(429, 'rate_limit_exceeded', message)
    }
    await next()
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
    return undefined
  }
}
