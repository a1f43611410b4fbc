import { expect, it } from 'vitest'
import { inTurn, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, settled, world } from '../support/world.ts'

// Word for word, for this is what callers and their tools read (RFC 9211).

const cacheStatus = (response: Response) => response.headers.get('cache-status')

it('says of an exact hit how long it has left, which entry it is, and that it is exact', async () => {
  const { ask, entries } = world()
  await ask(QUESTION)
  const [entry] = await entries()
  expect(entry!.key.id).toMatch(/^ent_[0-9a-f]{24}$/)
  const expected = `reprise; hit; ttl=3600; key="${entry!.key.id}"; detail=exact`
  expect(cacheStatus(await ask(QUESTION))).toBe(expected)
})

it('says of a semantic hit which entry it is', async () => {
  const { ask, entries } = world()
  await ask(QUESTION)
  const [entry] = await entries()
  expect(cacheStatus(await ask(LIKE_IT))).toBe(`reprise; hit; ttl=3600; key="${entry!.key.id}"; detail=semantic`)
})

it('says of a stale hit for how long it has been stale', async () => {
  const { ask, pass, entries } = world()
  await ask(QUESTION)
  const [entry] = await entries()
  pass(3660.5)
  const response = await ask(QUESTION, { 'cache-control': 'max-stale' })
  expect(cacheStatus(response)).toBe(`reprise; hit; ttl=-61; key="${entry!.key.id}"; detail=stale`)
})

it('says of a hit the same whether it is streamed or not', async () => {
  const { ask, hear } = world()
  await ask(QUESTION)
  expect(cacheStatus(await hear(QUESTION))).toBe(cacheStatus(await ask(QUESTION)))
})

it('says of a miss why it is one, and that its answer was stored', async () => {
  const { ask } = world()
  expect(cacheStatus(await ask(QUESTION))).toBe('reprise; fwd=uri-miss; stored; detail=nothing-near')
  expect(cacheStatus(await ask('Where to buy a bicycle'))).toBe('reprise; fwd=uri-miss; stored; detail=below-threshold')
})

it('does not say of a stream that it was stored, for its end has yet to come', async () => {
  const { hear } = world()
  expect(cacheStatus(await hear(QUESTION))).toBe('reprise; fwd=uri-miss; detail=nothing-near')
})

it('names the objection that kept a near match from being served', async () => {
  const { ask } = world()
  await ask('Can I return my order within 30 days')
  const response = await ask('Can I return my order within 60 days')
  expect(cacheStatus(response)).toBe('reprise; fwd=uri-miss; stored; detail=objection.number')
})

it('says of an answer asked anew that the request wanted it so', async () => {
  const { ask } = world()
  const response = await ask(QUESTION, { 'cache-control': 'no-cache' })
  expect(cacheStatus(response)).toBe('reprise; fwd=request; stored; detail=asked-fresh')
})

it('says of a joined call that it was collapsed into another', async () => {
  const gate = Promise.withResolvers<void>()
  const { ask, hear } = world({
    model: async (...request) => {
      await gate.promise
      return says('Paris.')(...request)
    },
  })
  const asking = [ask(QUESTION), ask(QUESTION), hear(QUESTION)]
  await settled()
  gate.resolve()
  const [, ...joined] = (await Promise.all(asking)).map(cacheStatus)
  expect(joined).toEqual(Array(2).fill('reprise; fwd=uri-miss; collapsed; detail=joined'))
})

it.each([
  ['web-search', {}, { web_search_options: {} }],
  ['no-store', { 'cache-control': 'no-store' }, {}],
])('says of a bypass what it is for: %s', async (why, headers, members) => {
  const { ask } = world()
  expect(cacheStatus(await ask(QUESTION, headers, members))).toBe(`reprise; fwd=bypass; detail=${why}`)
})

it('says of an upstream error which status it was', async () => {
  const { ask } = world({ model: inTurn(async () => json({}, { status: 429 })) })
  expect(cacheStatus(await ask(QUESTION))).toBe('reprise; fwd=uri-miss; fwd-status=429')
})

it('says of an upstream error that a new answer was wanted', async () => {
  const { ask } = world({ model: inTurn(async () => json({}, { status: 500 })) })
  expect(cacheStatus(await ask(QUESTION, { 'cache-control': 'no-cache' }))).toBe('reprise; fwd=request; fwd-status=500')
})

it.each([
  ['cache_miss', { 'cache-control': 'only-if-cached' }],
  ['invalid_directive', { 'reprise-ttl': 'soon' }],
])('says of an error of its own which it is: %s', async (code, headers) => {
  expect(cacheStatus(await world().ask(QUESTION, headers))).toBe(`reprise; detail=${code}`)
})

it('says how near the match was that it judged', async () => {
  const { ask } = world()
  await ask(QUESTION)
  expect((await ask(LIKE_IT)).headers.get('reprise-similarity')).toBe('0.9129')
  expect((await ask('How to cook')).headers.get('reprise-similarity')).toBe('0.5164')
})

it('does not say how near a match was when it judged none', async () => {
  const { ask } = world()
  expect((await ask(QUESTION)).headers.has('reprise-similarity')).toBe(false)
  expect((await ask(QUESTION)).headers.has('reprise-similarity')).toBe(false)
})

it('gives an age to hits only', async () => {
  const { ask } = world()
  expect((await ask(QUESTION)).headers.has('age')).toBe(false)
  expect((await ask(QUESTION)).headers.get('age')).toBe('0')
})
