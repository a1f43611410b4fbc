import { expect } from 'vitest'
import { NAMESPACES, type Scene, type createAsking } from './asking.ts'
import type { Deed, Desk } from './entry-deeds.ts'
import { ADMIN_KEY, type Caller, bearer } from './house.ts'

/** What callers are told about themselves, what passes through, and what an operator does. */
export function otherDeeds(scene: Scene, desk: Desk, { topic }: Pick<ReturnType<typeof createAsking>, 'topic'>) {
  const { house, oracle, dice } = scene
  const { send, told, lines, fetch } = desk
  const all: readonly Deed[] = [stats, explain, passThrough, knock, govern, comeAndGo, look]
  return all

  async function stats(caller: Caller): Promise<void> {
    const { tenant } = caller
    // Each replica, as it is asked, sends what it has counted by itself.
    for (let replica = 1; replica < house.replicas; replica++) await fetch(caller, 'GET', '/v1/cache/stats')
    const own = await told<Stats>(caller, 'GET', '/v1/cache/stats?by=namespace,model,key&top=100')
    expect(own.requests).toBe(oracle.requestsOf(tenant))
    expect(own.failures.by_name).toEqual(oracle.failuresOf(tenant))
    expect(own.rows.map(({ namespace }) => namespace).filter((name) => !NAMESPACES.includes(name))).toEqual([])
    expect(own.store.entries).toBe((await lines(caller)).length)
    await fetch(caller, 'GET', '/v1/cache/stats?by=key&format=csv')
    if (house.auth !== 'keys') return
    const seen = (await house.operate('GET', `/stats?tenant=${tenant}&by=tenant,key`)) as unknown as Stats
    expect(seen.requests).toBe(own.requests)
    oracle.check(JSON.stringify(seen), { tenant })
  }

  /** Whatever comes into question for a request must be what could be served for it. */
  async function explain(caller: Caller): Promise<void> {
    const [namespace, user] = [dice.of(NAMESPACES), dice.percent(50) ? 'u1' : undefined]
    const model = 'gpt-4o-mini'
    const room = { tenant: caller.tenant, namespace, user, organization: undefined, model, said: '' }
    const messages = [{ role: 'user', content: topic() }]
    const body = { model, messages, cache: { namespace, user } }
    const { candidates } = await told<Explained>(caller, 'POST', '/v1/cache/explain', { body })
    for (const { id } of candidates) {
      oracle.check(await fetch(caller, 'GET', `/v1/cache/entries/${id}`), { tenant: caller.tenant, room })
    }
  }

  async function passThrough(caller: Caller): Promise<void> {
    await fetch(caller, 'GET', '/v1/models')
    expect(house.upstream.calls.at(-1)!.headers.authorization).toBe(`Bearer ${caller.shown}`)
  }

  /** Nobody but the operator learns so much as whether there is such a tenant. */
  async function knock(caller: Caller): Promise<void> {
    for (const route of house.routes) {
      const [method = '', path = ''] = route.split(' ')
      if (!path.startsWith('/v1/admin/') || method === 'ALL') continue
      const at = (id: string) =>
        path
          .replace(':id', id)
          .replace(':namespace', 'faq')
          .replace(/:key/, `key_${'0'.repeat(16)}`)
      const body = method === 'GET' ? undefined : { name: 'Mallory' }
      const [got, expected] = [
        await send(caller, method, at('acme'), { body }),
        await send(caller, method, at('x'), { body }),
      ]
      expect(got).toEqual(expected)
      expect(got.status).toBe(401)
    }
  }

  /** What an operator says about one tenant holds for no other. */
  async function govern({ tenant }: Caller): Promise<void> {
    if (house.auth !== 'keys') return
    const other = dice.of(house.callers.filter((caller) => caller.tenant !== tenant))
    const policyOf = (id: string) => `/tenants/${id}/namespaces/faq/policy`
    const before = await house.operate('GET', `${policyOf(other.tenant)}?effective`)
    await house.operate('PUT', policyOf(tenant), { ttlSeconds: 77 })
    expect(await house.operate('GET', `${policyOf(other.tenant)}?effective`)).toEqual(before)
    await house.operate('DELETE', policyOf(tenant))
    const keys = await house.operate('GET', `/tenants/${tenant}/keys`)
    oracle.check(JSON.stringify(keys), { tenant })
    const [theirs] = oracle.others(tenant, 'key')
    if (!theirs) return
    const response = await house.call('DELETE', `/v1/admin/tenants/${tenant}/keys/${theirs}`, {
      headers: bearer(ADMIN_KEY),
    })
    expect(response.status).toBe(404)
    for (const caller of house.callers) await fetch(caller, 'GET', '/v1/cache/jobs')
  }

  /** Somebody comes, asks, and goes; whoever comes after them by that name finds nothing of theirs. */
  async function comeAndGo(): Promise<void> {
    if (house.auth !== 'keys') return
    const tenant = dice.of(['acme-3', 'ac'])
    const id = `/tenants/${tenant}`
    await house.settle(tenant)
    await house.operate('GET', id)
    await house.operate('GET', '/tenants')
    const first = await house.admit(tenant)
    const messages = [{ role: 'user', content: topic() }]
    const body = { model: 'gpt-4o-mini', messages }
    const ask = (caller: Caller) => house.call('POST', '/v1/chat/completions', { headers: caller.headers, body })
    expect((await ask(first)).headers.get('cache-status')).not.toContain('hit')
    await house.idle()
    await house.operate('DELETE', id)
    expect((await ask(first)).status).toBe(401)
    await house.settle(tenant)
    expect((await ask(first)).status).toBe(401)
    const second = await house.admit(tenant)
    expect(await lines(second)).toEqual([])
    const { id: key } = (await house.operate('POST', `${id}/keys`, { name: 'once' })) as { id: string }
    await house.operate('DELETE', `${id}/keys/${key}`)
    await house.operate('DELETE', id)
  }

  /** What everybody may see tells nothing of anybody. */
  async function look(caller: Caller): Promise<void> {
    for (const path of ['/healthz', '/readyz', '/openapi.yaml']) {
      const response = await house.call('GET', path)
      const text = await response.text()
      expect(response.status).toBe(200)
      oracle.check(path === '/openapi.yaml' ? '' : text, { tenant: `whoever looks (${caller.tenant})` })
    }
  }
}

interface Stats {
  readonly requests: number
  readonly failures: { readonly by_name: Readonly<Record<string, number>> }
  readonly rows: readonly { readonly namespace: string }[]
  readonly store: { readonly entries: number }
}

interface Explained {
  readonly candidates: readonly { readonly id: string }[]
}
