import { expect, it } from 'vitest'
import { keyOf } from '../../src/keys/key.ts'
import { type Terms, asking, callOf } from '../support/call.ts'

const BASE = asking('What is a mortgage?')

/** Two callers who differ in these are walled off from each other. */
const identity: [what: string, terms: Terms][] = [
  ['tenant', { tenant: 'other' }],
  ['OpenAI-Organization', { headers: { 'OpenAI-Organization': 'org-2' } }],
  ['OpenAI-Project', { headers: { 'OpenAI-Project': 'proj-2' } }],
  ['OpenAI-Beta', { headers: { 'OpenAI-Beta': 'assistants=v2' } }],
  ['namespace', { headers: { 'Reprise-Namespace': 'faq' } }],
  ['query', { query: '?api-version=2024-10-21' }],
]

it.each(identity)('gives requests of another %s another key', (_, terms) => {
  expect(keyOf(callOf(BASE, terms), 'upstream', undefined).id).not.toBe(idOf(BASE))
})

it('gives requests to another upstream another key', () => {
  expect(keyOf(callOf(BASE), 'other', undefined).id).not.toBe(idOf(BASE))
})

it('gives the same words in another conversation another key', () => {
  const [one, other] = ['a', 'b'].map((turns) => keyOf(callOf(BASE), 'upstream', turns).id)
  expect(new Set([one, other, idOf(BASE)]).size).toBe(3)
})

it('gives requests that differ in headers the model does not go by the same key', () => {
  const headers = { 'User-Agent': 'a', 'X-Stainless-Retry-Count': '1', Accept: '*/*', 'X-Client-Request-Id': 'r' }
  expect(keyOf(callOf(BASE, { headers }), 'upstream', undefined).id).toBe(idOf(BASE))
})

it('differs in scope, not in digest, if anything but the question differs', () => {
  const [one, other] = [BASE, { ...BASE, seed: 1 }].map((body) => keyOf(callOf(body), 'upstream', undefined))
  expect(other).toMatchObject({ digest: one!.digest, tenant: 'acme', namespace: 'default' })
  expect(other!.scope).not.toBe(one!.scope)
})

it('differs in digest, not in scope, if only the question does', () => {
  const [one, other] = ['Hi', 'Ho'].map((words) => keyOf(callOf(asking(words)), 'upstream', undefined))
  expect(other!.scope).toBe(one!.scope)
  expect(other!.digest).not.toBe(one!.digest)
})

it('has nothing in a key but hex and checked names', () => {
  const key = keyOf(callOf(BASE, { headers: { 'Reprise-Namespace': 'a.b_c-D' } }), 'https://up', undefined)
  expect(key.id).toMatch(/^ent_[0-9a-f]{24}$/)
  expect(key.scope).toMatch(/^[0-9a-f]{32}$/)
  expect(key.digest).toMatch(/^[0-9a-f]{32}$/)
})

it.each(['seed', 'a_field_of_tomorrow'])('tells integers beyond 2^53 in %s apart by their last digit', (field) => {
  const [one, other] = ['9007199254740992', '9007199254740993'].map((n) => idOf(body(`"${field}":${n}`)))
  expect(one).not.toBe(other)
})

it.each([
  ['a field', (nest: string) => body(`"deep":${nest}`)],
  ['a field, with cache controls', (nest: string) => body(`"cache":{"ttl":1},"deep":${nest}`)],
  ['a field, beside a number beyond 2^53', (nest: string) => body(`"seed":9007199254740993,"deep":${nest}`)],
  ['a field of a request that is passed by', (nest: string) => body(`"cache":{"ttl":1},"store":true,"deep":${nest}`)],
  ['a tool', (nest: string) => body(`"tools":[{"type":"function","function":${nest}}]`)],
  ['the cache controls', (nest: string) => body(`"cache":${nest}`)],
])('refuses nesting without end in %s', (_, make) => {
  const deep = make(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  expect(() => idOf(deep)).toThrow(expect.objectContaining({ status: 400 }))
})

it('reads nesting that a schema may well have, and refuses what no schema has', () => {
  expect(idOf(body(`"deep":${'['.repeat(100)}${']'.repeat(100)}`))).toMatch(/^ent_/)
  const tooDeep = body(`"deep":${'['.repeat(300)}${']'.repeat(300)}`)
  expect(() => idOf(tooDeep)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_request' }))
})

it('tells an integer beyond 2^53 from what it is kept in', () => {
  const [one, other] = ['9007199254740993', '{"rawJSON":"9007199254740993"}'].map((n) => idOf(body(`"seed":${n}`)))
  expect(one).not.toBe(other)
})

function idOf(body: object | string): string {
  return keyOf(callOf(body), 'upstream', undefined).id
}

/** A body as text, for what `JSON.stringify` cannot write. */
function body(members: string): string {
  return `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],${members}}`
}
