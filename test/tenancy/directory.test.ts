import { describe, expect, it } from 'vitest'
import { hashOf } from '../../src/tenancy/api-key.ts'
import { EMPTY_ROSTER, type Roster } from '../../src/tenancy/roster.ts'
import { createSecrets } from '../../src/tenancy/secrets.ts'
import { offices } from './offices.ts'

const INCORRECT = { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' }
const NEVER_MADE = `Bearer rp_${'x'.repeat(40)}`
const CHOSEN = 'a-key-that-somebody-thought-up'
const listed: Roster = {
  tenants: new Map([['acme', { terms: { id: 'acme', name: 'Acme' }, upstreamKey: 'sk-from-the-file' }]]),
  keys: new Map([[hashOf(CHOSEN), { id: 'key_0123456789abcdef', tenant: 'acme', name: 'web', createdAt: 0 }]]),
}

describe('by key', () => {
  it('knows the tenant of a key, and what holds for it', async () => {
    const { here, admit } = offices({ policies: { default: { ttlSeconds: 10 }, faq: { jitter: 0 } } })
    const terms = { limits: { requestsPerMinute: 5 }, quota: { maxEntries: 1, maxBytes: 2 } }
    const key = await admit('acme', { ...terms, namespaces: { faq: { ttlSeconds: 20 } } })
    const standing = await here.identify(key)
    expect(standing).toMatchObject({ tenant: 'acme', ...terms, keyLimits: {}, degraded: false })
    expect(standing.keyId).toMatch(/^key_[0-9a-f]{16}$/)
    expect(standing.authorization).toBeUndefined()
    expect(standing.policyOf('faq')).toMatchObject({ ttlMs: 20_000, jitter: 0 })
    expect(standing.policyOf('other')).toMatchObject({ ttlMs: 10_000, jitter: 0.05 })
    expect(standing.effective('faq').ttlSeconds).toEqual({ value: 20, from: 'tenant-namespace' })
  })

  it.each(['bearer', 'BEARER', 'Bearer  '])('takes a key after %j', async (scheme) => {
    const { here, admit } = offices()
    const key = (await admit('acme')).slice('Bearer '.length)
    expect((await here.identify(`${scheme} ${key}`)).tenant).toBe('acme')
  })

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic cnA6', 'rp_1', 'Bearer a b', 'Bearer ключ', 'Bearer \0'])(
    'says how to come with a key to whoever comes with %j',
    async (authorization) => {
      const refused = offices().here.identify(authorization)
      await expect(refused).rejects.toMatchObject({
        status: 401,
        code: 'invalid_api_key',
        message: expect.stringContaining("You didn't provide an API key."),
      })
    },
  )

  it('refuses keys that never were, were revoked or have run out in the same words', async () => {
    const { here, admit, advance, clock } = offices()
    const key = await admit('acme')
    const { id } = (await here.keys.list('acme'))[0]!
    const expiring = await here.keys.create(await here.tenants.own('acme'), { name: 'x', expiresAt: clock() + 1_000 })
    await here.identify(`Bearer ${expiring.key}`)
    advance(1_000)
    await here.keys.revoke('acme', id)

    for (const authorization of [
      NEVER_MADE,
      key,
      `Bearer ${expiring.key}`,
      'Bearer sk-1',
      `Bearer ${'x'.repeat(9999)}`,
    ])
      await expect(here.identify(authorization)).rejects.toMatchObject(INCORRECT)
  })

  it.each(['key/', 'tenant/acme', '__proto__', 'constructor', '../tenant/acme'])(
    'takes %j for a key like any other',
    async (token) => {
      const { here, admit } = offices()
      await admit('acme')
      await expect(here.identify(`Bearer ${token}`)).rejects.toMatchObject(INCORRECT)
    },
  )

  it('does not ask about what cannot be a key of ours', async () => {
    const { here, calls } = offices()
    await expect(here.identify('Bearer sk-proj-1')).rejects.toMatchObject(INCORRECT)
    expect(calls).toEqual([])
  })

  it('keeps out a tenant that is disabled, from the next second on everywhere', async () => {
    const { here, elsewhere, admit, advance, cut } = offices()
    const key = await admit('acme')
    await here.identify(key)
    cut()
    await elsewhere.tenants.put('acme', { name: 'Acme', disabled: true })
    advance(1_000)
    await expect(here.identify(key)).rejects.toMatchObject({ status: 403, code: 'tenant_disabled' })
  })

  it('has what has been changed here at once', async () => {
    const { here, admit } = offices()
    const key = await admit('acme')
    await here.identify(key)
    await here.tenants.setPolicy('acme', 'faq', { ttlSeconds: 7 })
    expect((await here.identify(key)).policyOf('faq').ttlMs).toBe(7_000)
  })

  it('shows the model the key of the tenant', async () => {
    const { here, admit } = offices()
    const key = await admit('acme', { upstream: { apiKey: 'sk-of-acme' } })
    expect((await here.identify(key)).authorization).toBe('Bearer sk-of-acme')
  })

  it('does not show the model the key of the service instead of one that it cannot open', async () => {
    const { here, elsewhere, admit } = offices({}, { secrets: createSecrets(['t'.repeat(32)]) })
    const key = await admit('acme', { upstream: { apiKey: 'sk-of-acme' } })
    await expect(here.identify(key)).resolves.toMatchObject({ tenant: 'acme' })
    await expect(elsewhere.identify(key)).rejects.toMatchObject({ status: 503, code: 'upstream_key_sealed' })
  })

  it('does not let a key of a tenant that is gone into the next one of its name', async () => {
    const { here, admit, advance, records } = offices()
    const key = await admit('acme')
    const kept = (await records.list('rules', 'key/'))[0]!
    await here.tenants.remove('acme')
    // As if it had been made while the tenant was being removed.
    await records.swap('rules', kept.id, undefined, kept.text)
    advance(1)
    await here.tenants.put('acme', { name: 'Another' })
    await expect(here.identify(key)).rejects.toMatchObject(INCORRECT)
  })
})

