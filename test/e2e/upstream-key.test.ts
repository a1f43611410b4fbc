import { expect, it } from 'vitest'
import { startUpstream } from '../support/upstream.ts'
import { ADMIN_KEY, type Replica, embeddedSite, startReplica } from './sites.ts'

const [OLD, NEW] = [
  'the old secret of more than thirty-two characters',
  'the new secret of more than thirty-two characters',
]
const OWN_KEY = 'sk-acme-own-key-for-the-model'

it('shows the model a tenant’s own key, and the service’s for whoever has none', async () => {
  const { start, authorizations } = await house()
  const replica = await start(OLD)
  const [acme, globex] = [await joins(replica, 'acme', OWN_KEY), await joins(replica, 'globex')]
  for (const key of [acme, globex]) expect((await replica.ask(key, 'Hello')).status).toBe(200)
  expect((await replica.request(acme, 'GET', '/v1/models')).status).toBe(200)
  expect(authorizations()).toEqual([`Bearer ${OWN_KEY}`, 'Bearer sk-of-the-service', `Bearer ${OWN_KEY}`])
})

it('writes neither a tenant’s key for the model nor its key for us', async () => {
  const { start, site } = await house()
  const replica = await start(OLD)
  const key = await joins(replica, 'acme', OWN_KEY)
  await replica.ask(key, 'Hello')
  expect(site.written()).toContain('"acme"')
  for (const secret of [OWN_KEY, key, OLD, ADMIN_KEY]) expect(site.written()).not.toContain(secret)
})

it('opens what the old secret sealed while the new one is in front of it', async () => {
  const { start, authorizations } = await house()
  const before = await start(OLD)
  const key = await joins(before, 'acme', OWN_KEY)
  await before.close()
  const after = await start(`${NEW},${OLD}`)
  expect((await after.ask(key, 'Hello')).status).toBe(200)
  expect(authorizations()).toEqual([`Bearer ${OWN_KEY}`])
})

it('needs only the secret in front for what has been sealed since', async () => {
  const { start, authorizations } = await house()
  const both = await start(`${NEW},${OLD}`)
  const key = await joins(both, 'acme', OWN_KEY)
  await both.close()
  const after = await start(NEW)
  expect((await after.ask(key, 'Hello')).status).toBe(200)
  expect(authorizations()).toEqual([`Bearer ${OWN_KEY}`])
})

it('refuses, rather than have somebody else pay, where a key cannot be opened', async () => {
  const { start, authorizations } = await house()
  const before = await start(OLD)
  const key = await joins(before, 'acme', OWN_KEY)
  await before.close()
  const after = await start(NEW)
  expect(await after.ask(key, 'Hello')).toMatchObject({ status: 503, code: 'upstream_key_sealed' })
  expect(authorizations()).toEqual([])
})

/** A folder in which the service is started again and again, and what the model is shown meanwhile. */
async function house() {
  const upstream = await startUpstream()
  const site = embeddedSite()
  const env = {
    ...site.env,
    OPENAI_BASE_URL: upstream.baseURL,
    OPENAI_API_KEY: 'sk-of-the-service',
    REPRISE_AUTH: 'keys',
  }
  return {
    site,
    start: (secret: string) => startReplica({ ...env, REPRISE_SECRET: secret }),
    authorizations: () => upstream.calls.map(({ headers }) => headers.authorization),
  }
}

/** A new tenant; gives back its key for us. */
async function joins({ operator }: Replica, tenant: string, apiKey?: string): Promise<string> {
  const terms = { name: tenant, ...(apiKey !== undefined && { upstream: { apiKey } }) }
  expect((await operator('PUT', `/tenants/${tenant}`, terms)).status).toBe(201)
  return (JSON.parse((await operator('POST', `/tenants/${tenant}/keys`, { name: 'backend' })).text) as { key: string })
    .key
}
