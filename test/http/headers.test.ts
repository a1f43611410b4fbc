import { expect, it } from 'vitest'
import { type Send, completion, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, settled, world } from '../support/world.ts'

const THEIRS = {
  'x-request-id': 'req_upstream',
  'openai-processing-ms': '321',
  'openai-version': '2020-10-01',
  'x-ratelimit-remaining-requests': '9999',
}
const model: Send = async () => json(completion('Paris.'), { headers: THEIRS })
const headersOf = (response: Response) => Object.fromEntries(response.headers)

it('passes on what the model said of a call to whoever made it', async () => {
  const { ask } = world({ model })
  expect(headersOf(await ask(QUESTION))).toMatchObject(THEIRS)
})

it.each([QUESTION, LIKE_IT])('never repeats on a hit what was said of another call: %s', async (question) => {
  const { ask } = world({ model })
  await ask(QUESTION)
  expect(Object.keys(headersOf(await ask(question))).filter((name) => /^(?:openai-|x-ratelimit-)/.test(name))).toEqual(
    [],
  )
})

it('names each hit anew', async () => {
  const { ask, hear } = world({ model })
  await ask(QUESTION)
  const hits = [await ask(QUESTION), await ask(QUESTION), await hear(QUESTION)]
  const ids = hits.map((response) => response.headers.get('x-request-id'))
  expect(new Set([...ids, 'req_upstream']).size).toBe(4)
  for (const id of ids) expect(id).toMatch(/^req_[\w.]{44}$/)
})

it('tells whoever joined a call nothing of what the model said of it', async () => {
  const gate = Promise.withResolvers<void>()
  const { ask, hear } = world({ model: async (...request) => (await gate.promise, model(...request)) })
  const asking = [ask(QUESTION), ask(QUESTION), hear(QUESTION)]
  await settled()
  gate.resolve()
  const [, ...joined] = await Promise.all(asking)
  for (const response of joined) {
    expect(response.headers.get('x-request-id')).not.toBe('req_upstream')
    expect([...response.headers.keys()].filter((name) => /^(?:openai-|x-ratelimit-)/.test(name))).toEqual([])
  }
})

it('names a call itself if the model does not', async () => {
  const { ask } = world()
  expect((await ask(QUESTION)).headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
})

it.each<[string, (at: ReturnType<typeof world>) => Promise<Response>]>([
  ['a miss', ({ ask }) => ask('Something new')],
  ['a hit', ({ ask }) => ask(QUESTION)],
  ['a stream', ({ hear }) => hear(QUESTION)],
  ['a bypass', ({ ask }) => ask(QUESTION, { 'cache-control': 'no-store' })],
  ['an error of ours', ({ post }) => post('/chat/completions', '{')],
  ['what passes through', async ({ app }) => app.request('/v1/models')],
  ['an unknown URL', async ({ app }) => app.request('/v1/cache/nowhere')],
])('gives %s a name of our own', async (_, made) => {
  const at = world({ model })
  await at.ask(QUESTION)
  const [one, other] = [await made(at), await made(at)]
  expect(one.headers.get('reprise-request-id')).toMatch(/^req_(?:[0-9a-f]{32}|[\w.]{44})$/)
  expect(one.headers.get('reprise-request-id')).not.toBe(other.headers.get('reprise-request-id'))
})

it('passes on no header that was between the model and us', async () => {
  const headers = {
    'content-encoding': 'gzip',
    'content-length': '42',
    'set-cookie': '__cf_bm=secret',
    'transfer-encoding': 'chunked',
    connection: 'keep-alive',
    'keep-alive': 'timeout=5',
  }
  const { ask } = world({ model: async () => json(completion('Paris.'), { headers }) })
  const passed = headersOf(await ask(QUESTION))
  for (const name of Object.keys(headers)) expect(passed).not.toHaveProperty(name)
})

it.each(['no-store', 'no-cache'])(
  'sends the model no secret of the caller and no control of ours: %s',
  async (control) => {
    const { ask, calls } = world()
    await ask(QUESTION, {
      'content-type': 'application/json',
      authorization: 'Bearer secret',
      cookie: 'session=secret',
      'cache-control': control,
      'reprise-ttl': '60',
      'x-forwarded-for': '10.0.0.1',
      'user-agent': 'OpenAI/JS 7.57.0',
      'x-stainless-lang': 'js',
    })
    expect(Object.fromEntries(calls[0]!.headers)).toEqual({
      'content-type': 'application/json',
      'user-agent': 'OpenAI/JS 7.57.0',
      'x-stainless-lang': 'js',
    })
  },
)

it('takes a header that may shape the answer into account, and sends it', async () => {
  const { ask, calls } = world()
  await ask(QUESTION, { 'openai-organization': 'org-1' })
  await ask(QUESTION, { 'openai-organization': 'org-2' })
  expect(calls.map(({ headers }) => headers.get('openai-organization'))).toEqual(['org-1', 'org-2'])
})

it("takes headers of the operator's choice into account, and sends them", async () => {
  const { ask, calls } = world({ service: { forwardHeaders: new Set(['x-prompt-variant']) } })
  await ask(QUESTION, { 'x-prompt-variant': 'a' })
  await ask(QUESTION, { 'x-prompt-variant': 'b' })
  expect(calls.map(({ headers }) => headers.get('x-prompt-variant'))).toEqual(['a', 'b'])
})

it('says on every answer that the model is a mock, if it is', async () => {
  const { ask, hear, app } = world({ service: { notice: { 'reprise-model': 'mock' } } })
  const responses = [await ask(QUESTION), await ask(QUESTION), await hear(QUESTION), await app.request('/v1/models')]
  expect(responses.map(({ headers }) => headers.get('reprise-model'))).toEqual(Array(4).fill('mock'))
})

it('asks those between us and the caller not to hold back a stream', async () => {
  const { hear } = world({ model: says('Paris.') })
  for (const response of [await hear(QUESTION), await hear(QUESTION)]) {
    expect(headersOf(response)).toMatchObject({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
    await response.text()
  }
})
