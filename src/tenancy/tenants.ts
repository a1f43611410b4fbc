import { ServiceError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Keys } from './api-keys.ts'
import type { Purges } from './purges.ts'
import { createReading } from './reading.ts'
import type { Roster } from './roster.ts'
import type { Rules } from './rules.ts'
import type { Secrets } from './secrets.ts'
import { MAX_NAMESPACES, type Settings } from './settings.ts'
import { Tenant, TenantId, type TenantInput, type Terms } from './tenant.ts'

/** A tenant as an operator sees it: all that holds for it, and none of its secrets. */
export interface TenantView extends Terms {
  readonly source: 'file' | 'admin'
  /** The last four characters of the key that its requests reach the model with. */
  readonly upstream?: { readonly hint: string }
  readonly createdAt?: string
  readonly updatedAt?: string
}

export interface TenantsOptions {
  readonly rules: Rules
  /** Absent: no upstream key can be kept. */
  readonly secrets: Secrets | undefined
  readonly roster: () => Roster
  readonly keys: Pick<Keys, 'removeAll'>
  readonly purges: Pick<Purges, 'purge'>
  /** Calls off, and forgets, all work in the background that a tenant has ordered. */
  readonly endJobs: (tenant: string) => Promise<void>
  readonly clock: Clock
}

/** What an operator does with tenants. It holds here when it resolves, and elsewhere within a second. */
export function createTenants({ rules, secrets, roster, keys, purges, endJobs, clock }: TenantsOptions) {
  const read = createReading(Tenant)

  return {
    async list(): Promise<TenantView[]> {
      const kept = (await rules.list('tenant/')).map(({ id, text }) => viewOf(read(id, text)))
      const listed = [...roster().tenants].map(([id]) => viewOfListed(id))
      const all = [...listed, ...kept.filter(({ id }) => !roster().tenants.has(id))]
      return all.sort((one, other) => (one.id < other.id ? -1 : 1))
    },

    async get(id: string): Promise<TenantView> {
      return roster().tenants.has(id) ? viewOfListed(id) : viewOf(await kept(id))
    },

    /** As it is kept; a `ServiceError` 409 if it is a file that says what it is. */
    async own(id: string): Promise<Tenant> {
      refuseListed(id)
      return kept(id)
    },

    /** Replaces all that holds for a tenant, or makes it. */
    async put(id: string, { upstream, ...terms }: TenantInput): Promise<{ tenant: TenantView; created: boolean }> {
      const { error } = TenantId.safeParse(id)
      if (error) throw new ServiceError(400, 'invalid_request', `id ${error.issues[0]!.message}`, { param: 'id' })
      refuseListed(id)
      const sealed = upstream && sealedKey(id, upstream.apiKey)
      let created = false
      const text = await rules.change(idOf(id), (text) => {
        const before = text === undefined ? undefined : read(idOf(id), text)
        created = before === undefined
        const kept = upstream === undefined ? before?.upstream : sealed
        const updatedAt = clock()
        const times = { createdAt: before?.createdAt ?? updatedAt, updatedAt }
        return JSON.stringify({ id, ...terms, ...(kept && { upstream: kept }), ...times } satisfies Tenant)
      })
      return { tenant: viewOf(read(idOf(id), text!)), created }
    },

    /** Its keys, and all that was kept for it, go with it. */
    async remove(id: string): Promise<void> {
      // Nobody is let in any more from here on; whatever comes to grief below can be done again.
      await edit(id, (tenant) => ({ ...tenant, disabled: true }))
      await keys.removeAll(id)
      await endJobs(id)
      await purges.purge(id, { all: true })
      await rules.change(idOf(id), () => undefined)
    },

    /** `undefined` takes away what holds for a namespace alone. */
    async setPolicy(id: string, namespace: string, settings: Settings | undefined): Promise<TenantView> {
      const tenant = await edit(id, ({ namespaces = {}, ...tenant }) => {
        const { [namespace]: _, ...others } = namespaces
        const all = settings ? { ...others, [namespace]: settings } : others
        if (Object.keys(all).length > MAX_NAMESPACES) throw tooManyNamespaces()
        return { ...tenant, namespaces: all }
      })
      return viewOf(tenant)
    },

    /** Seals every key anew under the first of the secrets, so that the others can go; says how many were not yet. */
    async reseal(): Promise<number> {
      let resealed = 0
      for (const { id, text } of await rules.list('tenant/')) {
        const { id: tenant, upstream } = read(id, text)
        const apiKey = upstream && secrets?.reseal(tenant, upstream.apiKey)
        if (!apiKey || apiKey === upstream.apiKey) continue
        await edit(tenant, (now) =>
          now.upstream?.apiKey === upstream.apiKey ? { ...now, upstream: { ...upstream, apiKey } } : now,
        )
        resealed++
      }
      return resealed
    },
  }

  async function kept(id: string): Promise<Tenant> {
    const text = TenantId.safeParse(id).success ? await rules.get(idOf(id)) : undefined
    if (text === undefined) throw notFound(id)
    return read(idOf(id), text)
  }

  async function edit(id: string, change: (tenant: Tenant) => Tenant): Promise<Tenant> {
    refuseListed(id)
    if (!TenantId.safeParse(id).success) throw notFound(id)
    const text = await rules.change(idOf(id), (text) => {
      if (text === undefined) throw notFound(id)
      return JSON.stringify({ ...change(read(idOf(id), text)), updatedAt: clock() })
    })
    return read(idOf(id), text!)
  }

  function sealedKey(id: string, apiKey: string): NonNullable<Tenant['upstream']> {
    if (!secrets) {
      const message = 'REPRISE_SECRET is not set, and without it no key can be kept'
      throw new ServiceError(409, 'no_secret', message, { param: 'upstream.apiKey' })
    }
    return { apiKey: secrets.seal(id, apiKey), hint: apiKey.slice(-4) }
  }

  function refuseListed(id: string): void {
    if (roster().tenants.has(id)) throw readOnly(id)
  }

  function viewOfListed(id: string): TenantView {
    const { terms, upstreamKey } = roster().tenants.get(id)!
    return { ...terms, ...(upstreamKey && { upstream: { hint: upstreamKey.slice(-4) } }), source: 'file' }
  }
}

function viewOf({ upstream, createdAt, updatedAt, ...terms }: Tenant): TenantView {
  return {
    ...terms,
    ...(upstream && { upstream: { hint: upstream.hint } }),
    source: 'admin',
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}

const idOf = (tenant: string) => `tenant/${tenant}`

function notFound(id: string): ServiceError {
  return new ServiceError(404, 'tenant_not_found', `there is no tenant ${JSON.stringify(id.slice(0, 64))}`)
}

function readOnly(id: string): ServiceError {
  const message = `the tenant ${id} is ruled by REPRISE_TENANTS_FILE, and can be changed only there`
  return new ServiceError(409, 'tenant_read_only', message)
}

function tooManyNamespaces(): ServiceError {
  const message = `must be at most ${MAX_NAMESPACES} namespaces`
  return new ServiceError(400, 'invalid_request', message, { param: 'namespaces' })
}
