import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Partition, Pointer } from '../../ports.ts'

/** What the service keeps beside a vector: the pointer, and its partition as one digest to filter by. */
export function metadataOf({ key, aliasOf, says, space, question, createdAt, expiresAt, keepUntil }: Pointer) {
  const { tenant, namespace, scope, digest } = key
  const partition = digestOf({ tenant, namespace, scope, space })
  const times = { createdAt, expiresAt, keepUntil }
  const answer = { ...(aliasOf && { aliasOf }), ...(says && { says }) }
  return { partition, tenant, namespace, scope, space, digest, question, ...times, ...answer }
}

export type Metadata = z.infer<typeof Metadata>

export const Metadata = z.object({
  tenant: z.string(),
  namespace: z.string(),
  scope: z.string(),
  space: z.string(),
  digest: z.string(),
  question: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  keepUntil: z.number(),
  aliasOf: z.object({ id: z.string(), digest: z.string() }).exactOptional(),
  says: z.string().exactOptional(),
})

/** No rule is known for quotes in filters, so only digits and hex are ever put into one. */
export function filterFor(within: Partition, expiringAfter: number, now: number): string {
  // A caller who takes anything, however stale, asks for what expires after minus infinity.
  const [expiry, death] = [expiringAfter, now].map((time) => Math.max(0, Math.floor(time)))
  return `partition = '${digestOf(within)}' AND expiresAt > ${expiry} AND keepUntil > ${death}`
}

/** The filter is the service's affair; that nobody is given another's answer is ours. */
export function belongs(found: Metadata, within: Partition, expiringAfter: number, now: number): boolean {
  const { tenant, namespace, scope, space, expiresAt, keepUntil } = found
  return (
    tenant === within.tenant &&
    namespace === within.namespace &&
    scope === within.scope &&
    space === within.space &&
    expiresAt > expiringAfter &&
    keepUntil > now
  )
}

function digestOf({ tenant, namespace, scope, space }: Partition): string {
  return hash('sha256', JSON.stringify([tenant, namespace, scope, space])).slice(0, 32)
}
