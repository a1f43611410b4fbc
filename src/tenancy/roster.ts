import { hash } from 'node:crypto'
import { z } from 'zod'
import { type ApiKey, KeyTerms, hashOf } from './api-key.ts'
import { ProviderKey, Terms } from './tenant.ts'

/** The tenants that a file names, and the whole truth about them. */
export interface Roster {
  readonly tenants: ReadonlyMap<string, Listed>
  /** By the hash of the key. */
  readonly keys: ReadonlyMap<string, ApiKey>
}

export interface Listed {
  readonly terms: Terms
  /** The key that the tenant's requests reach the model with. */
  readonly upstreamKey?: string
}

export const EMPTY_ROSTER: Roster = { tenants: new Map(), keys: new Map() }

const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
/** A key that somebody thought up; what is too short can be tried out. */
const ChosenKey = z.string().regex(/^[\x21-\x7E]{20,256}$/, 'must be 20 to 256 visible ASCII characters')
const ListedKey = KeyTerms.extend({
  keyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the key, as 64 lower-case hex digits')
    .exactOptional(),
  keyEnv: EnvName.exactOptional(),
})
const ListedTenant = Terms.extend({
  upstream: z.strictObject({ apiKeyEnv: EnvName }).exactOptional(),
  keys: z.array(ListedKey).default([]),
})
const TenantsFile = z.strictObject({ tenants: z.array(ListedTenant) })

/** Reads a tenants file. It holds no secret: a key is given by its hash, or by the name of a variable in `env`. */
export function rosterSchema(env: Readonly<Record<string, string | undefined>>): z.ZodType<Roster> {
  return TenantsFile.transform(({ tenants: listed }, { addIssue }) => {
    const tenants = new Map<string, Listed>()
    const keys = new Map<string, ApiKey>()
    const fault = (path: PropertyKey[], message: string) =>
      addIssue({ code: 'custom', input: undefined, path: ['tenants', ...path], message })

    for (const [at, { upstream, keys: theirs, ...terms }] of listed.entries()) {
      if (tenants.has(terms.id)) fault([at, 'id'], `there is another tenant ${terms.id}`)
      const upstreamKey = upstream && fromEnv(upstream.apiKeyEnv, ProviderKey, [at, 'upstream', 'apiKeyEnv'])
      tenants.set(terms.id, { terms, ...(upstreamKey !== undefined && { upstreamKey }) })
      for (const [number, { keyHash, keyEnv, ...key }] of theirs.entries()) {
        const path = [at, 'keys', number]
        if ((keyHash === undefined) === (keyEnv === undefined)) {
          fault(path, 'a key is given by either keyHash or keyEnv')
          continue
        }
        const secret = keyEnv === undefined ? undefined : fromEnv(keyEnv, ChosenKey, [...path, 'keyEnv'])
        const digest = keyHash ?? (secret === undefined ? undefined : hashOf(secret))
        if (digest === undefined) continue
        if (keys.has(digest)) fault(path, 'there is another such key')
        keys.set(digest, { ...key, id: idOf(digest), tenant: terms.id, createdAt: 0 })
      }
    }
    return { tenants, keys }

    function fromEnv(name: string, schema: z.ZodType<string>, path: PropertyKey[]): string | undefined {
      const value = Object.hasOwn(env, name) ? env[name] : undefined
      const { error } = schema.safeParse(value)
      if (value === undefined) fault(path, `the environment variable ${name} is not set`)
      // Never the value itself: it is a secret.
      else if (error) fault(path, `the environment variable ${name} ${error.issues[0]!.message}`)
      return error ? undefined : value
    }
  })
}

/** The same at every start, so that what is counted under it goes on; and no part of the hash. */
function idOf(digest: string): string {
  return `key_${hash('sha256', `listed ${digest}`, 'hex').slice(0, 16)}`
}