describe('by a file', () => {
  it('knows the tenants of the file, and shows the model their keys', async () => {
    const { here } = offices({ roster: () => listed })
    expect(await here.identify(`Bearer ${CHOSEN}`)).toMatchObject({
      tenant: 'acme',
      keyId: 'key_0123456789abcdef',
      authorization: 'Bearer sk-from-the-file',
      degraded: false,
    })
  })

  it('knows no key any more that the file no longer names', async () => {
    let roster = listed
    const { here } = offices({ roster: () => roster })
    await here.identify(`Bearer ${CHOSEN}`)
    roster = EMPTY_ROSTER
    await expect(here.identify(`Bearer ${CHOSEN}`)).rejects.toMatchObject(INCORRECT)
  })

  it('believes no other keys of a tenant that the file names', async () => {
    let roster = EMPTY_ROSTER
    const { here, admit } = offices({ roster: () => roster })
    const key = await admit('acme')
    roster = listed
    await expect(here.identify(key)).rejects.toMatchObject(INCORRECT)
  })
})

describe('by credential', () => {
  it('makes each credential a tenant of its own, which shows the model that credential', async () => {
    const { here } = offices({ auth: 'passthrough' })
    const [one, same, other] = await Promise.all(
      ['Bearer sk-1', 'bearer  sk-1 ', 'Bearer sk-2'].map((authorization) => here.identify(authorization)),
    )
    expect(one!.tenant).toMatch(/^pt_[0-9a-f]{24}$/)
    expect(one!.authorization).toBe('Bearer sk-1')
    expect(same).toMatchObject({ tenant: one!.tenant, authorization: 'Bearer sk-1' })
    expect(other!.tenant).not.toBe(one!.tenant)
  })

  it('names them otherwise under another secret', async () => {
    const one = await offices({ auth: 'passthrough' }).here.identify('Bearer sk-1')
    const secrets = createSecrets(['t'.repeat(32)])
    const other = await offices({ auth: 'passthrough', secrets }).here.identify('Bearer sk-1')
    expect(other.tenant).not.toBe(one.tenant)
  })

  it('has what holds for `default` hold for each of them', async () => {
    const { here } = offices({ auth: 'passthrough' })
    await here.tenants.put('default', { name: 'Everyone', limits: { requestsPerMinute: 1 }, policy: { ttlSeconds: 3 } })
    const standing = await here.identify('Bearer sk-1')
    expect(standing.limits).toEqual({ requestsPerMinute: 1 })
    expect(standing.policyOf('faq').ttlMs).toBe(3_000)
  })

  it('needs one', async () => {
    const { here } = offices({ auth: 'passthrough' })
    await expect(here.identify(undefined)).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
  })
})

describe('by nothing', () => {
  it('is the tenant `default`, whatever one comes with', async () => {
    const { here } = offices({ auth: 'none' })
    for (const authorization of [undefined, 'Bearer sk-1', NEVER_MADE])
      expect(await here.identify(authorization)).toMatchObject({ tenant: 'default', limits: {}, degraded: false })
  })
})

