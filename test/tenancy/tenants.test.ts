import { expect, it } from 'vitest'
import { hashOf } from '../../src/tenancy/api-key.ts'
import { EMPTY_ROSTER, type Roster } from '../../src/tenancy/roster.ts'
import { createSecrets } from '../../src/tenancy/secrets.ts'
import { TenantInput } from '../../src/tenancy/tenant.ts'
import { offices } from './offices.ts'

const roster: Roster = {
  tenants: new Map([['listed', { terms: { id: 'listed', name: 'Listed' }, upstreamKey: 'sk-from-the-file' }]]),
  keys: new Map([
    [hashOf('chosen'), { id: 'key_0123456789abcdef', tenant: 'listed', name: 'web', createdAt: 0, expiresAt: 0 }],
  ]),
}

it('makes a tenant, and replaces all that holds for one', async () => {
  const { here, advance } = offices()
  const made = await here.tenants.put('acme', { name: 'Acme', policy: { ttlSeconds: 1 } })
  expect(made.created).toBe(true)
  advance(1_000)
  const { tenant, created } = await here.tenants.put('acme', { name: 'Acme Inc.' })
  expect(created).toBe(false)
  expect(tenant).toEqual({
    id: 'acme',
    name: 'Acme Inc.',
    source: 'admin',
    createdAt: made.tenant.createdAt,
    updatedAt: '2023-11-14T22:13:21.000Z',
  })
  expect(await here.tenants.get('acme')).toEqual(tenant)
})

it('lists those it keeps and those of the file, by their names', async () => {
  const { here } = offices({ roster: () => roster })
  await here.tenants.put('zeta', { name: 'Z' })
  await here.tenants.put('acme', { name: 'A' })
  expect((await here.tenants.list()).map(({ id, source }) => [id, source])).toEqual([
    ['acme', 'admin'],
    ['listed', 'file'],
    ['zeta', 'admin'],
  ])
})

it('does not list twice what the file names as well', async () => {
  let now = EMPTY_ROSTER
  const { here } = offices({ roster: () => now })
  await here.tenants.put('listed', { name: 'Kept' })
  now = roster
  expect((await here.tenants.list()).map(({ name }) => name)).toEqual(['Listed'])
})

it.each(['', 'Acme', '-acme', 'a/b', 'a_b', 'é', 'a\n', 'pt_1', '__proto__', 'x'.repeat(64)])(
  'takes %j for no name of a tenant',
  async (id) => {
    const { here } = offices()
    await expect(here.tenants.put(id, { name: 'x' })).rejects.toMatchObject({ status: 400, param: 'id' })
    await expect(here.tenants.get(id)).rejects.toMatchObject({ status: 404, code: 'tenant_not_found' })
    await expect(here.tenants.remove(id)).rejects.toMatchObject({ status: 404 })
  },
)

it.each(['constructor', 'x'.repeat(63), '0', 'tostring'])('takes %j for a name like any other', async (id) => {
  const { here } = offices()
  await expect(here.tenants.get(id)).rejects.toMatchObject({ status: 404 })
  await here.tenants.put(id, { name: 'x' })
  expect((await here.tenants.get(id)).id).toBe(id)
})

it('shows no more of an upstream key than its end, and keeps it sealed', async () => {
  const { here, records } = offices()
  const { tenant } = await here.tenants.put('acme', { name: 'Acme', upstream: { apiKey: 'sk-of-acme' } })
  expect(tenant.upstream).toEqual({ hint: 'acme' })
  expect(JSON.stringify(await records.list('rules'))).not.toContain('sk-of')
})

it('keeps an upstream key until another is given, or none', async () => {
  const { here } = offices()
  await here.tenants.put('acme', { name: 'Acme', upstream: { apiKey: 'sk-of-acme' } })
  expect((await here.tenants.put('acme', { name: 'Acme' })).tenant.upstream).toEqual({ hint: 'acme' })
  expect((await here.tenants.put('acme', { name: 'A', upstream: null })).tenant).not.toHaveProperty('upstream')
})

it('keeps no upstream key if it could not seal it', async () => {
  const { here } = offices({ secrets: undefined })
  const given = here.tenants.put('acme', { name: 'Acme', upstream: { apiKey: 'sk-of-acme' } })
  await expect(given).rejects.toMatchObject({ status: 409, code: 'no_secret', param: 'upstream.apiKey' })
  await expect(here.tenants.get('acme')).rejects.toMatchObject({ status: 404 })
})

it('seals every upstream key anew, so that an old secret can go', async () => {
  const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)]
  const { here, elsewhere, admit } = offices({ secrets: createSecrets([NEW, OLD]) }, { secrets: createSecrets([OLD]) })
  await elsewhere.tenants.put('acme', { name: 'Acme', upstream: { apiKey: 'sk-of-acme' } })
  await here.tenants.put('other', { name: 'Other' })
  expect(await here.tenants.reseal()).toBe(1)
  expect(await here.tenants.reseal()).toBe(0)
  await expect(elsewhere.identify(await admit('acme'))).rejects.toMatchObject({ code: 'upstream_key_sealed' })
})

