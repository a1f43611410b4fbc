import type { Call } from '../../src/call.ts'
import { chat } from '../../src/dialects/chat/chat.ts'
import type { Asked } from '../../src/dialects/dialect.ts'
import { forwarded } from '../../src/http/headers.ts'
import { readDirectives } from '../../src/keys/directives.ts'
import { type PolicyFile, createPolicies, forRequest } from '../../src/tenancy/policies.ts'

/** What surrounds a body: who sends it, where to, and on which terms. */
export interface Terms {
  readonly headers?: Readonly<Record<string, string>>
  readonly tenant?: string
  /** With its question mark. */
  readonly query?: string
  readonly policies?: PolicyFile
}

/** A chat request as the service reads it. A body that is text is taken as it is, byte for byte. */
export function callOf(
  body: object | string,
  { headers = {}, tenant = 'acme', query = '', policies = {} }: Terms = {},
): Call {
  const sent = new Headers(headers)
  const asked = askedOf(body)
  const directives = readDirectives(sent, asked.controls)
  const policy = forRequest(createPolicies(policies)(directives.namespace), directives)
  return {
    tenant,
    degraded: false,
    waitedMs: 0,
    dialect: chat,
    asked,
    directives,
    policy,
    path: `${chat.path}${query}`,
    ...forwarded(sent, new Set()),
  }
}

export function askedOf(body: object | string): Asked {
  return chat.parse(typeof body === 'string' ? body : JSON.stringify(body))
}

/** A chat body that asks one question; `more` adds to it or replaces what is there. */
export function asking(content: unknown, more: object = {}): object {
  return { model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...more }
}
