import { expect, it } from 'vitest'
import { type Send, inTurn, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, aRequest, world } from '../support/world.ts'

const BICYCLE = 'Where to buy a bicycle'

it('counts what became of each request, and why', async () => {
  const { ask, stats } = world()
  await ask(QUESTION)
  await ask(QUESTION)
  await ask(LIKE_IT)
  await ask(BICYCLE)
  await ask(BICYCLE, { 'cache-control': 'no-store' })
  expect(await stats()).toMatchObject({
    requests: 5,
    hits: { total: 2, exact: 1, semantic: 1, stale: 0 },
    joined: 0,
    misses: { total: 2, by_reason: { 'nothing-near': 1, 'below-threshold': 1 } },
    bypasses: { total: 1, by_reason: { 'no-store': 1 } },
    hit_rate: 0.5,
  })
})

it('counts the tokens that hits have saved', async () => {
  const { ask, stats } = world()
  await ask(QUESTION)
  await ask(QUESTION)
  await ask(LIKE_IT)
  expect((await stats()).saved).toMatchObject({ prompt_tokens: 28, completion_tokens: 6 })
})

it('has no hit rate before the first request', async () => {
  const { stats } = world()
  expect((await stats()).hit_rate).toBeNull()
})

it('counts no request that was refused', async () => {
  const { post, stats } = world()
  await post('/chat/completions', '{')
  expect((await stats()).requests).toBe(0)
})

it('counts what it holds', async () => {
  const { app } = world({ service: { sizes: async () => ({ store: { entries: 7 } }) } })
  expect(await (await app.request('/v1/cache/stats')).json()).toMatchObject({ store: { entries: 7 } })
})

it('explains an exact hit', async () => {
  const { ask, explain } = explaining()
  await ask(QUESTION)
  const { verdict, exact, question } = await explain(aRequest(QUESTION))
  expect(verdict).toMatchObject({
    outcome: 'hit',
    detail: 'exact',
    question: QUESTION,
    id: expect.stringMatching(/^ent_/),
  })
  expect(exact).toEqual({ id: verdict.id, expires_in_s: 3600 })
  expect(question).toBe(QUESTION)
})

it('explains a semantic hit by its candidates, nearest first', async () => {
  const { ask, pass, explain } = explaining()
  await ask(BICYCLE)
  await ask(QUESTION)
  pass(60)
  const { verdict, candidates, threshold, space, exact } = await explain(aRequest(LIKE_IT))
  expect(verdict).toMatchObject({ outcome: 'hit', detail: 'semantic', question: QUESTION })
  expect({ threshold, space, exact }).toEqual({ threshold: 0.8, space: 'words-1', exact: null })
  expect(candidates).toMatchObject([
    { question: QUESTION, similarity: expect.closeTo(0.9129, 4), age_s: 60, expires_in_s: 3540, objections: [] },
    { question: BICYCLE, similarity: expect.closeTo(0.1826, 4) },
  ])
})

it('explains a miss by everything that speaks against the candidates', async () => {
  const { ask, explain } = explaining()
  await ask('Can I return my order within 30 days')
  const { verdict, candidates } = await explain(aRequest('Can I not return my order within 60 days'))
  expect(candidates[0]?.objections).toEqual(expect.arrayContaining(['number', 'negation']))
  expect(verdict).toEqual({ outcome: 'miss', detail: `objection.${candidates[0]?.objections[0]}` })
})

it('explains with the controls of the request', async () => {
  const { ask, explain } = explaining()
  await ask(QUESTION)
  const { verdict, threshold } = await explain(aRequest(LIKE_IT), { 'reprise-threshold': '0.95' })
  expect(verdict).toEqual({ outcome: 'miss', detail: 'below-threshold' })
  expect(threshold).toBe(0.95)
})

it('explains what two requests must have in common', async () => {
  const { explain } = explaining()
  const { scope, key } = await explain(aRequest(QUESTION, { temperature: 0.5, user: 'anna' }))
  expect(scope).toMatchObject({
    upstream: 'https://model.test/v1',
    path: '/chat/completions',
    request: { model: 'gpt-4o-mini', temperature: 0.5 },
  })
  expect(JSON.stringify(scope)).not.toContain('anna')
  expect(key).toMatchObject({
    tenant: 'default',
    namespace: 'default',
    id: expect.stringMatching(/^ent_[0-9a-f]{24}$/),
  })
})

it('explains why a request is found by its very words only', async () => {
  const { ask, explain } = explaining()
  await ask(QUESTION)
  const { verdict, exact_only, candidates } = await explain(aRequest(LIKE_IT, { seed: 1 }))
  expect(verdict).toEqual({ outcome: 'miss', detail: 'exact-only.seed' })
  expect(exact_only).toBe('seed')
  expect(candidates).toEqual([])
})

it('explains why a request is neither looked up nor kept', async () => {
  const { explain } = explaining()
  const { verdict } = await explain(aRequest(QUESTION, { web_search_options: {} }))
  expect(verdict).toEqual({ outcome: 'bypass', detail: 'web-search' })
})

it('neither asks the model nor keeps nor counts anything to explain', async () => {
  const { ask, explain, calls, stats, entries } = explaining()
  await ask(QUESTION)
  const before = await stats()
  for (const question of [QUESTION, LIKE_IT, BICYCLE]) await explain(aRequest(question))
  expect(calls).toHaveLength(1)
  expect(await entries()).toHaveLength(1)
  expect(await stats()).toEqual(before)
})

it('explains nothing of what another tenant has asked', async () => {
  const { ask, explain } = explaining()
  await ask(QUESTION, { authorization: 'acme' })
  const { verdict, candidates } = await explain(aRequest(LIKE_IT), { authorization: 'globex' })
  expect(verdict).toEqual({ outcome: 'miss', detail: 'nothing-near' })
  expect(candidates).toEqual([])
})

it('explains what would be decided, whatever the answer then is', async () => {
  const { ask, explain } = explaining(inTurn(async () => json({}, { status: 500 }), says('Paris.')))
  await ask(QUESTION)
  const { verdict } = await explain(aRequest(QUESTION))
  expect(verdict).toEqual({ outcome: 'miss', detail: 'nothing-near' })
})

it('refuses to explain what is no request', async () => {
  const { post } = world()
  const response = await post('/cache/explain', { model: 'gpt-4o-mini' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { param: 'messages' } })
})

interface Explanation {
  readonly verdict: {
    readonly outcome: string
    readonly detail: string
    readonly id?: string
    readonly question?: string
  }
  readonly key: object
  readonly scope: object
  readonly threshold: number
  readonly space: string
  readonly question: string
  readonly exact: object | null
  readonly exact_only: string | null
  readonly candidates: readonly { readonly objections: readonly string[] }[]
}

/** A world in which one can also ask for explanations. */
function explaining(model?: Send) {
  const at = world(model ? { model } : {})
  const explain = async (request: object, headers?: Record<string, string>) =>
    (await (await at.post('/cache/explain', request, headers)).json()) as Explanation
  return { ...at, explain }
}
