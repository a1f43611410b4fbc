import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { listen } from '../../src/http/serve.ts'
import { ADMIN_KEY, type Auth, type Caller, type Headings, bearer, openHouse } from '../support/isolation/house.ts'

const QUESTION = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How do I reset L-1-?' }] }

/** A house in which one tenant has asked what everybody else may ask next. */
async function overheard(auth: Auth = 'keys') {
  const house = await openHouse(auth)
  const of = (name: string): Caller => house.callers.find(({ tenant }) => tenant === name)!
  const ask = async (headers: Headings, members: object = {}, query = '') => {
    const response = await house.call('POST', `/v1/chat/completions${query}`, {
      headers,
      body: { ...QUESTION, ...members },
    })
    const told = { status: response.status, text: await response.text(), how: response.headers.get('cache-status') }
    await house.idle()
    return told
  }
  const [victim, mallory] = auth === 'keys' ? [of('acme'), of('acme-2')] : house.callers.slice(0, 2)
  await ask(victim!.headers)
  return { ...house, of, ask, victim: victim!, mallory: mallory! }
}

it.each([
  [{ 'x-tenant': 'acme' }, {}, '', 200],
  [{ 'x-tenant-id': 'acme', 'x-forwarded-user': 'acme', 'x-original-authorization': 'acme' }, {}, '', 200],
  [{ cookie: 'tenant=acme' }, {}, '', 200],
  [{}, { tenant: 'acme' }, '', 200],
  [{}, { user: 'acme', metadata: { tenant: 'acme' } }, '', 200],
  [{}, {}, '?tenant=acme', 200],
  [{ 'reprise-tenant': 'acme' }, {}, '', 400],
  [{ 'reprise-key': 'acme' }, {}, '', 400],
  [{}, { cache: { tenant: 'acme' } }, '', 400],
  [{}, { cache: { key: { tenant: 'acme' } } }, '', 400],
  [{ 'reprise-namespace': 'acme/default' }, {}, '', 400],
  [{ 'reprise-namespace': '../acme' }, {}, '', 400],
  [{}, { cache: { namespace: 'acme\u0000' } }, '', 400],
  [{}, { cache: { namespace: 'äcme' } }, '', 400],
])('takes nobody for another who says so in %j, %j or %j', async (headers, members, query, status) => {
  const { ask, mallory } = await overheard()
  const told = await ask({ ...mallory.headers, ...headers }, members, query)
  expect(told.status).toBe(status)
  expect(told.how).not.toContain('hit')
  if (status === 200) expect(told.text).toContain(mallory.shown)
})

it('keeps what is asked under the name of a namespace apart from the tenant that is called so', async () => {
  const { ask, mallory, victim } = await overheard()
  await ask({ ...mallory.headers, 'reprise-namespace': 'acme' })
  expect((await ask({ ...victim.headers, 'reprise-namespace': 'acme' })).how).not.toContain('hit')
})

it.each([(key: string) => `Bearer ${key}`, (key: string) => `bearer ${key}`, (key: string) => `BEARER  ${key}  `])(
  'knows a key again in %s',
  async (spelt) => {
    const { ask, victim } = await overheard()
    expect((await ask({ authorization: spelt(keyOf(victim)) })).how).toContain('hit')
  },
)

it.each([
  (key: string) => key,
  (key: string) => `Basic ${key}`,
  (key: string) => `Bearer ${key.toLowerCase()}`,
  (key: string) => `Bearer ${key.slice(0, -1)}`,
  (key: string) => `Bearer ${key}x`,
  (key: string) => `Bearer "${key}"`,
  (key: string) => `Bearer ${key},`,
  (key: string) => `Bearer ${key} ${key}`,
  (key: string) => `Bearer ${key}, Bearer ${key}`,
  (key: string) => `Bearer x Bearer ${key}`,
  (key: string) => `Bearer\t${key}`,
  () => 'Bearer ',
  () => `Bearer ${ADMIN_KEY}`,
])('lets nobody in by %s', async (spelt) => {
  const { ask, victim, upstream } = await overheard()
  const asked = upstream.calls.length
  expect((await ask({ authorization: spelt(keyOf(victim)) })).status).toBe(401)
  expect(upstream.calls).toHaveLength(asked)
})

it('takes two keys in one request for none', async () => {
  const { fetch, victim, mallory } = await overheard()
  const { url, stop } = await listen((request) => fetch(request), { port: 0, hostname: '127.0.0.1' })
  onTestFinished(() => stop(0))
  for (const keys of [
    [victim, mallory],
    [mallory, victim],
    [victim, victim],
  ]) {
    const headers = keys.flatMap((caller) => ['Authorization', `Bearer ${keyOf(caller)}`])
    expect(await sent(`${url}/v1/cache/entries`, ['Host', 'reprise.test', ...headers])).toMatchObject({ status: 401 })
  }
})

it.each(['keys', 'passthrough', 'none'] as const)(
  'lets no tenant do what an operator may, with auth %s',
  async (auth) => {
    const { call, callers, routes } = await overheard(auth)
    const admin = [...routes].filter((route) => /^(?!ALL).* \/v1\/admin\//.test(route)).map((route) => route.split(' '))
    for (const { headers } of [...callers.slice(0, 2), { headers: {} }]) {
      for (const [method = '', path = ''] of admin) {
        const body = method === 'GET' ? undefined : { name: 'Mallory' }
        expect((await call(method, path.replaceAll(/:\w+/g, 'acme'), { headers, body })).status).toBe(401)
      }
    }
  },
)

it('asks nobody’s questions with the service’s own key where callers bring theirs', async () => {
  const { call, upstream, idle } = await overheard('passthrough')
  const body = { model: 'gpt-4o-mini', questions: ['At whose expense?'] }
  const headers = bearer('sk-made-up')
  const { id } = (await (await call('POST', '/v1/cache/warm-up', { headers, body })).json()) as { id: string }
  const job = async () => (await (await call('GET', `/v1/cache/jobs/${id}`, { headers })).json()) as { state: string }
  while ((await job()).state !== 'done') await new Promise(setImmediate)
  await idle()
  expect(upstream.calls.length).toBeGreaterThan(1)
  expect(upstream.calls.map((heard) => heard.headers.authorization)).not.toContain('Bearer sk-service')
})

it('shows whoever gets the name of a tenant that is gone nothing of its answers', async () => {
  const { ask, call, settle, admit, operate, victim } = await overheard()
  await operate('DELETE', '/tenants/acme')
  await settle('acme')
  const heir = await admit('acme')
  expect((await ask(victim.headers)).status).toBe(401)
  const close = { ...QUESTION, messages: [{ role: 'user', content: 'How do I reset L-1- now?' }] }
  for (const body of [QUESTION, close]) {
    const explained = await call('POST', '/v1/cache/explain', { headers: heir.headers, body })
    expect(await explained.json()).toMatchObject({ verdict: { outcome: 'miss' }, exact: null, candidates: [] })
  }
  for (const path of ['entries', 'entries?like=reset', 'export']) {
    expect(await (await call('GET', `/v1/cache/${path}`, { headers: heir.headers })).text()).not.toContain('L-1-')
  }
  expect((await ask(heir.headers)).how).not.toContain('hit')
})

const keyOf = ({ headers }: Caller): string => headers['authorization']!.slice('Bearer '.length)

/** With the headers as they are, twice if they stand there twice. */
function sent(url: string, headers: readonly string[]): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { headers: [...headers] }, (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode, body }), reject)
    })
    asking.on('error', reject).end()
  })
}
