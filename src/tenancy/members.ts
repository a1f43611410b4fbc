import type { Deadline } from '../deadline.ts'
import { ServiceError } from '../errors.ts'
import { ApiKey, hashOf, isOurs } from './api-key.ts'
import { createReading } from './reading.ts'
import type { Roster } from './roster.ts'
import type { Rules } from './rules.ts'
import type { Secrets } from './secrets.ts'
import { Tenant, type Terms } from './tenant.ts'

/** What is known of a tenant. */
export interface Member {
  /** Absent if there is no such tenant, or none that has been heard of. */
  /** With the time that they were last changed, where an operator may change them. */
  readonly terms: (Terms & { readonly updatedAt?: number }) | undefined
  /** True if it is the file that says so. */
  readonly listed: boolean
  readonly createdAt: number
  /** True if it may have changed since it was heard. */
  readonly degraded: boolean
  /** The key that it shows the model, if it has one of its own. */
  upstreamKey(): string | undefined
}

export interface MembersOptions {
  readonly rules: Rules
  readonly roster: () => Roster
  readonly secrets: Secrets | undefined
}

/** Looks up tenants and keys: in the file first, then in the rules, and then in what is remembered of them. */
export function createMembers({ rules, roster, secrets }: MembersOptions) {
  const [readTenant, readKey] = [createReading(Tenant), createReading(ApiKey)]
  const opened = new WeakMap<Tenant, string>()

  return {
    async tenant(id: string, within: Deadline): Promise<Member> {
      const listed = roster().tenants.get(id)
      if (listed) {
        const { terms, upstreamKey } = listed
        return { terms, listed: true, createdAt: 0, degraded: false, upstreamKey: () => upstreamKey }
      }
      const { document: terms, degraded } = await known(`tenant/${id}`, readTenant, within)
      const { createdAt = 0 } = terms ?? {}
      return { terms, listed: false, createdAt, degraded, upstreamKey: () => terms && open(terms) }
    },

    async key(token: string, within: Deadline) {
      const hash = hashOf(token)
      const listed = roster().keys.get(hash)
      if (listed || !isOurs(token)) return { document: listed, listed: true, degraded: false }
      return { ...(await known(`key/${hash}`, readKey, within)), listed: false }
    },
  }

  /** What a document says; if that cannot be told in time, what it said when it was last read. */
  async function known<T>(id: string, read: (id: string, text: string) => T, { orElse }: Deadline) {
    const asking = rules.get(id).then(
      (text) => ({ text, degraded: false }),
      () => undefined,
    )
    const { text, degraded } = (await orElse(asking, undefined)) ?? { text: rules.lastKnown(id), degraded: true }
    return { document: text === undefined ? undefined : read(id, text), degraded }
  }

  /** Never falls back to the service's key, which somebody else pays for. */
  function open(tenant: Tenant): string | undefined {
    if (!tenant.upstream) return undefined
    const key = opened.get(tenant) ?? secrets?.open(tenant.id, tenant.upstream.apiKey)
    if (key === undefined) {
      const message = 'the upstream key of this tenant was sealed with a secret that REPRISE_SECRET does not hold'
      throw new ServiceError(503, 'upstream_key_sealed', message)
    }
    opened.set(tenant, key)
    return key
  }
}
