import { expect, it } from 'vitest'
import { completion } from '../support/model.ts'
import { LIKE_IT, QUESTION, aRequest, detail, said, world, wordBag } from '../support/world.ts'

it('asks the model what it has not been asked before', async () => {
  const { ask, calls } = world()
  expect(await said(await ask(QUESTION))).toBe('Answer 1.')
  expect(calls).toHaveLength(1)
})

it('gives the same answer to the same question without asking the model again', async () => {
  const { ask, calls } = world()
  await ask(QUESTION)
  const second = await ask(QUESTION)
  expect(detail(second)).toBe('exact')
  expect(await said(second)).toBe('Answer 1.')
  expect(calls).toHaveLength(1)
})

it('gives the same answer to a question that means the same', async () => {
  const { ask, calls } = world()
  await ask(QUESTION)
  const second = await ask(LIKE_IT)
  expect(detail(second)).toBe('semantic')
  expect(await said(second)).toBe('Answer 1.')
  expect(calls).toHaveLength(1)
})

it('asks the model when the question is a different one', async () => {
  const { ask, calls } = world()
  await ask(QUESTION)
  expect(detail(await ask('Where to buy a bicycle'))).toBe('below-threshold')
  expect(calls).toHaveLength(2)
})

it('gives the completion byte for byte as the model sent it', async () => {
  const text = JSON.stringify(completion('Hello.', { vendor_extension: 1 }), null, 3)
  const { ask } = world({ model: async () => new Response(text) })
  await ask(QUESTION)
  expect(await (await ask(QUESTION)).text()).toBe(text)
})

it('streams what was answered whole', async () => {
  const { ask, hear, calls } = world()
  await ask(QUESTION)
  const streamed = await hear(QUESTION)
  expect(streamed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(await said(streamed)).toBe('Answer 1.')
  expect(calls).toHaveLength(1)
})

it('gives whole what was answered as a stream', async () => {
  const { ask, hear, calls } = world()
  await said(await hear(QUESTION))
  const whole = await ask(QUESTION)
  expect(whole.headers.get('content-type')).toBe('application/json')
  expect(await whole.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Answer 1.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 14, completion_tokens: 3 },
  })
  expect(calls).toHaveLength(1)
})

it.each([QUESTION, LIKE_IT])('shares nothing between tenants: %s', async (question) => {
  const { ask, calls } = world()
  await ask(QUESTION, { authorization: 'acme' })
  expect(await said(await ask(question, { authorization: 'globex' }))).toBe('Answer 2.')
  expect(calls).toHaveLength(2)
})

it.each([QUESTION, LIKE_IT])('shares nothing between namespaces: %s', async (question) => {
  const { ask } = world()
  await ask(QUESTION, { 'reprise-namespace': 'faq' })
  expect(await said(await ask(question, { 'reprise-namespace': 'campaign' }))).toBe('Answer 2.')
})

it.each<[string, object]>([
  ['model', { model: 'gpt-4o' }],
  ['temperature', { temperature: 0.5 }],
  ['field that nobody has heard of', { brand_new_field: true }],
  [
    'instruction',
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: LIKE_IT },
      ],
    },
  ],
])('shares nothing between requests that differ in their %s', async (_, members) => {
  const { ask } = world()
  await ask(QUESTION)
  expect(await said(await ask(LIKE_IT, {}, members))).toBe('Answer 2.')
})

it('shares an answer between requests that differ in nothing that shapes it', async () => {
  const { ask } = world()
  await ask(QUESTION, {}, { user: 'anna', metadata: { ticket: '1' } })
  expect(detail(await ask(LIKE_IT, {}, { user: 'bert' }))).toBe('semantic')
})

it.each([QUESTION, LIKE_IT])('shares nothing between upstreams: %s', async (question) => {
  const { ask, ports } = world()
  const model = { ...ports.model, identity: 'https://elsewhere.test/v1' }
  const elsewhere = world({ ports: () => ({ ...ports, model }) })
  await ask(QUESTION)
  expect(detail(await elsewhere.ask(question))).toBe('nothing-near')
})

it('compares no vectors of different spaces', async () => {
  const { ask, ports } = world()
  const upgraded = world({ ports: () => ({ ...ports, embedder: wordBag('words-2') }) })
  await ask(QUESTION)
  expect(detail(await upgraded.ask(LIKE_IT))).toBe('nothing-near')
})

it('still knows the very same words after the embedder has changed', async () => {
  const { ask, ports } = world()
  const upgraded = world({ ports: () => ({ ...ports, embedder: wordBag('words-2') }) })
  await ask(QUESTION)
  expect(detail(await upgraded.ask(QUESTION))).toBe('exact')
})

it.each([
  ['number', 'Can I return my order within 30 days', 'Can I return my order within 60 days'],
  ['negation', 'Which of these pills are safe for children', 'Which of these pills are not safe for children'],
  ['antonym', 'How do I enable two factor sign in here', 'How do I disable two factor sign in here'],
  ['sibling', 'What is the best hotel for families in Paris', 'What is the best hotel for families in London'],
])('keeps apart what differs in a %s, however near it is', async (name, known, asked) => {
  const { ask, calls } = world()
  await ask(known)
  const response = await ask(asked)
  expect(detail(response)).toBe(`objection.${name}`)
  expect(Number(response.headers.get('reprise-similarity'))).toBeGreaterThan(0.8)
  expect(calls).toHaveLength(2)
})

it('serves the next best match if something speaks against the best', async () => {
  const { ask } = world()
  await ask('Can I return my order within 60 days of delivery')
  await ask('May I return my order within 30 days of delivery')
  const response = await ask('Can I return my order within 30 days of delivery')
  expect(detail(response)).toBe('semantic')
  expect(await said(response)).toBe('Answer 2.')
})

it('keeps only what the model said, never a replay', async () => {
  const { ask, entries } = world()
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
  expect((await entries()).map((entry) => entry.question)).toEqual([QUESTION])
})

it.each<[string, object]>([
  ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
  ['seed', { seed: 1 }],
  ['temperature', { temperature: 1.5 }],
])('finds a request with %s by its very words only', async (why, members) => {
  const { ask } = world()
  await ask(QUESTION, {}, members)
  expect(detail(await ask(LIKE_IT, {}, members))).toBe(`exact-only.${why}`)
  expect(detail(await ask(QUESTION, {}, members))).toBe('exact')
})

it('finds a question that is longer than the window by its very words only', async () => {
  const { ask } = world()
  const long = 'very '.repeat(100) + QUESTION
  await ask(long)
  expect(detail(await ask(`${long} now`))).toBe('exact-only.window')
  expect(detail(await ask(long))).toBe('exact')
})

it('neither looks up nor keeps what depends on the world outside the request', async () => {
  const { ask, entries, calls } = world()
  const members = { web_search_options: {} }
  await ask(QUESTION, {}, members)
  expect(detail(await ask(QUESTION, {}, members))).toBe('web-search')
  expect(calls).toHaveLength(2)
  expect(await entries()).toEqual([])
})

it('takes a question in one part for the same as a plain one', async () => {
  const { ask, post } = world()
  await ask(QUESTION)
  const messages = [{ role: 'user', content: [{ type: 'text', text: QUESTION }] }]
  expect(detail(await post('/chat/completions', { ...aRequest(''), messages }))).toBe('exact')
})
