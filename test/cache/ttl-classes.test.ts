import { expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { inTurn, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, said, world } from '../support/world.ts'

const { policies } = readConfig({})
const MINUTE = 60
const HOUR = 3600
/** What the README promises of each class that is shipped, in seconds. */
const CLASSES = [
  ['foundation', 5 * MINUTE],
  ['icp', HOUR],
  ['campaign', 30 * MINUTE],
  ['analytics', 15 * MINUTE],
] as const
const VOLATILE = 'What is the weather in Paris today?'

/** The service on the policies as they are shipped, asked within one class. */
function within(namespace: string, options: WorldOptions = {}) {
  const { ask, ...rest } = world({ policies, ...options })
  return {
    ...rest,
    ask: (question: string, headers: Readonly<Record<string, string>> = {}) =>
      ask(question, { 'reprise-namespace': namespace, ...headers }),
  }
}

it('ships four classes, and what holds for all others', () => {
  expect(Object.keys(policies).sort()).toEqual(['default', ...CLASSES.map(([name]) => name)].sort())
})

it.each(CLASSES)('gives an answer of %s for %i seconds, in the same words', async (name, ttl) => {
  const { ask, pass } = within(name)
  await ask(QUESTION)
  pass(ttl - 0.001)
  expect(await said(await ask(QUESTION))).toBe('Answer 1.')
  pass(0.001)
  expect(await said(await ask(QUESTION))).toBe('Answer 2.')
})

it.each(CLASSES)('gives an answer of %s for %i seconds, in other words', async (name, ttl) => {
  const { ask, pass } = within(name)
  await ask(QUESTION)
  pass(ttl - 0.001)
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
  pass(0.001)
  expect(await said(await ask(LIKE_IT))).toBe('Answer 2.')
})

it.each(CLASSES)('says of an answer of %s that it has %i seconds left', async (name, ttl) => {
  const { ask } = within(name)
  await ask(QUESTION)
  expect((await ask(QUESTION)).headers.get('cache-status')).toContain(`; ttl=${ttl};`)
})

it.each(CLASSES)('takes a class by the body’s word as well: %s', async (namespace, ttl) => {
  const { ask, entries } = world({ policies })
  await ask(QUESTION, {}, { cache: { namespace } })
  const [entry] = await entries()
  expect(entry!.expiresAt - entry!.createdAt).toBe(ttl * 1000)
})

it('gives a class that is not shipped an hour', async () => {
  const { ask, entries } = within('brochures')
  await ask(QUESTION)
  const [entry] = await entries()
  expect(entry!.expiresAt - entry!.createdAt).toBe(HOUR * 1000)
})

it('keeps the classes apart', async () => {
  const { ask, entries } = world({ policies })
  for (const [namespace] of CLASSES) {
    expect(detail(await ask(QUESTION, { 'reprise-namespace': namespace }))).toBe('nothing-near')
  }
  expect((await entries()).map(({ key }) => key.namespace).sort()).toEqual(CLASSES.map(([name]) => name).sort())
})

it.each(CLASSES)('shortens the %s class by a twentieth at most, however chance falls: %i s', async (name, ttl) => {
  const { ask, entries } = within(name, { random: () => 1 - Number.EPSILON })
  await ask(QUESTION)
  const [entry] = await entries()
  expect((entry!.expiresAt - entry!.createdAt) / 1000).toBeCloseTo(ttl * 0.95, 2)
})

it('shortens each answer by a chance of its own', async () => {
  const chances = [0, 0.25, 0.5, 0.75]
  const { ask, entries } = within('icp', { random: () => chances.shift() ?? 0 })
  for (const question of ['apple', 'bridge', 'cloud', 'dragon']) await ask(question)
  const lives = (await entries()).map(({ createdAt, expiresAt }) => (expiresAt - createdAt) / 1000)
  expect(lives.sort((a, b) => b - a)).toEqual([3600, 3555, 3510, 3465])
})

it.each(CLASSES)('does not serve an answer of %s past its time unless asked to', async (name, ttl) => {
  const { ask, pass, calls } = within(name)
  await ask(QUESTION)
  pass(ttl)
  expect(detail(await ask(QUESTION))).not.toBe('stale')
  expect(calls).toHaveLength(2)
})

it.each(CLASSES)('gives an answer of %s for an hour past its %i s to whoever accepts that', async (name, ttl) => {
  const { ask, pass } = within(name)
  await ask(QUESTION)
  pass(ttl + HOUR - 1)
  const stale = await ask(QUESTION, { 'cache-control': 'max-stale' })
  expect([detail(stale), await said(stale)]).toEqual(['stale', 'Answer 1.'])
  pass(1)
  expect(await said(await ask(QUESTION, { 'cache-control': 'max-stale' }))).toBe('Answer 2.')
})

it.each(CLASSES)('gives an answer of %s for an hour past its %i s where the model fails', async (name, ttl) => {
  const overloaded = async () => json({ error: { message: 'overloaded' } }, { status: 503 })
  const model = inTurn(says('Once.'), overloaded, overloaded)
  const { ask, pass } = within(name, { model })
  await ask(QUESTION)
  pass(ttl + HOUR - 1)
  expect(detail(await ask(QUESTION))).toBe('stale')
  pass(1)
  expect((await ask(QUESTION)).status).toBe(503)
})

it.each(CLASSES)('keeps what time itself makes wrong for five minutes, in %s as well', async (name) => {
  const { ask, pass } = within(name)
  await ask(VOLATILE)
  pass(5 * MINUTE - 0.001)
  expect(await said(await ask(VOLATILE))).toBe('Answer 1.')
  pass(0.001)
  expect(await said(await ask(VOLATILE))).toBe('Answer 2.')
})

it('lets a caller shorten the life of an answer within its class, exactly', async () => {
  const { ask, pass } = within('campaign', { random: () => 0.5 })
  await ask(QUESTION, { 'reprise-ttl': '60' })
  pass(59.999)
  expect(detail(await ask(QUESTION))).toBe('exact')
  pass(0.001)
  expect(detail(await ask(QUESTION))).not.toBe('exact')
})
