import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { admin } from '../../src/http/admin.ts'
import type { Env, Service } from '../../src/http/env.ts'
import { errorResponse, unknownUrl } from '../../src/http/errors.ts'
import { begin } from '../../src/http/observe.ts'
import { offices } from '../tenancy/offices.ts'

const ADMIN_KEY = 'an-admin-key-that-is-long'

/** The operator's routes, and nothing else. */
function desk(adminKey: string | undefined = ADMIN_KEY, maxBodyBytes = 10_000) {
  const { here, ...rest } = offices()
  const logged: unknown[] = []
  const note = (...args: unknown[]) => void logged.push(args)
  const log = { info: note, warn: note, error: note, flush() {} }
  const app = new Hono<Env>()
  app.use('*', begin)
  admin(app, { directory: here, adminKey, maxBodyBytes })
  app.notFound(unknownUrl)
  app.onError((error, c) => errorResponse(error, c, { log, usage: { fail() {} }, notice: {} } as unknown as Service))

  async function call(method: string, path: string, body?: unknown, authorization = `Bearer ${ADMIN_KEY}`) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers: { authorization }, ...(body !== undefined && { body: text }) }
    const response = await app.request(`/v1/admin${path}`, init)
    const { status, headers } = response
    return { status, headers, body: (await response.json()) as { [name: string]: unknown } }
  }
  return { ...rest, here, logged, call }
}

it('makes, shows, lists, replaces and removes a tenant', async () => {
  const { call } = desk()
  const made = await call('PUT', '/tenants/acme', { name: 'Acme', limits: { requestsPerMinute: 5 } })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ id: 'acme', name: 'Acme', limits: { requestsPerMinute: 5 }, source: 'admin' })
  expect(await call('GET', '/tenants/acme')).toMatchObject({ status: 200, body: made.body })
  expect((await call('GET', '/tenants')).body).toEqual({ tenants: [made.body] })
  const replaced = await call('PUT', '/tenants/acme', { name: 'Acme Inc.' })
  expect(replaced.status).toBe(200)
  expect(replaced.body).not.toHaveProperty('limits')
  expect(await call('DELETE', '/tenants/acme')).toMatchObject({ status: 200, body: { id: 'acme', deleted: true } })
  expect((await call('GET', '/tenants/acme')).status).toBe(404)
})

it('makes a key that admits, shows it once, and revokes it', async () => {
  const { call, here } = desk()
  await call('PUT', '/tenants/acme', { name: 'Acme' })
  const made = await call('POST', '/tenants/acme/keys', { name: 'ci', expiresAt: '2030-01-01T00:00:00Z' })
  expect(made.status).toBe(201)
  expect(made.headers.get('cache-control')).toBe('no-store')
  const { key, ...view } = made.body as { key: string; id: string }
  expect(await here.identify(`Bearer ${key}`)).toMatchObject({ tenant: 'acme', keyId: view.id })
  expect((await call('GET', '/tenants/acme/keys')).body).toEqual({ keys: [view] })
  const revoked = await call('DELETE', `/tenants/acme/keys/${view.id}`)
  expect(revoked).toMatchObject({ status: 200, body: { id: view.id, revokedAt: expect.any(String) } })
  await expect(here.identify(`Bearer ${key}`)).rejects.toMatchObject({ status: 401 })
})

it('sets, shows and takes away what holds in a namespace', async () => {
  const { call } = desk()
  const path = '/tenants/acme/namespaces/faq/policy'
  await call('PUT', '/tenants/acme', { name: 'Acme' })
  expect((await call('GET', path)).body).toEqual({})
  expect(await call('PUT', path, { ttlSeconds: 5 })).toMatchObject({ status: 200, body: { ttlSeconds: 5 } })
  expect((await call('GET', path)).body).toEqual({ ttlSeconds: 5 })
  expect((await call('GET', `${path}?effective`)).body).toMatchObject({
    ttlSeconds: { value: 5, from: 'tenant-namespace' },
    jitter: { value: 0.05, from: 'built-in' },
  })
  expect((await call('DELETE', path)).body).toEqual({ namespace: 'faq', deleted: true })
  expect((await call('GET', path)).body).toEqual({})
})

