import { expect, it } from 'vitest'
import { LIKE_IT, QUESTION, detail, said, world } from '../support/world.ts'

const hour = { default: { ttlSeconds: 3600, staleSeconds: 3600 } }
const cacheStatus = (response: Response) => response.headers.get('cache-status')

it.each([QUESTION, LIKE_IT])('gives an answer until it expires, and not a moment longer: %s', async (question) => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(3599.999)
  expect(await said(await ask(question))).toBe('Answer 1.')
  pass(0.001)
  expect(await said(await ask(question))).toBe('Answer 2.')
})

it('says how old a hit is and how long it has left, in whole seconds', async () => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(10.5)
  const response = await ask(QUESTION)
  expect(response.headers.get('age')).toBe('10')
  expect(cacheStatus(response)).toContain('; ttl=3589;')
})

it('counts the age from when the answer was kept, not from when it was last given', async () => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(1800)
  await ask(QUESTION)
  pass(1799)
  expect((await ask(QUESTION)).headers.get('age')).toBe('3599')
})

it('does not let a hit extend the life of an answer', async () => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(1800)
  await ask(QUESTION)
  await ask(LIKE_IT)
  pass(1800)
  expect(detail(await ask(QUESTION))).not.toBe('exact')
})

it('gives a new answer a life of its own', async () => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(3600)
  await ask(QUESTION)
  pass(3599)
  expect(await said(await ask(QUESTION))).toBe('Answer 2.')
})

it.each([QUESTION, LIKE_IT])('gives a stale answer to whoever accepts any: %s', async (question) => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(7199)
  const response = await ask(question, { 'cache-control': 'max-stale' })
  expect(await said(response)).toBe('Answer 1.')
  expect(cacheStatus(response)).toMatch(/^reprise; hit; ttl=-3599; key="ent_[0-9a-f]{24}"; detail=stale$/)
})

it.each([QUESTION, LIKE_IT])('gives an answer that is no staler than accepted: %s', async (question) => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(3659)
  expect(detail(await ask(question, { 'cache-control': 'max-stale=60' }))).toBe('stale')
  pass(1)
  expect(await said(await ask(question, { 'cache-control': 'max-stale=60' }))).toBe('Answer 2.')
})

it('says of a fresh answer that it is fresh, even to whoever accepts a stale one', async () => {
  const { ask } = world({ policies: hour })
  await ask(QUESTION)
  expect(detail(await ask(QUESTION, { 'cache-control': 'max-stale' }))).toBe('exact')
})

it('forgets an answer for good when the policy says so', async () => {
  const { ask, pass } = world({ policies: { default: { ttlSeconds: 3600, staleSeconds: 60 } } })
  await ask(QUESTION)
  pass(3660)
  expect(await said(await ask(QUESTION, { 'cache-control': 'max-stale' }))).toBe('Answer 2.')
})

it.each([QUESTION, LIKE_IT])('gives no answer that is older than accepted: %s', async (question) => {
  const { ask, pass } = world({ policies: hour })
  await ask(QUESTION)
  pass(60)
  expect(await said(await ask(question, { 'cache-control': 'max-age=60' }))).toBe('Answer 1.')
  pass(0.001)
  expect(await said(await ask(question, { 'cache-control': 'max-age=60' }))).toBe('Answer 2.')
})

it('shortens the life of an answer by chance, by a twentieth at most', async () => {
  const { ask, entries } = world({ policies: hour, random: () => 0.999_999 })
  await ask(QUESTION)
  const [entry] = await entries()
  expect(entry!.expiresAt - entry!.createdAt).toBeGreaterThanOrEqual(3_420_000)
  expect(entry!.expiresAt - entry!.createdAt).toBeLessThan(3_421_000)
})

it('never lengthens the life of an answer by chance', async () => {
  const { ask, entries } = world({ policies: hour, random: () => 0 })
  await ask(QUESTION)
  const [entry] = await entries()
  expect(entry!.expiresAt - entry!.createdAt).toBe(3_600_000)
})

it('takes a lifetime that the caller names at its word', async () => {
  const { ask, entries } = world({ policies: hour, random: () => 0.999_999 })
  await ask(QUESTION, { 'reprise-ttl': '120' })
  const [entry] = await entries()
  expect(entry!.expiresAt - entry!.createdAt).toBe(120_000)
})

it('keeps no answer longer than the policy allows, whatever the caller names', async () => {
  const { ask, entries } = world({ policies: { default: { maxTtlSeconds: 600 } } })
  await ask(QUESTION, { 'reprise-ttl': '86400' })
  const [entry] = await entries()
  expect(entry!.expiresAt - entry!.createdAt).toBe(600_000)
})

it('does not keep an answer that is to live for no time at all', async () => {
  const { ask, entries } = world()
  const response = await ask(QUESTION, { 'reprise-ttl': '0' })
  expect(cacheStatus(response)).toBe('reprise; fwd=uri-miss; detail=nothing-near')
  expect(await entries()).toEqual([])
})

it('still gives what is kept to whoever wants nothing kept', async () => {
  const { ask } = world()
  await ask(QUESTION)
  expect(detail(await ask(QUESTION, { 'reprise-ttl': '0' }))).toBe('exact')
})

it('keeps for as long as the namespace says', async () => {
  const { ask, pass } = world({ policies: { default: {}, foundation: { ttlSeconds: 300 } } })
  await ask(QUESTION, { 'reprise-namespace': 'foundation' })
  pass(300)
  expect(await said(await ask(QUESTION, { 'reprise-namespace': 'foundation' }))).toBe('Answer 2.')
})
