import { ServiceError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { ApiKey, type KeyTerms, hashOf, newKey, newKeyId } from './api-key.ts'
import { createReading } from './reading.ts'
import type { Roster } from './roster.ts'
import type { Rules } from './rules.ts'

/** A key as an operator sees it. */
export interface KeyView extends Pick<ApiKey, 'id' | 'name' | 'limits' | 'hint'> {
  readonly source: 'file' | 'admin'
  readonly createdAt?: string
  readonly expiresAt?: string
  readonly revokedAt?: string
}

export type Keys = ReturnType<typeof createKeys>

/**
 * What an operator does with keys. A key is kept by its hash, `key/<hash>`, and found by its tenant through
 * `tenant-key/<tenant>/<id>`, which holds that hash. The caller sees to it that there is such a tenant.
 */
export function createKeys({ rules, roster, clock }: { rules: Rules; roster: () => Roster; clock: Clock }) {
  const read = createReading(ApiKey)

  return {
    async list(tenant: string): Promise<KeyView[]> {
      const listed = [...roster().keys.values()].filter((key) => key.tenant === tenant)
      const kept = await Promise.all((await rules.list(prefixOf(tenant))).map(({ text: hash }) => keyOf(hash)))
      const living = kept.filter((key) => key !== undefined).sort((one, other) => one.createdAt - other.createdAt)
      return [...listed.map((key) => viewOf(key, 'file')), ...living.map((key) => viewOf(key, 'admin'))]
    },

    /** `key` is the key itself: here and now, and never again. A key is never older than its tenant. */
    async create(tenant: { id: string; createdAt: number }, terms: KeyTerms): Promise<KeyView & { key: string }> {
      const [id, key] = [newKeyId(), newKey()]
      const createdAt = Math.max(clock(), tenant.createdAt)
      const document: ApiKey = { id, tenant: tenant.id, ...terms, createdAt, hint: key.slice(-4) }
      // In this order, so that there is never a key that works and cannot be found to be revoked.
      await rules.change(`${prefixOf(tenant.id)}${id}`, () => hashOf(key))
      await rules.change(idOf(hashOf(key)), () => JSON.stringify(document))
      return { ...viewOf(document, 'admin'), key }
    },

    /** It stays in the list, so that what it has used can be told. */
    async revoke(tenant: string, id: string): Promise<KeyView> {
      if ([...roster().keys.values()].some((key) => key.tenant === tenant && key.id === id)) throw readOnly()
      const hash = isKeyId(id) ? await rules.get(`${prefixOf(tenant)}${id}`) : undefined
      if (hash === undefined) throw notFound(id)
      const text = await rules.change(idOf(hash), (text) => {
        if (text === undefined) throw notFound(id)
        const key = read(idOf(hash), text)
        return key.revokedAt === undefined ? JSON.stringify({ ...key, revokedAt: clock() }) : text
      })
      return viewOf(read(idOf(hash), text!), 'admin')
    },

    async removeAll(tenant: string): Promise<void> {
      for (const { id, text: hash } of await rules.list(prefixOf(tenant))) {
        await rules.change(idOf(hash), () => undefined)
        await rules.change(id, () => undefined)
      }
    },
  }

  async function keyOf(hash: string): Promise<ApiKey | undefined> {
    const text = await rules.get(idOf(hash))
    return text === undefined ? undefined : read(idOf(hash), text)
  }
}

const idOf = (hash: string) => `key/${hash}`
const prefixOf = (tenant: string) => `tenant-key/${tenant}/`
const isKeyId = (id: string) => ApiKey.shape.id.safeParse(id).success

function viewOf(
  { id, name, hint, limits, createdAt, expiresAt, revokedAt }: ApiKey,
  source: KeyView['source'],
): KeyView {
  return {
    id,
    name,
    ...(hint && { hint }),
    ...(limits && { limits }),
    source,
    ...(source === 'admin' && { createdAt: iso(createdAt) }),
    ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
    ...(revokedAt !== undefined && { revokedAt: iso(revokedAt) }),
  }
}

const iso = (at: number) => new Date(at).toISOString()

function notFound(id: string): ServiceError {
  return new ServiceError(404, 'key_not_found', `there is no key ${JSON.stringify(id.slice(0, 64))}`)
}

function readOnly(): ServiceError {
  const message = 'the key is given by REPRISE_TENANTS_FILE, and can be taken away only there'
  return new ServiceError(409, 'tenant_read_only', message)
}