it('shows of a namespace called `constructor` no more than was said about it', async () => {
  const { call } = desk()
  await call('PUT', '/tenants/acme', { name: 'Acme', namespaces: {} })
  expect((await call('GET', '/tenants/acme/namespaces/constructor/policy')).body).toEqual({})
})

it.each([
  ['PUT', '/tenants/Acme', { name: 'x' }, 400, 'id'],
  ['PUT', '/tenants/acme%2Fkeys', { name: 'x' }, 400, 'id'],
  ['PUT', '/tenants/acme', {}, 400, 'name'],
  ['PUT', '/tenants/acme', { name: 'x', nmae: 'x' }, 400, 'nmae'],
  ['PUT', '/tenants/acme', { name: 'x', policy: { ttlSeconds: -1 } }, 400, 'policy.ttlSeconds'],
  ['PUT', '/tenants/acme', { name: 'x', namespaces: { faq: { ttl: 1 } } }, 400, 'namespaces.faq.ttl'],
  ['PUT', '/tenants/acme', '{ "name": "x", "namespaces": { "__proto__": {} } }', 400, 'namespaces'],
  ['PUT', '/tenants/acme', { name: 'x', limits: { usdPerDay: '5' } }, 400, 'limits.usdPerDay'],
  ['PUT', '/tenants/acme', { name: 'x', upstream: { apiKey: 'sk-1\r\nx: y' } }, 400, 'upstream.apiKey'],
  ['PUT', '/tenants/acme', { name: 'x'.repeat(10_001) }, 413, null],
  ['PUT', '/tenants/acme', '{', 400, null],
  ['PUT', '/tenants/acme', 'null', 400, null],
  ['POST', '/tenants/kept/keys', { name: 'x', expiresAt: 'soon' }, 400, 'expiresAt'],
  ['POST', '/tenants/none/keys', { name: 'x' }, 404, null],
  ['DELETE', '/tenants/kept/keys/key_0000000000000000', undefined, 404, null],
  ['DELETE', '/tenants/none', undefined, 404, null],
  ['GET', '/tenants/none/keys', undefined, 404, null],
  ['GET', '/tenants/%00', undefined, 404, null],
  ['PUT', '/tenants/kept/namespaces/a%2Fb/policy', {}, 400, 'namespace'],
  ['PUT', '/tenants/kept/namespaces/__proto__/policy', {}, 400, 'namespace'],
  ['PUT', '/tenants/kept/namespaces/faq/policy', { threshold: 95 }, 400, 'threshold'],
  ['PUT', '/tenants/none/namespaces/faq/policy', {}, 404, null],
  ['GET', '/tenants/none/namespaces/faq/policy?effective', undefined, 404, null],
])('answers %s %s of %j with %i, and names %s', async (method, path, body, status, param) => {
  const { call } = desk()
  await call('PUT', '/tenants/kept', { name: 'Kept' })
  const refused = await call(method, path, body)
  expect(refused.status).toBe(status)
  expect(refused.body['error']).toEqual({
    message: expect.any(String),
    type: 'invalid_request_error',
    param,
    code: expect.any(String),
  })
})

it('repeats no secret that it was given and did not take', async () => {
  const { call, logged } = desk()
  const { body } = await call('PUT', '/tenants/acme', { name: 'x', upstream: { apiKey: 'sk-secret\n' } })
  expect(JSON.stringify([body, logged])).not.toContain('secret')
})

it('writes no key into the log', async () => {
  const { call, logged } = desk()
  await call('PUT', '/tenants/acme', { name: 'Acme' })
  const { body } = await call('POST', '/tenants/acme/keys', { name: 'ci' })
  await call('GET', `/tenants/acme/keys/${'x'.repeat(10)}`)
  await call('GET', '/tenants/none')
  await call('GET', '/tenants', undefined, `Bearer ${body['key'] as string}`)
  expect(logged.length).toBeGreaterThan(0)
  expect(JSON.stringify(logged)).not.toContain((body['key'] as string).slice(3))
  expect(JSON.stringify(logged)).not.toContain(ADMIN_KEY)
})

it('brings sealed keys under the first secret, and says how many were not', async () => {
  const { call } = desk()
  await call('PUT', '/tenants/acme', { name: 'Acme', upstream: { apiKey: 'sk-provider-key-of-acme' } })
  expect((await call('POST', '/reseal')).body).toEqual({ resealed: 0 })
})
