import { hash } from 'node:crypto'
import type { Call } from '../call.ts'
import { canonicalJson } from '../dialects/json.ts'
import { ServiceError } from '../errors.ts'
import type { Key } from '../ports.ts'

/** Bump when a key's meaning changes; what was kept before then simply stops being found. */
const VERSION = 1

/**
 * Splits a request into what must be equal (scope) and what may be merely alike (the question).
 * `upstream` is the model's `identity`; `turns` is what the conversation has said so far, if the caller named one.
 */
export function keyOf(call: Call, upstream: string, turns: string | undefined): Key {
  const { tenant, asked } = call
  const { namespace } = call.directives
  const parts = { tenant, namespace, scope: digest(scopeParts(call, upstream, turns)), digest: digest(asked.words) }
  return { id: idOf(parts), ...parts }
}

/** The name that follows from the other parts of a key. */
export function idOf({ tenant, namespace, scope, digest: question }: Omit<Key, 'id'>): string {
  return `ent_${digest([tenant, namespace, scope, question]).slice(0, 24)}`
}

/** True if the keys are equal in all their parts, whatever they are called. */
export function isSameKey(one: Key, other: Key): boolean {
  return PARTS.every((part) => one[part] === other[part])
}

const PARTS = ['tenant', 'namespace', 'scope', 'digest'] as const

/** What the scope is a digest of, part by part. */
export function scopeParts({ asked, directives, path, shaping }: Call, upstream: string, turns: string | undefined) {
  const { user } = directives
  const whose = { ...(user !== undefined && { user }), ...(turns && { turns }) }
  return { version: VERSION, upstream, path, headers: shaping, ...whose, request: asked.scope }
}

/** Each part of the scope, and each field of the request, as eight hex digits: enough to see which of them differ. */
export function partDigests(scope: ReturnType<typeof scopeParts>): Record<string, string> {
  const { headers, request, ...rest } = scope
  const named = (prefix: string, parts: object) =>
    Object.entries(parts).map(([name, part]) => [`${prefix}${name}`, part] as const)
  const parts = [...named('', rest), ...named('headers.', headers), ...named('request.', request)]
  return Object.fromEntries(parts.map(([name, part]) => [name, digest(part ?? null).slice(0, 8)]))
}

/** Names of the parts in which two scopes differ, in order; `undefined` if one of them is not known. */
export function differing(
  one: Readonly<Record<string, string>> | undefined,
  other: Readonly<Record<string, string>> | undefined,
): string[] | undefined {
  if (!one || !other) return undefined
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].filter((name) => one[name] !== other[name]).sort()
}

/** 32 hex digits of SHA-256 over canonical JSON: too many to collide by accident or, unlike a fast hash, by design. */
export function digest(value: unknown): string {
  try {
    return hash('sha256', canonicalJson(value), 'hex').slice(0, 32)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ServiceError(400, 'invalid_request', `the request is ${error.message}`, { cause: error })
  }
}
