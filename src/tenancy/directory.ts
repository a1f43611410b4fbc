import { type Deadline, deadline } from '../deadline.ts'
import { ServiceError } from '../errors.ts'
import type { Clock, Quota } from '../ports.ts'
import { type ApiKey, isOver } from './api-key.ts'
import { createKeys } from './api-keys.ts'
import { type Effective, effectiveOf, layersOf } from './layers.ts'
import type { Limits } from './limits.ts'
import { type Member, createMembers } from './members.ts'
import { type Policy, type PolicyFile, createPolicies } from './policies.ts'
import type { Purges } from './purges.ts'
import type { Roster } from './roster.ts'
import type { Rules } from './rules.ts'
import type { Secrets } from './secrets.ts'
import type { Terms } from './tenant.ts'
import { createTenants } from './tenants.ts'

/** Who asks, and on which terms. */
export interface Standing {
  readonly tenant: string
  readonly keyId: string | undefined
  /** What the model is to be shown: the tenant's own key, or the caller's. Absent: the service's. */
  readonly authorization: string | undefined
  readonly limits: Limits
  readonly keyLimits: Limits
  readonly quota: Quota | undefined
  policyOf(namespace: string): Policy
  effective(namespace: string): Effective
  /** True if this is only what was last known: the model may answer, but nothing is to be looked up or kept. */
  readonly degraded: boolean
}

export interface DirectoryOptions {
  readonly rules: Rules
  readonly auth: 'none' | 'keys' | 'passthrough'
  /** Needed for `passthrough`, and to keep the upstream keys of tenants. */
  readonly secrets: Secrets | undefined
  /** What the tenants file says now. */
  readonly roster: () => Roster
  readonly policies: PolicyFile
  readonly purges: Pick<Purges, 'purge' | 'fresh'>
  /** Calls off, and forgets, all work in the background that a tenant has ordered. */
  readonly endJobs?: (tenant: string) => Promise<void>
  readonly clock: Clock
  /** Who cannot be asked for so long is taken for one who cannot be asked. */
  readonly patienceMs: number
}

export type Directory = ReturnType<typeof createDirectory>

