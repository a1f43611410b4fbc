import { hash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { ServiceError } from '../errors.ts'
import type { Env } from './env.ts'
import { unknownUrl } from './errors.ts'

/** Lets in the operator, and nobody else; where there is no key for one, there is nothing here. */
export function operatorOnly(adminKey: string | undefined): MiddlewareHandler<Env> {
  const expected = adminKey === undefined ? undefined : digest(adminKey)
  return async (c, next) => {
    if (!expected) return unknownUrl(c)
    const [, given = ''] = /^bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? []
    // Digests are of one length, and what part of one is right says nothing about the key.
    if (!timingSafeEqual(digest(given), expected)) {
      throw new ServiceError(401, 'invalid_api_key', 'Incorrect admin key provided.')
    }
    return next()
  }
}

function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}
