import { hash, randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import { Limits } from './limits.ts'
import { Label, TenantId } from './tenant.ts'

/** What is known of a key; the key itself is told once, to whoever asked for it, and is nowhere afterwards. */
export const ApiKey = z.strictObject({
  id: z.string().regex(/^key_[0-9a-f]{16}$/),
  tenant: TenantId,
  name: Label,
  createdAt: z.number(),
  /** From here on it is not valid. */
  expiresAt: z.number().exactOptional(),
  revokedAt: z.number().exactOptional(),
  /** Besides those of its tenant. */
  limits: Limits.exactOptional(),
  /** The last four characters, to know it again by. */
  hint: z.string().exactOptional(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** What whoever makes a key may say about it. */
export const KeyTerms = z.strictObject({
  name: Label,
  expiresAt: z.iso.datetime({ offset: true }).transform(Date.parse).exactOptional(),
  limits: Limits.exactOptional(),
})
export type KeyTerms = z.infer<typeof KeyTerms>

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 40

/** A new key: 238 bits of chance, so that it can neither be guessed nor be told from its hash. */
export function newKey(): string {
  return `rp_${Array.from({ length: LENGTH }, () => BASE62[randomInt(BASE62.length)]).join('')}`
}

/** A new name for a key, which says nothing about it. */
export function newKeyId(): string {
  return `key_${randomBytes(8).toString('hex')}`
}

/** True of every key that was made here. Others, which only a file can name, are asked for nowhere else. */
export function isOurs(key: string): boolean {
  return /^rp_[0-9A-Za-z]{40}$/.test(key)
}

/**
 * What a key is known by. Looking it up may take longer or shorter, and so tell how much of a hash is right; but which
 * hash a guess will have nobody can choose, and from a hash, even a whole one, nobody gets back to the key. So there
 * is nothing left that would have to be compared in constant time.
 */
export function hashOf(key: string): string {
  return hash('sha256', key, 'hex')
}

/** True if it admits nobody any more. */
export function isOver({ expiresAt = Infinity, revokedAt }: ApiKey, now: number): boolean {
  return revokedAt !== undefined || expiresAt <= now
}
