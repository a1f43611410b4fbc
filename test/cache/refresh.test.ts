import { expect, it } from 'vitest'
import { inTurn, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, detail, said, settled, world } from '../support/world.ts'

const HOUR = { ttlSeconds: 3600, staleSeconds: 0, staleIfErrorSeconds: 0, staleWhileRevalidateSeconds: 0 }
const revalidating = { default: { ...HOUR, staleWhileRevalidateSeconds: 600 } }
const forgiving = { default: { ...HOUR, staleIfErrorSeconds: 600 } }
const overloaded = async () => json({ error: { message: 'overloaded' } }, { status: 503 })

it('gives a stale answer at once and fetches a new one in the background', async () => {
  const { ask, pass, calls, idle } = world({ policies: revalidating })
  await ask(QUESTION)
  pass(3600)
  const stale = await ask(QUESTION)
  expect([detail(stale), await said(stale)]).toEqual(['stale', 'Answer 1.'])
  await idle()
  expect(calls).toHaveLength(2)
  const fresh = await ask(QUESTION)
  expect([detail(fresh), await said(fresh)]).toEqual(['exact', 'Answer 2.'])
})

it('gives a stale answer to a question that means the same, and fetches a new one for it', async () => {
  const { ask, pass, calls, idle } = world({ policies: revalidating })
  await ask(QUESTION)
  pass(3600)
  expect(await said(await ask(LIKE_IT))).toBe('Answer 1.')
  await idle()
  expect(calls).toHaveLength(2)
  expect(await said(await ask(LIKE_IT))).toBe('Answer 2.')
})

it('gives no stale answer beyond the window', async () => {
  const { ask, pass } = world({ policies: revalidating })
  await ask(QUESTION)
  pass(4200)
  expect(await said(await ask(QUESTION))).toBe('Answer 2.')
})

it('lets a caller refuse what is stale', async () => {
  const { ask, pass } = world({ policies: revalidating })
  await ask(QUESTION)
  pass(3600)
  expect(await said(await ask(QUESTION, { 'cache-control': 'max-stale=0' }))).toBe('Answer 2.')
})

it('fetches a new answer once for however many ask meanwhile', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const slow = async (...request: Parameters<ReturnType<typeof says>>) => {
    await gate
    return says('new')(...request)
  }
  const { ask, pass, calls, idle } = world({ policies: revalidating, model: inTurn(says('old'), slow) })
  await ask(QUESTION)
  pass(3600)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => said(await ask(QUESTION))))
  expect(answers).toEqual(Array(20).fill('old'))
  await settled()
  open()
  await idle()
  expect(calls).toHaveLength(2)
})

it('keeps the old answer if a new one cannot be had', async () => {
  const { ask, pass, idle } = world({ policies: revalidating, model: inTurn(says('old'), overloaded) })
  await ask(QUESTION)
  pass(3600)
  await ask(QUESTION)
  await idle()
  expect(await said(await ask(QUESTION))).toBe('old')
})

it('fetches a new answer before the old one is over, the likelier the nearer that is', async () => {
  const slow = async (...request: Parameters<ReturnType<typeof says>>) => {
    pass(10)
    return says(`Answer ${calls.length}.`)(...request)
  }
  let chance = 0
  const { ask, pass, calls, idle } = world({ policies: revalidating, model: slow, random: () => chance })
  await ask(QUESTION)
  // Ten seconds for the model and -ln(1 - 0.95) = 3.0: due from 30 seconds before the end.
  chance = 0.95
  pass(3560)
  expect(detail(await ask(QUESTION))).toBe('exact')
  await idle()
  expect(calls).toHaveLength(1)
  pass(15)
  expect(detail(await ask(QUESTION))).toBe('exact')
  await idle()
  expect(calls).toHaveLength(2)
})

it('fetches nothing before its time where a policy wants no background refresh', async () => {
  const { ask, pass, calls, idle } = world({ policies: forgiving, random: () => 1 - 1e-12 })
  await ask(QUESTION)
  pass(3300)
  await ask(QUESTION)
  await idle()
  expect(calls).toHaveLength(1)
})

it.each([
  ['overloaded', overloaded],
  ['rate-limited', async () => json({ error: { message: 'slow down' } }, { status: 429 })],
  ['unreachable', async () => Promise.reject(new Error('connection refused'))],
])('gives a stale answer rather than the failure of a model that is %s', async (_, failing) => {
  const { ask, pass } = world({ policies: forgiving, model: inTurn(says('old'), failing) })
  await ask(QUESTION)
  pass(4199)
  const response = await ask(QUESTION)
  expect([response.status, detail(response), await said(response)]).toEqual([200, 'stale', 'old'])
  expect(await said(await ask(LIKE_IT))).toBe('old')
})

it('gives no stale answer for a failure that is the caller’s own', async () => {
  const refused = async () => json({ error: { message: 'no such model' } }, { status: 404 })
  const { ask, pass } = world({ policies: forgiving, model: inTurn(says('old'), refused) })
  await ask(QUESTION)
  pass(3600)
  expect((await ask(QUESTION)).status).toBe(404)
})

it('gives no stale answer for a failure beyond the window, nor to whoever asked for a new one', async () => {
  const { ask, pass } = world({ policies: forgiving, model: inTurn(says('old'), overloaded) })
  await ask(QUESTION)
  pass(3700)
  expect((await ask(QUESTION, { 'cache-control': 'no-cache' })).status).toBe(503)
  pass(500)
  expect((await ask(QUESTION)).status).toBe(503)
})

it('keeps an answer that time itself makes wrong for less long, unless the caller says how long', async () => {
  const { ask, pass } = world({ policies: { default: { ...HOUR, volatileTtlSeconds: 60 } } })
  const today = 'What is the weather in Paris today?'
  await ask(today)
  pass(60)
  expect(await said(await ask(today))).toBe('Answer 2.')
  await ask('What is the weather in Rome today?', { 'reprise-ttl': '600' })
  pass(599)
  expect(detail(await ask('What is the weather in Rome today?'))).toBe('exact')
})

it('does not keep such an answer at all where a policy says so', async () => {
  const { ask } = world({ policies: { default: { ...HOUR, volatileTtlSeconds: 0 } } })
  await ask('What is the weather in Paris today?')
  expect(await said(await ask('What is the weather in Paris today?'))).toBe('Answer 2.')
})
