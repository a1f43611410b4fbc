import { z } from 'zod'
import { Limits } from './limits.ts'
import { Namespaces, Settings } from './settings.ts'

/** Never that of whoever comes with a provider's key: those begin with `pt_`. */
export const TenantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits or hyphens, not beginning with one')

/** A name for people to read. */
export const Label = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')

/** A provider's key, as it goes into a header. */
export const ProviderKey = z.string().regex(/^[\x21-\x7E]{8,1024}$/, 'must be 8 to 1024 visible ASCII characters')

const Quota = z.strictObject({
  maxEntries: z.number().int().min(0),
  maxBytes: z.number().int().min(0),
})

const terms = {
  name: Label,
  /** Whoever it is, is not let in. */
  disabled: z.boolean().exactOptional(),
  policy: Settings.exactOptional(),
  namespaces: Namespaces.exactOptional(),
  limits: Limits.exactOptional(),
  quota: Quota.exactOptional(),
}

/** What holds for a tenant, wherever that is written. */
export const Terms = z.strictObject({ id: TenantId, ...terms })
export type Terms = z.infer<typeof Terms>

/** What an operator may say about a tenant; `upstream: null` takes its key away, and without a word it stays. */
export const TenantInput = z.strictObject({
  ...terms,
  upstream: z.strictObject({ apiKey: ProviderKey }).nullable().exactOptional(),
})
export type TenantInput = z.infer<typeof TenantInput>

/** A tenant as it is kept. */
export const Tenant = z.strictObject({
  id: TenantId,
  ...terms,
  /** The key that its requests reach the model with, sealed; `hint` is its last four characters. */
  upstream: z.strictObject({ apiKey: z.string(), hint: z.string() }).exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Tenant = z.infer<typeof Tenant>