describe('when nobody can be asked', () => {
  it('lets in whom it knew last, but says that nothing else is certain', async () => {
    const { here, admit, breakDown, advance } = offices()
    const key = await admit('acme', { limits: { requestsPerMinute: 5 } })
    await here.identify(key)
    breakDown()
    advance(1_000)
    expect(await here.identify(key)).toMatchObject({
      tenant: 'acme',
      limits: { requestsPerMinute: 5 },
      degraded: true,
    })
  })

  it('cannot tell whose a key is that it has never seen', async () => {
    const { here, breakDown } = offices()
    breakDown()
    await expect(here.identify(NEVER_MADE)).rejects.toMatchObject({ status: 503, code: 'tenants_unavailable' })
  })

  it.each(['key/', 'tenant/', 'purges/'])(
    'says so as soon as it is not certain of what is under %s',
    async (prefix) => {
      const { here, admit, breakDownFor } = offices()
      const key = await admit('acme')
      expect((await here.identify(key)).degraded).toBe(false)
      breakDownFor(prefix)
      expect((await here.identify(key)).degraded).toBe(true)
    },
  )

  it('waits no longer for who does not answer than for who cannot', async () => {
    const { here, admit, hold, advance } = offices({ patienceMs: 1 })
    const key = await admit('acme')
    await here.identify(key)
    advance(1_000)
    hold('version')
    expect(await here.identify(key)).toMatchObject({ tenant: 'acme', degraded: true })
    await expect(here.identify(NEVER_MADE)).rejects.toMatchObject({ status: 503 })
  })

  it('keeps out whom it knew to be kept out', async () => {
    const { here, admit, breakDown, advance } = offices()
    const key = await admit('acme')
    await here.keys.revoke('acme', (await here.keys.list('acme'))[0]!.id)
    await here.identify(key).catch(() => {})
    breakDown()
    advance(1_000)
    await expect(here.identify(key)).rejects.toMatchObject(INCORRECT)
  })

  it.each(['none', 'passthrough'] as const)('lets everyone in by %s, for it needs nobody to ask', async (auth) => {
    const { here, breakDown } = offices({ auth })
    breakDown()
    expect(await here.identify('Bearer sk-1')).toMatchObject({ degraded: true })
  })

  it('cannot tell what has been purged of a tenant, even if a file names it', async () => {
    const { here, breakDown } = offices({ roster: () => listed })
    breakDown()
    expect(await here.identify(`Bearer ${CHOSEN}`)).toMatchObject({ tenant: 'acme', degraded: true })
  })
})

it('knows what has been purged of whoever it has let in', async () => {
  const { here, elsewhere, admit, advance } = offices()
  const key = await admit('acme')
  await elsewhere.purges.purge('acme', { all: true })
  advance(1_000)
  await here.identify(key)
  expect(here.purges.epochOf('acme')).toBe(1)
})

describe('for work in the background', () => {
  it('stands in for a tenant, with what holds for it but for its keys', async () => {
    const { here, admit } = offices()
    await admit('acme', { limits: { requestsPerMinute: 5 }, upstream: { apiKey: 'sk-of-acme' } })
    expect(await here.of('acme')).toMatchObject({
      tenant: 'acme',
      keyId: undefined,
      authorization: 'Bearer sk-of-acme',
      limits: { requestsPerMinute: 5 },
      degraded: false,
    })
  })

  it('stands in for nobody who is gone, or is kept out', async () => {
    const { here, admit } = offices()
    await admit('acme', { disabled: true })
    await expect(here.of('acme')).rejects.toMatchObject({ status: 403 })
    await expect(here.of('other')).rejects.toMatchObject({ status: 404 })
  })

  it('stands in for whoever passes through, without the key that nobody kept', async () => {
    const { here } = offices({ auth: 'passthrough' })
    await here.tenants.put('default', { name: 'Everyone', quota: { maxEntries: 1, maxBytes: 2 } })
    const { tenant } = await here.identify('Bearer sk-1')
    expect(await here.of(tenant)).toMatchObject({ tenant, authorization: undefined })
    expect(await here.quotaOf(tenant)).toEqual({ maxEntries: 1, maxBytes: 2 })
  })

  it('knows the quota even of a tenant whose upstream key does not open', async () => {
    const { here, elsewhere } = offices({}, { secrets: createSecrets(['t'.repeat(32)]) })
    const quota = { maxEntries: 1, maxBytes: 2 }
    await here.tenants.put('acme', { name: 'Acme', quota, upstream: { apiKey: 'sk-of-acme' } })
    expect(await elsewhere.quotaOf('acme')).toEqual(quota)
  })

  it('knows of no quota, not even of none, for whoever is gone', async () => {
    const { here, admit } = offices()
    await admit('acme')
    expect(await here.quotaOf('acme')).toBeUndefined()
    await here.tenants.remove('acme')
    await expect(here.quotaOf('acme')).rejects.toMatchObject({ status: 404 })
  })
})
