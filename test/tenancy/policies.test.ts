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
    mode: 'on',
    rollout: 100,
    match: 'semantic',
    ttlMs: 60 * MINUTE_MS,
    maxTtlMs: 7 * 24 * 60 * MINUTE_MS,
    volatileTtlMs: 5 * MINUTE_MS,
    jitter: 0.05,
    staleMs: 60 * MINUTE_MS,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 60 * MINUTE_MS,
    threshold: undefined,
    maxWrongHitRate: 0.02,
    auditShare: 0.02,
    since: 0,
    maxTemperature: 1,
    cachesModel: expect.any(Function),
    tools: 'exact',
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
  const policies = createPolicies({ default: { ttlSeconds: 10 } }, { namespaces: { faq: { ttlSeconds: 20 } } })
  expect(policies(namespace)).toBe(policies('a-namespace-of-its-own'))
})

it.each([
  ['a misspelt setting', { faq: { ttlSecond: 1 } }],
  ['a negative time', { faq: { ttlSeconds: -1 } }],
  ['a threshold above 1', { faq: { threshold: 95 } }],
  ['an unknown match', { faq: { match: 'fuzzy' } }],
  ['a namespace that no request could name', { 'a/b': {} }],
  ['a namespace that a record would drop', JSON.parse('{ "__proto__": {} }')],
  ['a rollout to more than everyone', { faq: { rollout: 101 } }],
  ['a jitter that halves more than half', { faq: { jitter: 0.6 } }],
  ['a budget that nobody can vouch for', { faq: { maxWrongHitRate: 0.001 } }],
  ['a budget that is none', { faq: { maxWrongHitRate: 0.5 } }],
  ['a mode that does not exist', { faq: { mode: 'dry' } }],
  ['a time without end', { faq: { ttlSeconds: 1e12 } }],
  ['no namespaces at all', null],
  ['a list', []],
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

it.each([
  [undefined, ['gpt-4o', 'o3'], []],
  [{ allow: ['gpt-4o*'] }, ['gpt-4o', 'gpt-4o-mini'], ['gpt-4', 'o3']],
  [{ deny: ['*-preview'] }, ['gpt-4o', 'preview'], ['gpt-4o-preview']],
  [{ allow: ['gpt-*'], deny: ['gpt-4*'] }, ['gpt-5'], ['gpt-4o', 'o3']],
  [{ allow: [] }, [], ['gpt-4o', '']],
])('caches, of models %j, %j and not %j', (models, cached, not) => {
  const { cachesModel } = createPolicies({ default: models ? { models } : {} })('faq')
  expect(cached.filter(cachesModel)).toEqual(cached)
  expect(not.filter(cachesModel)).toEqual([])
})

it('lets a tenant say what holds for it, and for a namespace of its own', () => {
  const file = { default: { ttlSeconds: 10, mode: 'shadow' }, faq: { ttlSeconds: 20 } } as const
  const policies = createPolicies(file, { policy: { ttlSeconds: 30 }, namespaces: { faq: { ttlSeconds: 40 } } })
  expect(policies('other')).toMatchObject({ ttlMs: 30_000, mode: 'shadow' })
  expect(policies('faq')).toMatchObject({ ttlMs: 40_000, mode: 'shadow' })
})
