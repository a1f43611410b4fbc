import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { ServiceError } from '../../src/errors.ts'
import { operatorOnly } from '../../src/http/auth.ts'
import type { Env } from '../../src/http/env.ts'
import { begin } from '../../src/http/observe.ts'

const KEY = 'an-admin-key-that-is-long'

async function knock(adminKey: string | undefined, authorization?: string, path = '/v1/admin/tenants') {
  const app = new Hono<Env>()
  app.use('*', begin)
  app.use('/v1/admin/*', operatorOnly(adminKey))
  app.all('/v1/admin/*', (c) => c.text('come in'))
  app.onError((error, c) => {
    if (!(error instanceof ServiceError)) throw error
    return c.text(error.code, error.status as 401)
  })
  const response = await app.request(path, { headers: authorization === undefined ? {} : { authorization } })
  return { status: response.status, text: await response.text() }
}

it.each([`Bearer ${KEY}`, `bearer  ${KEY}`])('lets in the operator by %j', async (authorization) => {
  expect(await knock(KEY, authorization)).toEqual({ status: 200, text: 'come in' })
})

it.each([
  undefined,
  '',
  KEY,
  'Bearer',
  'Bearer ',
  `Bearer ${KEY}x`,
  `Bearer ${KEY.slice(0, -1)}`,
  `Bearer ${KEY} ${KEY}`,
  `Basic ${KEY}`,
  `Bearer rp_${'x'.repeat(40)}`,
  `Bearer ${'x'.repeat(10_000)}`,
])('does not let in whoever comes with %j', async (authorization) => {
  expect(await knock(KEY, authorization)).toEqual({ status: 401, text: 'invalid_api_key' })
})

it.each(['/v1/admin', '/v1/admin/', '/v1/admin/stats', '/v1/admin/a/b/c', '/v1/%61dmin/tenants'])(
  'lets nobody else get to %s',
  async (path) => {
    expect((await knock(KEY, 'Bearer nobody', path)).status).toBe(401)
  },
)

it.each([undefined, 'Bearer undefined', 'Bearer ', ''])(
  'has nothing to show to %j where there is no operator',
  async (authorization) => {
    const { status, text } = await knock(undefined, authorization)
    expect(status).toBe(404)
    expect(JSON.parse(text).error.code).toBe('unknown_url')
  },
)
