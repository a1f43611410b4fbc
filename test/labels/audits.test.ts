import { expect, it } from 'vitest'
import { ServiceError } from '../../src/errors.ts'
import type { Label } from '../../src/labels/label.ts'
import { type Send, inTurn, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, said, settled, world } from '../support/world.ts'

const ALWAYS = { random: () => 0.999 }

it('asks the model as well for a share of the hits by meaning, after the answer is out', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const slow: Send = async (...request) => {
    await gate
    return says('it is so')(...request)
  }
  const { ask, idle, calls, labels, stats } = auditing(inTurn(says('It is so.'), slow))
  await ask(QUESTION)
  const served = await ask(LIKE_IT)
  expect([detail(served), await said(served)]).toEqual(['semantic', 'It is so.'])
  await settled()
  expect(calls).toHaveLength(2)
  open()
  await idle()
  expect(labels).toMatchObject([{ source: 'audit', right: true, weight: 50 }])
  expect((await stats()).labels.audit).toMatchObject({ right: 1, wrong: 0 })
})

it('leaves the others, exact hits, and what is past its expiry alone', async () => {
  let chance = 0.97
  const { ask, idle, calls, pass } = auditing(says('The same.'), { random: () => chance })
  await ask(QUESTION)
  await ask(LIKE_IT)
  chance = 0.999
  await ask(QUESTION)
  pass(3700)
  expect(detail(await ask(LIKE_IT, { 'cache-control': 'max-stale' }))).toBe('stale')
  await idle()
  expect(calls).toHaveLength(1)
})

it('keeps what the model says where something else was served', async () => {
  const { ask, idle, labels } = auditing(inTurn(says('cluster 1'), says('cluster 2')))
  await ask(QUESTION)
  expect(await said(await ask(LIKE_IT))).toBe('cluster 1')
  await idle()
  expect(labels).toMatchObject([{ right: false }])
  const again = await ask(LIKE_IT)
  expect([detail(again), await said(again)]).toEqual(['exact', 'cluster 2'])
})

it('keeps nothing of that which has been purged meanwhile', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const slow: Send = async (...request) => {
    await gate
    return says('cluster 2')(...request)
  }
  const { ask, idle, purges, entries } = auditing(inTurn(says('cluster 1'), slow))
  await ask(QUESTION)
  await ask(LIKE_IT)
  await settled()
  await purges.purge('default', { all: true })
  open()
  await idle()
  expect((await entries()).map(({ question }) => question)).toEqual([QUESTION])
})

it('audits what a plain threshold serves as well, and streams', async () => {
  const { ask, hear, idle, labels } = auditing(says('The same.'))
  await ask(QUESTION)
  await ask(LIKE_IT, { 'reprise-threshold': '0.8' })
  await said(await hear(LIKE_IT))
  await idle()
  expect(labels.map(({ source, right, score }) => [source, right, score === undefined])).toEqual([
    ['audit', true, true],
    ['audit', true, false],
  ])
})

it('asks with the credentials of whoever asked, and without what was meant for one request', async () => {
  const { ask, idle, calls } = auditing(says('The same.'))
  const ours = { 'openai-organization': 'org-1' }
  await ask(QUESTION, ours)
  expect(detail(await ask(LIKE_IT, { 'idempotency-key': 'only-once', ...ours }))).toBe('semantic')
  await idle()
  const [first, second] = calls
  expect(second!.path).toBe(first!.path)
  expect(['openai-organization', 'idempotency-key'].map((name) => second!.headers.get(name))).toEqual(['org-1', null])
})

it('spends nothing where no more may be spent', async () => {
  let spent = false
  const refusal = async () => (spent ? new ServiceError(429, 'insufficient_quota', 'it is spent') : undefined)
  const { ask, idle, calls } = auditing(says('The same.'), { service: { budgets: { refusal } } })
  await ask(QUESTION)
  spent = true
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
  await idle()
  expect(calls).toHaveLength(1)
})

it('lets nobody feel that an audit failed, and counts it', async () => {
  const overloaded: Send = async () => json({ error: { message: 'overloaded' } }, { status: 503 })
  const { ask, idle, labels, stats } = auditing(inTurn(says('It is so.'), overloaded))
  await ask(QUESTION)
  expect((await ask(LIKE_IT)).status).toBe(200)
  await idle()
  expect(labels).toEqual([])
  expect((await stats()).failures.by_name).toEqual({ 'labels.audit': 1 })
})

it('does no more than a few at a time, and counts those that it leaves out', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  let calls = 0
  const slow: Send = async (...request) => {
    if (calls++ > 0) await gate
    return says('The same.')(...request)
  }
  const { ask, idle, stats, calls: asked } = auditing(slow)
  await ask(QUESTION)
  for (let nth = 0; nth < 5; nth++) await ask(LIKE_IT)
  await settled()
  expect(asked).toHaveLength(3)
  open()
  await idle()
  expect((await stats()).audits_dropped).toBe(3)
})

it('counts what an audit cost as spent, and as a cost of caching', async () => {
  const { ask, idle, stats } = auditing(says('The same.'))
  await ask(QUESTION)
  await ask(LIKE_IT)
  await idle()
  const { spent, requests } = await stats()
  expect([requests, spent.prompt_tokens]).toEqual([2, 28])
})

function auditing(model: Send, options: WorldOptions = {}) {
  const labels: Label[] = []
  const learning = { onLabel: (label: Label) => labels.push(label) }
  return { ...world({ ...ALWAYS, ...options, model, learning }), labels }
}
