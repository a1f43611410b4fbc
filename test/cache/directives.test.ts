import { expect, it } from 'vitest'
import { LIKE_IT, QUESTION, detail, said, settled, world } from '../support/world.ts'
import { says } from '../support/model.ts'

it('neither looks up nor keeps with no-store', async () => {
  const { ask, entries } = world()
  await ask(QUESTION)
  const response = await ask(QUESTION, { 'cache-control': 'no-store' })
  expect(detail(response)).toBe('no-store')
  expect(await said(response)).toBe('Answer 2.')
  expect(await said(await ask(QUESTION))).toBe('Answer 1.')
  expect(await entries()).toHaveLength(1)
})

it('asks the model anew with no-cache, and keeps what it says now', async () => {
  const { ask } = world()
  await ask(QUESTION)
  expect(await said(await ask(QUESTION, { 'cache-control': 'no-cache' }))).toBe('Answer 2.')
  expect(await said(await ask(QUESTION))).toBe('Answer 2.')
})

it('gives each of two who ask with no-cache at once an answer of their own', async () => {
  const gate = Promise.withResolvers<void>()
  const { ask, calls } = world({
    model: async (...request) => {
      await gate.promise
      return says('Hello.')(...request)
    },
  })
  const both = [QUESTION, QUESTION].map((question) => ask(question, { 'cache-control': 'no-cache' }))
  await settled()
  gate.resolve()
  expect((await Promise.all(both)).map(detail)).toEqual(['asked-fresh', 'asked-fresh'])
  expect(calls).toHaveLength(2)
})

it('gives what is kept with only-if-cached', async () => {
  const { ask } = world()
  await ask(QUESTION)
  expect(detail(await ask(QUESTION, { 'cache-control': 'only-if-cached' }))).toBe('exact')
  expect(detail(await ask(LIKE_IT, { 'cache-control': 'only-if-cached' }))).toBe('semantic')
})

it.each<[string, string, object]>([
  ['is not kept', 'only-if-cached', {}],
  ['may not be kept', 'only-if-cached', { web_search_options: {} }],
  ['is not to be kept', 'only-if-cached, no-store', {}],
  ['is to be asked anew', 'only-if-cached, no-cache', {}],
])('never asks the model with only-if-cached what %s', async (_, control, members) => {
  const { ask, calls } = world()
  const response = await ask(QUESTION, { 'cache-control': control }, members)
  expect(response.status).toBe(504)
  expect(await response.json()).toMatchObject({ error: { code: 'cache_miss' } })
  expect(calls).toEqual([])
})

it('does not join a call under way with only-if-cached', async () => {
  const gate = Promise.withResolvers<void>()
  const { ask, idle } = world({
    model: async (...request) => {
      await gate.promise
      return says('Hello.')(...request)
    },
  })
  const first = ask(QUESTION)
  await settled()
  const response = await ask(QUESTION, { 'cache-control': 'only-if-cached' })
  expect(response.status).toBe(504)
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('in-flight') } })
  gate.resolve()
  await first
  await idle()
})

it('finds the very same words only with Reprise-Match: exact', async () => {
  const { ask } = world()
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT, { 'reprise-match': 'exact' }))).toBe('exact-only.match')
  expect(detail(await ask(QUESTION, { 'reprise-match': 'exact' }))).toBe('exact')
})

it('does not let a request loosen what the policy allows', async () => {
  const { ask } = world({ policies: { default: { match: 'exact' } } })
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT, { 'reprise-match': 'semantic' }))).toBe('exact-only.match')
})

it('takes Reprise-Threshold in place of the threshold of embedder and policy', async () => {
  const { ask } = world({ policies: { default: { threshold: 0.5 } } })
  await ask(QUESTION)
  const only = { 'cache-control': 'only-if-cached' }
  expect((await ask(LIKE_IT, { ...only, 'reprise-threshold': '0.92' })).status).toBe(504)
  expect(detail(await ask(LIKE_IT, { ...only, 'reprise-threshold': '0.91' }))).toBe('semantic')
})

it("takes the policy's threshold in place of the embedder's", async () => {
  const { ask } = world({ policies: { default: { threshold: 0.92 } } })
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('below-threshold')
})

it('does not let a low threshold overrule an objection', async () => {
  const { ask } = world()
  await ask('Can I return my order within 30 days')
  const response = await ask('Can I return my order within 60 days', { 'reprise-threshold': '0' })
  expect(detail(response)).toBe('objection.number')
})

it('keeps the tags of a request with its answer', async () => {
  const { ask, entries } = world()
  await ask(QUESTION, { 'reprise-tags': 'faq, spring-sale' })
  expect((await entries())[0]?.tags).toEqual(['faq', 'spring-sale'])
})

it.each<[string, Record<string, string>, object]>([
  ['mode', { 'cache-control': 'no-store' }, { mode: 'no-store' }],
  ['mode', { 'cache-control': 'no-cache' }, { mode: 'no-cache' }],
  ['namespace', { 'reprise-namespace': 'faq' }, { namespace: 'faq' }],
  ['match', { 'reprise-match': 'exact' }, { match: 'exact' }],
  ['threshold', { 'reprise-threshold': '0.92' }, { threshold: 0.92 }],
  ['ttl', { 'reprise-ttl': '60' }, { ttl: 60 }],
  ['tags', { 'reprise-tags': 'a,b' }, { tags: ['a', 'b'] }],
  ['session', { 'reprise-session': 's1' }, { session: 's1' }],
])("takes the body's cache.%s for the header that says the same", async (_, headers, controls) => {
  const [byHeader, byBody] = [world(), world()]
  for (const { ask } of [byHeader, byBody]) await ask(QUESTION)
  for (const question of [LIKE_IT, QUESTION, QUESTION]) {
    const expected = await byHeader.ask(question, headers)
    const actual = await byBody.ask(question, {}, { cache: controls })
    expect(actual.headers.get('cache-status')).toBe(expected.headers.get('cache-status'))
  }
  expect(await byBody.entries()).toEqual(await byHeader.entries())
})

it('lets a header win over the same control in the body', async () => {
  const { ask, entries } = world()
  await ask(QUESTION, { 'reprise-namespace': 'faq' }, { cache: { namespace: 'campaign', ttl: 60 } })
  const [entry] = await entries()
  expect(entry!.key.namespace).toBe('faq')
  expect(entry!.expiresAt - entry!.createdAt).toBe(60_000)
})

it.each(['no-cache', 'no-store'])("never sends the body's cache member to the model: %s", async (mode) => {
  const { ask, calls } = world()
  await ask(QUESTION, {}, { cache: { mode } })
  expect(JSON.parse(calls[0]!.body as string)).toEqual({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: QUESTION }],
  })
})
