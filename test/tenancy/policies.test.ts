import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Directives } from '../../src/keys/directives.ts'
import { type Policy, PolicyFile, createPolicies, forRequest } from '../../src/tenancy/policies.ts'

const MINUTE_MS = 60_000
const shipped = createPolicies(PolicyFile.parse(JSON.parse(readFileSync('fixtures/policies.json', 'utf8'))))

it.each([
  ['foundation', 5],
  ['analytics', 15],
  ['campaign', 30],
  ['icp', 60],
  ['default', 60],
  ['a-namespace-of-its-own', 60],
])('keeps answers in the shipped namespace %s for %i minutes', (namespace, minutes) => {
  expect(shipped(namespace).ttlMs).toBe(minutes * MINUTE_MS)
})

it('rules by what is built in where the file says nothing', () => {
  expect(createPolicies({})('faq')).toEqual({
    ttlMs: 60 * MINUTE_MS,
    maxTtlMs: 7 * 24 * 60 * MINUTE_MS,
    staleMs: 60 * MINUTE_MS,
    threshold: undefined,
    match: 'semantic',
    maxTemperature: 1,
  })
})

it('lets `default` decide what a namespace leaves out', () => {
  const policies = createPolicies({
    default: { threshold: 0.9, staleSeconds: 0 },
    faq: { ttlSeconds: 10, threshold: 0.8 },
  })
  expect(policies('faq')).toMatchObject({ ttlMs: 10_000, threshold: 0.8, staleMs: 0 })
  expect(policies('other')).toMatchObject({ ttlMs: 60 * MINUTE_MS, threshold: 0.9, staleMs: 0 })
})

it('keeps the TTL of a namespace within its own maximum', () => {
  expect(createPolicies({ faq: { ttlSeconds: 100, maxTtlSeconds: 10 } })('faq').ttlMs).toBe(10_000)
})

it.each(['constructor', '__proto__', 'toString'])('takes the namespace %s for a name like any other', (namespace) => {
  expect(createPolicies({})(namespace)).toEqual(createPolicies({})('faq'))
})

it.each([
  ['a misspelt setting', { faq: { ttlSecond: 1 } }],
  ['a negative time', { faq: { ttlSeconds: -1 } }],
  ['a threshold above 1', { faq: { threshold: 95 } }],
  ['an unknown match', { faq: { match: 'fuzzy' } }],
  ['a namespace that no request could name', { 'a/b': {} }],
])('does not read a file with %s', (_, file) => {
  expect(PolicyFile.safeParse(file).success).toBe(false)
})

const policy: Policy = { ...createPolicies({})('faq'), ttlMs: 1_000, maxTtlMs: 5_000, threshold: 0.9 }
const none: Directives = {
  namespace: 'faq',
  noStore: false,
  noCache: false,
  onlyIfCached: false,
  tags: [],
}

it('changes nothing for a request that asks for nothing', () => {
  expect(forRequest(policy, none)).toEqual(policy)
})

it.each([
  [0, 0],
  [500, 500],
  [3_000, 3_000],
  [5_000, 5_000],
  [5_001, 5_000],
])('gives a request that asks for %i ms a time to live of %i ms', (asked, given) => {
  expect(forRequest(policy, { ...none, ttlMs: asked })).toEqual({ ...policy, ttlMs: given })
})

it.each([0, 0.5, 1])('replaces the threshold by that of the request, %d', (threshold) => {
  expect(forRequest(policy, { ...none, threshold })).toEqual({ ...policy, threshold })
})

it.each([
  ['semantic', 'exact', 'exact'],
  ['semantic', 'semantic', 'semantic'],
  ['exact', 'semantic', 'exact'],
  ['exact', 'exact', 'exact'],
] as const)('lets a request in a namespace that matches %s and asks for %s match %s', (own, asked, given) => {
  expect(forRequest({ ...policy, match: own }, { ...none, match: asked }).match).toBe(given)
})
