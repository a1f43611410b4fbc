import { expect, it } from 'vitest'
import { KeyTerms, newKey } from '../../src/tenancy/api-key.ts'
import { offices } from './offices.ts'

it('makes keys that are nothing but chance', () => {
  const keys = Array.from({ length: 1_000 }, newKey)
  for (const key of keys) expect(key).toMatch(/^rp_[0-9A-Za-z]{40}$/)
  expect(new Set(keys).size).toBe(1_000)
  // Each of 62 characters is due 645 times; 7 standard deviations are 177.
  const counts = new Map<string, number>()
  for (const character of keys.join('').replaceAll('rp_', '')) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(62)
  expect(Math.min(...counts.values())).toBeGreaterThan(645 - 177)
  expect(Math.max(...counts.values())).toBeLessThan(645 + 177)
})

it('tells a key once, and keeps nothing that it could be told from', async () => {
  const { here, records, admit } = offices()
  await admit('acme')
  const tenant = await here.tenants.own('acme')
  const { key, ...view } = await here.keys.create(tenant, { name: 'ci', limits: { requestsPerMinute: 1 } })
  expect(view).toEqual({
    id: expect.stringMatching(/^key_[0-9a-f]{16}$/),
    name: 'ci',
    hint: key.slice(-4),
    limits: { requestsPerMinute: 1 },
    source: 'admin',
    createdAt: '2023-11-14T22:13:20.000Z',
  })
  expect(await here.keys.list('acme')).toContainEqual(view)
  expect(JSON.stringify(await records.list('rules'))).not.toContain(key.slice(3, -4))
})

it('lists the keys of one tenant, the oldest first, and of no other', async () => {
  const { here, admit, advance } = offices()
  for (const id of ['acme', 'acme-2', 'acm']) await admit(id)
  advance(1_000)
  await here.keys.create(await here.tenants.own('acme'), { name: 'later' })
  expect((await here.keys.list('acme')).map(({ name }) => name)).toEqual(['backend', 'later'])
})

it('gives each of several keys its own limits', async () => {
  const { here, admit } = offices()
  const unlimited = await admit('acme', { limits: { requestsPerMinute: 9 } })
  const { key } = await here.keys.create(await here.tenants.own('acme'), { name: 'x', limits: { tokensPerMinute: 1 } })
  const [one, other] = [await here.identify(unlimited), await here.identify(`Bearer ${key}`)]
  expect([one.limits, other.limits]).toEqual([{ requestsPerMinute: 9 }, { requestsPerMinute: 9 }])
  expect([one.keyLimits, other.keyLimits]).toEqual([{}, { tokensPerMinute: 1 }])
  expect(one.keyId).not.toBe(other.keyId)
})

it('revokes one key, at once here and a second later everywhere, and goes on listing it', async () => {
  const { here, elsewhere, admit, advance, cut } = offices()
  const key = await admit('acme')
  const other = await here.keys.create(await here.tenants.own('acme'), { name: 'other' })
  await here.identify(key)
  const { id } = (await here.keys.list('acme')).find(({ name }) => name === 'backend')!
  cut()
  const revoked = await elsewhere.keys.revoke('acme', id)
  await expect(elsewhere.identify(key)).rejects.toMatchObject({ status: 401 })
  advance(1_000)
  await expect(here.identify(key)).rejects.toMatchObject({ status: 401 })
  await expect(here.identify(`Bearer ${other.key}`)).resolves.toBeDefined()
  expect(await here.keys.list('acme')).toContainEqual(revoked)
  expect(revoked.revokedAt).toBe('2023-11-14T22:13:20.000Z')
})

it('does not change when a key was revoked by revoking it again', async () => {
  const { here, admit, advance } = offices()
  await admit('acme')
  const { id } = (await here.keys.list('acme'))[0]!
  const revoked = await here.keys.revoke('acme', id)
  advance(1_000)
  expect(await here.keys.revoke('acme', id)).toEqual(revoked)
})

it('revokes no key of another tenant', async () => {
  const { here, admit } = offices()
  const key = await admit('acme')
  await admit('other')
  const { id } = (await here.keys.list('acme'))[0]!
  await expect(here.keys.revoke('other', id)).rejects.toMatchObject({ status: 404, code: 'key_not_found' })
  await expect(here.identify(key)).resolves.toBeDefined()
})

it.each(['', 'key_', '../acme', '__proto__', 'key_0123456789abcdeg', 'x'.repeat(10_000)])(
  'knows no key by the name %j',
  async (id) => {
    const { here, admit } = offices()
    await admit('acme')
    await expect(here.keys.revoke('acme', id)).rejects.toMatchObject({ status: 404 })
  },
)

it('never makes a key that is older than its tenant, whatever the clocks of two replicas say', async () => {
  const { here, admit, clock, advance } = offices()
  await admit('acme')
  const tenant = await here.tenants.own('acme')
  const { key, createdAt } = await here.keys.create({ ...tenant, createdAt: clock() + 5_000 }, { name: 'x' })
  expect(Date.parse(createdAt!)).toBe(clock() + 5_000)
  advance(5_000)
  await expect(here.identify(`Bearer ${key}`)).resolves.toBeDefined()
})

it.each([
  ['2027-01-01T00:00:00Z', Date.UTC(2027, 0, 1)],
  ['2027-01-01T02:00:00+02:00', Date.UTC(2027, 0, 1)],
])('lets a key run out at %s', (expiresAt, at) => {
  expect(KeyTerms.parse({ name: 'x', expiresAt }).expiresAt).toBe(at)
})

it.each(['tomorrow', '2027-01-01', '2027-13-01T00:00:00Z', '2027-01-01T00:00:00', 1_800_000_000, ''])(
  'lets no key run out at %j',
  (expiresAt) => {
    expect(KeyTerms.safeParse({ name: 'x', expiresAt }).success).toBe(false)
  },
)
