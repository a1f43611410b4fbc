import { expect, it } from 'vitest'
import { says } from '../support/model.ts'
import { LIKE_IT, QUESTION, detail, said, world } from '../support/world.ts'

const policies = (settings: object) => ({ default: { ttlSeconds: 3600, ...settings } })

it('only shows what would be served while in shadow', async () => {
  const { ask } = world({ policies: policies({ mode: 'shadow' }) })
  await ask(QUESTION)
  const response = await ask(LIKE_IT)
  expect([detail(response), await said(response)]).toEqual(['shadow', 'Answer 2.'])
  expect(response.headers.get('reprise-similarity')).toBe('0.9129')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('serves nothing by meaning where that is off, and says why', async () => {
  const { ask } = world({ policies: policies({ mode: 'off' }) })
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('exact-only.mode-off')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('serves about as many callers as the rollout says, and always the same', async () => {
  const { ask } = world({ model: says('The same.'), policies: policies({ rollout: 30 }) })
  const outcomes = async () => {
    const details: (string | undefined)[] = []
    for (let user = 0; user < 200; user++) {
      await ask(QUESTION, { 'reprise-user': `user ${user}`, 'cache-control': 'no-cache' })
      details.push(detail(await ask(LIKE_IT, { 'reprise-user': `user ${user}`, 'reprise-ttl': '0' })))
    }
    return details
  }
  const once = await outcomes()
  expect(new Set(once)).toEqual(new Set(['semantic', 'control']))
  expect(once.filter((detail) => detail === 'semantic').length / 200).toBeCloseTo(0.3, 1)
  expect(await outcomes()).toEqual(once)
})

it('keeps the answers of one user from all others', async () => {
  const { ask } = world()
  await ask(QUESTION, { 'reprise-user': 'ann@example.com' })
  expect(detail(await ask(QUESTION, { 'reprise-user': 'bob@example.com' }))).toBe('nothing-near')
  expect(detail(await ask(QUESTION))).toBe('nothing-near')
  expect(detail(await ask(LIKE_IT, { 'reprise-user': 'ann@example.com' }))).toBe('semantic')
})

it('leaves models alone that a policy denies', async () => {
  const { ask } = world({ policies: policies({ models: { deny: ['o3*'] } }) })
  await ask(QUESTION, {}, { model: 'o3-mini' })
  expect(detail(await ask(QUESTION, {}, { model: 'o3-mini' }))).toBe('model')
  await ask(QUESTION)
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('leaves requests with tools alone where a policy says so', async () => {
  const tools = [{ type: 'function', function: { name: 'look', parameters: {} } }]
  const { ask } = world({ policies: policies({ tools: 'never' }) })
  await ask(QUESTION, {}, { tools })
  expect(detail(await ask(QUESTION, {}, { tools }))).toBe('tools')
})