/** Knows everyone who may ask. */
export function createDirectory(options: DirectoryOptions) {
  const { rules, auth, secrets, roster, policies, purges, endJobs = async () => {}, clock, patienceMs } = options
  const keys = createKeys({ rules, roster, clock })
  const tenants = createTenants({ rules, secrets, roster, keys, purges, endJobs, clock })
  const members = createMembers({ rules, secrets, roster })
  const policiesOfNobody = createPolicies(policies)
  const policiesOf = new WeakMap<Terms, (namespace: string) => Policy>()
  const identified = { none: byNothing, keys: byKey, passthrough: byCredential }[auth]

  return {
    tenants,
    keys,

    /** A `ServiceError` 401 if an `Authorization` header stands for nobody, 403 if it must not, 503 if none can tell. */
    identify: (authorization: string | undefined): Promise<Standing> =>
      inTime((within) => identified(authorization, within)),

    /** For work in the background: as if one of the tenant's own had asked. A `ServiceError` 404 if it is gone. */
    of: (tenant: string): Promise<Standing> =>
      inTime(async (within) => {
        return standingOf(tenant, await memberStillThere(tenant, within))
      }),

    /** A `ServiceError` 404 if the tenant is gone: nothing more is to be kept for the next of its name to find. */
    async quotaOf(tenant: string): Promise<Quota | undefined> {
      const { terms } = await withDeadline((within) => memberStillThere(tenant, within))
      return terms?.quota
    },

    /** What holds for a tenant in a namespace, and whose word it is. */
    async effective(tenant: string, namespace: string): Promise<Effective> {
      return effectiveOf(layersOf(policies, await tenants.get(tenant), namespace))
    },
  }

  async function inTime(find: (within: Deadline) => Promise<Standing>): Promise<Standing> {
    return withDeadline(async (within) => {
      const standing = await find(within)
      // Whoever stands here may look up what is kept, and must know by then what has been purged of it.
      const fresh = purges.fresh(standing.tenant).then(
        () => true,
        () => false,
      )
      return (await within.orElse(fresh, false)) ? standing : { ...standing, degraded: true }
    })
  }

  async function byNothing(_: string | undefined, within: Deadline): Promise<Standing> {
    return standingOf('default', await memberOf('default', within))
  }

  async function byCredential(authorization: string | undefined, within: Deadline): Promise<Standing> {
    const credential = bearerOf(authorization)
    const tenant = `${PASSING}${secrets!.nameOf(credential)}`
    const member = await memberOf(tenant, within)
    return standingOf(tenant, { ...member, upstreamKey: () => credential })
  }

  async function byKey(authorization: string | undefined, within: Deadline): Promise<Standing> {
    const { document: key, ...found } = await members.key(bearerOf(authorization), within)
    if (!key && found.degraded) throw unavailable()
    if (!key || isOver(key, clock())) throw incorrectKey()

    const member = await memberOf(key.tenant, within)
    if (!member.terms && member.degraded) throw unavailable()
    // A file is the whole truth about its tenants; and whoever is newer than a key is not whom it was made for.
    const isTheirs = member.terms && member.listed === found.listed && member.createdAt <= key.createdAt
    if (!isTheirs) throw incorrectKey()
    return standingOf(key.tenant, { ...member, degraded: found.degraded || member.degraded }, key)
  }

  /** Who passes through with a key of their own is a tenant of their own, ruled by what holds for `default`. */
  function memberOf(tenant: string, within: Deadline): Promise<Member> {
    return members.tenant(tenant.startsWith(PASSING) ? 'default' : tenant, within)
  }

  async function memberStillThere(tenant: string, within: Deadline): Promise<Member> {
    const member = await memberOf(tenant, within)
    if (auth === 'keys' && !member.terms) throw member.degraded ? unavailable() : noLongerThere(tenant)
    return member
  }

  function standingOf(tenant: string, { terms, upstreamKey, degraded }: Member, key?: ApiKey): Standing {
    if (terms?.disabled) throw new ServiceError(403, 'tenant_disabled', 'The tenant of this API key is disabled.')
    const own = upstreamKey()
    return {
      tenant,
      keyId: key?.id,
      authorization: own && `Bearer ${own}`,
      limits: terms?.limits ?? {},
      keyLimits: key?.limits ?? {},
      quota: terms?.quota,
      policyOf: policiesFor(terms),
      effective: (namespace) => effectiveOf(layersOf(policies, terms ?? {}, namespace)),
      degraded,
    }
  }

  function policiesFor(terms: Member['terms']): (namespace: string) => Policy {
    if (!terms) return policiesOfNobody
    const policyOf = policiesOf.get(terms) ?? createPolicies(policies, terms, terms.updatedAt)
    policiesOf.set(terms, policyOf)
    return policyOf
  }

  async function withDeadline<T>(work: (within: Deadline) => Promise<T>): Promise<T> {
    const within = deadline(patienceMs)
    return work(within).finally(within.clear)
  }
}

/** Of what no tenant's name can begin with that an operator gives. */
const PASSING = 'pt_'

function bearerOf(authorization: string | undefined): string {
  const [, token] = /^bearer +([\x21-\x7E]+) *$/i.exec(authorization ?? '') ?? []
  if (token === undefined) throw missingKey()
  return token
}

function missingKey(): ServiceError {
  const how = 'in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)'
  const message = `You didn't provide an API key. You need to provide your API key ${how}.`
  return new ServiceError(401, 'invalid_api_key', message)
}

/** In the same words for a key that never was, one that was revoked and one that has run out: they tell nothing. */
function incorrectKey(): ServiceError {
  return new ServiceError(401, 'invalid_api_key', 'Incorrect API key provided.')
}

function unavailable(): ServiceError {
  return new ServiceError(503, 'tenants_unavailable', 'it cannot be told just now whose API key this is; try again')
}

function noLongerThere(tenant: string): ServiceError {
  return new ServiceError(404, 'tenant_not_found', `there is no tenant ${tenant} any more`)
}