it('lets nobody in any more who had a key of a tenant that is removed', async () => {
  const { here, admit, records } = offices()
  const key = await admit('acme')
  await here.tenants.remove('acme')
  await expect(here.identify(key)).rejects.toMatchObject({ status: 401 })
  expect((await records.list('rules')).map(({ id }) => id)).toEqual(['purges/acme'])
})

it('lets nobody in while it is only half removed, and can be removed again', async () => {
  const { here, elsewhere, admit, breakDownFor } = offices()
  const key = await admit('acme')
  breakDownFor('tenant-key/')
  await expect(here.tenants.remove('acme')).rejects.toThrow('down')
  await expect(here.identify(key)).rejects.toMatchObject({ status: 403 })
  await elsewhere.tenants.remove('acme')
  await expect(here.identify(key)).rejects.toMatchObject({ status: 401 })
})

it('sets and takes away what holds for one namespace, and leaves the others as they are', async () => {
  const { here } = offices()
  await here.tenants.put('acme', { name: 'Acme', namespaces: { faq: { ttlSeconds: 1 } } })
  await here.tenants.setPolicy('acme', 'constructor', { ttlSeconds: 2 })
  expect((await here.tenants.get('acme')).namespaces).toEqual({
    faq: { ttlSeconds: 1 },
    constructor: { ttlSeconds: 2 },
  })
  await here.tenants.setPolicy('acme', 'faq', undefined)
  expect((await here.tenants.get('acme')).namespaces).toEqual({ constructor: { ttlSeconds: 2 } })
})

it('loses nothing when two namespaces are set at once on two replicas', async () => {
  const { here, elsewhere } = offices()
  await here.tenants.put('acme', { name: 'Acme' })
  await Promise.all(
    Array.from({ length: 10 }, (_, nth) =>
      (nth % 2 ? here : elsewhere).tenants.setPolicy('acme', `n${nth}`, { ttlSeconds: nth }),
    ),
  )
  expect(Object.keys((await here.tenants.get('acme')).namespaces!)).toHaveLength(10)
})

it('refuses more namespaces than a tenant can be read with', async () => {
  const { here } = offices()
  const namespaces = Object.fromEntries(Array.from({ length: 256 }, (_, nth) => [`n${nth}`, {}]))
  await here.tenants.put('acme', { name: 'Acme', namespaces })
  await expect(here.tenants.setPolicy('acme', 'n', {})).rejects.toMatchObject({ status: 400, param: 'namespaces' })
  expect(Object.keys((await here.tenants.get('acme')).namespaces!)).toHaveLength(256)
})

it('changes nothing that the file says', async () => {
  const { here } = offices({ roster: () => roster })
  const readOnly = { status: 409, code: 'tenant_read_only' }
  await expect(here.tenants.put('listed', { name: 'Mine' })).rejects.toMatchObject(readOnly)
  await expect(here.tenants.remove('listed')).rejects.toMatchObject(readOnly)
  await expect(here.tenants.setPolicy('listed', 'faq', {})).rejects.toMatchObject(readOnly)
  await expect(here.tenants.own('listed')).rejects.toMatchObject(readOnly)
  await expect(here.keys.revoke('listed', 'key_0123456789abcdef')).rejects.toMatchObject(readOnly)
  expect(await here.tenants.get('listed')).toMatchObject({ source: 'file', upstream: { hint: 'file' } })
})

it('says what holds in a namespace, and whose word it is', async () => {
  const { here } = offices({ policies: { default: { jitter: 0 } } })
  await here.tenants.put('acme', { name: 'Acme', policy: { ttlSeconds: 1 } })
  expect(await here.effective('acme', 'faq')).toMatchObject({
    jitter: { value: 0, from: 'policies-default' },
    ttlSeconds: { value: 1, from: 'tenant' },
  })
})

it.each([
  ['without a name', {}],
  ['with an empty name', { name: '' }],
  ['with a name that breaks the line', { name: 'a\nb' }],
  ['with half a character in its name', { name: '\uD800' }],
  ['with a name that nobody reads to its end', { name: 'x'.repeat(201) }],
  ['with something that is not known', { name: 'x', disable: true }],
  ['with a prototype', JSON.parse('{ "name": "x", "__proto__": { "disabled": true } }')],
  ['with a namespace that a record would drop', JSON.parse('{ "name": "x", "namespaces": { "__proto__": {} } }')],
  ['with an upstream key that would break the header', { name: 'x', upstream: { apiKey: 'sk-1234567\r\nx: y' } }],
  ['with half a quota', { name: 'x', quota: { maxEntries: 1 } }],
  ['with a quota of less than nothing', { name: 'x', quota: { maxEntries: -1, maxBytes: 0 } }],
])('takes nothing for a tenant that comes %s', (_, input) => {
  expect(TenantInput.safeParse(input).success).toBe(false)
})
