import { expect, it } from 'vitest'
import { inTurn, says } from '../support/model.ts'
import { QUESTION, detail, said, settled, world } from '../support/world.ts'

const FOLLOW_UP = 'And how often may I do that'
const inSession = (session: string) => ({ 'reprise-session': session })

it('gives the same answers to the same conversation', async () => {
  const { ask, calls } = world()
  for (const session of ['one', 'two']) {
    expect(await said(await ask(QUESTION, inSession(session)))).toBe('Answer 1.')
    expect(await said(await ask(FOLLOW_UP, inSession(session)))).toBe('Answer 2.')
  }
  expect(calls).toHaveLength(2)
})

it('gives the same answers to the same conversation, streamed or not', async () => {
  const { ask, hear, calls } = world()
  for (const question of [QUESTION, FOLLOW_UP]) await said(await hear(question, inSession('one')))
  for (const question of [QUESTION, FOLLOW_UP]) await ask(question, inSession('two'))
  expect(calls).toHaveLength(2)
})

it('shares nothing between conversations that have said different things', async () => {
  const { ask } = world()
  await ask(QUESTION, inSession('one'))
  await ask('Where to buy a bicycle', inSession('two'))
  await ask(FOLLOW_UP, inSession('one'))
  expect(detail(await ask(FOLLOW_UP, inSession('two')))).toBe('nothing-near')
})

it('shares nothing between conversations that were answered differently', async () => {
  const { ask } = world()
  await ask(QUESTION, inSession('one'))
  await ask(QUESTION, { ...inSession('two'), 'cache-control': 'no-cache' })
  await ask(FOLLOW_UP, inSession('one'))
  expect(detail(await ask(FOLLOW_UP, inSession('two')))).toBe('nothing-near')
})

it('takes a follow-up for another question than the same words with nothing before them', async () => {
  const { ask } = world()
  await ask(QUESTION, inSession('one'))
  await ask(FOLLOW_UP, inSession('one'))
  expect(detail(await ask(FOLLOW_UP))).toBe('below-threshold')
})

it('shares first questions with callers who are in no conversation', async () => {
  const { ask } = world()
  await ask(QUESTION)
  expect(detail(await ask(QUESTION, inSession('one')))).toBe('exact')
})

it("keeps apart two tenants' conversations of the same name", async () => {
  const { ask } = world()
  await ask(QUESTION, { ...inSession('one'), authorization: 'acme' })
  await ask(FOLLOW_UP, { authorization: 'globex' })
  expect(detail(await ask(FOLLOW_UP, { ...inSession('one'), authorization: 'globex' }))).toBe('exact')
})

it('remembers what a conversation was told even if that is not worth keeping', async () => {
  const { ask, entries } = world({ model: inTurn(says(''), says('Hello.')) })
  await ask(FOLLOW_UP)
  await ask(QUESTION, inSession('one'))
  await ask(FOLLOW_UP, { ...inSession('one') })
  expect((await entries()).map(({ question }) => question)).toEqual([QUESTION, FOLLOW_UP])
})

it('remembers what two conversations were told that asked the same at once', async () => {
  const gate = Promise.withResolvers<void>()
  const { ask, idle } = world({
    model: async (...request) => {
      await gate.promise
      return says('Hello.')(...request)
    },
  })
  const both = ['one', 'two'].map((session) => ask(QUESTION, inSession(session)))
  await settled()
  gate.resolve()
  await Promise.all(both)
  await idle()
  for (const session of ['one', 'two']) await ask(FOLLOW_UP, inSession(session))
  expect(detail(await ask(FOLLOW_UP))).not.toBe('exact')
})

it('does not forget that a conversation had a turn that was not to be kept', async () => {
  const { ask } = world()
  await ask(QUESTION, { ...inSession('one'), 'cache-control': 'no-store' })
  await ask(FOLLOW_UP, inSession('one'))
  expect(detail(await ask(FOLLOW_UP))).not.toBe('exact')
})

it('shares nothing when it cannot tell what a conversation has said', async () => {
  const { ask, calls, stats } = world({
    ports: ({ sessions }) => ({ sessions: { ...sessions, get: () => Promise.reject(new Error('down')) } }),
  })
  await ask(QUESTION)
  const response = await ask(QUESTION, inSession('one'))
  expect(response.headers.get('cache-status')).toBe('reprise; fwd=bypass; detail=session-unavailable')
  expect(await said(response)).toBe('Answer 2.')
  expect(calls).toHaveLength(2)
  expect((await stats()).failures.by_name).toEqual({ 'sessions.get': 1 })
})

it('shares nothing in a conversation of which a turn could not be noted down, until one can be again', async () => {
  let down = true
  const { ask } = world({
    ports: ({ sessions }) => ({
      sessions: {
        ...sessions,
        put: async (...turn) => (down ? Promise.reject(new Error('down')) : sessions.put(...turn)),
      },
    }),
  })
  await ask(QUESTION)
  expect(detail(await ask(QUESTION, inSession('one')))).toBe('exact')
  expect(detail(await ask(QUESTION, inSession('one')))).toBe('session-unavailable')
  down = false
  expect(detail(await ask(QUESTION, inSession('one')))).toBe('session-unavailable')
  expect(detail(await ask(QUESTION, inSession('one')))).toBe('nothing-near')
})
