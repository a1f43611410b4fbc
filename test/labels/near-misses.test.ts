import { expect, it } from 'vitest'
import type { Label } from '../../src/labels/label.ts'
import type { LearningOptions } from '../../src/labels/learning.ts'
import { type Send, inTurn, json, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, detail, said, type WorldOptions, settled, world } from '../support/world.ts'

/** Shares four words of five and six with the question: a cosine of 0.73, below the world's threshold of 0.8. */
const NEARLY = 'How to reset his old password'

const policies = (settings: object) => ({ default: { ttlSeconds: 3600, ...settings } })

it('learns from what the model says next to a match that was not likely enough', async () => {
  const { ask, idle, stats, labels } = learning(inTurn(says('It is so.'), says('it is so')))
  await ask(QUESTION)
  expect(detail(await ask(NEARLY))).toBe('below-threshold')
  await idle()
  expect(labels).toMatchObject([
    { source: 'near-miss', right: true, weight: 1, namespace: 'default', space: 'words-1' },
  ])
  expect(labels[0]!.score).toBeCloseTo(3.89 - 20 * (0.8 - 0.7303), 1)
  expect((await stats()).labels.near_miss).toMatchObject({ right: 1, wrong: 0, unclear: 0, precision: 1 })
})

it('learns that such a match would have been wrong', async () => {
  const { ask, idle, stats } = learning(inTurn(says('cluster 12'), says('cluster 13')))
  await ask(QUESTION)
  await ask(NEARLY)
  await idle()
  expect((await stats()).labels.near_miss).toMatchObject({ right: 0, wrong: 1, precision: 0 })
})

it('says so where it cannot tell', async () => {
  const { ask, idle, stats, labels } = learning(inTurn(says('Paris.'), says('The capital of France is Paris.')))
  await ask(QUESTION)
  await ask(NEARLY)
  await idle()
  expect(labels).toEqual([])
  expect((await stats()).labels.near_miss).toMatchObject({ right: 0, wrong: 0, unclear: 1, precision: null })
})

it('asks a model where it cannot tell by itself, if there is one to be asked', async () => {
  const model = inTurn(says('Paris.'), says('The capital of France is Paris.'), says('YES'))
  const { ask, idle, labels, calls } = learning(model, { judgeModel: 'gpt-4o-mini' }, { random: () => 0.999 })
  await ask(QUESTION)
  await ask(NEARLY)
  await idle()
  expect(labels).toMatchObject([{ right: true }])
  expect(calls).toHaveLength(3)
  const { messages } = JSON.parse(String(calls[2]!.body))
  expect(JSON.parse(messages[1].content)).toEqual({
    question: NEARLY,
    a: 'The capital of France is Paris.',
    b: 'Paris.',
  })
})

it('asks no more than a few at a time, and leaves unclear what it does not ask', async () => {
  let calls = 0
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const model: Send = async (path, request) => {
    const isJudging = String(request.body).includes('served equally well')
    if (isJudging) await gate
    const answer = calls++ === 0 ? 'Paris.' : 'The capital of France is Paris.'
    return says(isJudging ? 'NO' : answer)(path, request)
  }
  const shadow = { policies: policies({ mode: 'shadow' }) }
  const { ask, idle, stats } = learning(model, { judgeModel: 'gpt-4o-mini' }, shadow)
  await ask(QUESTION)
  for (let nth = 0; nth < 5; nth++) await ask(LIKE_IT, { 'reprise-ttl': '0' })
  await settled()
  open()
  await idle()
  expect((await stats()).labels.shadow).toMatchObject({ wrong: 2, unclear: 3 })
})

it('looks at a share of near misses only where looking costs something', async () => {
  let chance = 0.5
  const far: WorldOptions['ports'] = ({ store }) => ({ store: { ...store, near: false, atHand: () => false } })
  const { ask, idle, labels } = learning(says('The same.'), {}, { ports: far, random: () => chance })
  await ask(QUESTION)
  await ask(NEARLY)
  await idle()
  expect(labels).toEqual([])
  chance = 0.99
  await ask('How to reset her new password')
  await idle()
  expect(labels).toMatchObject([{ source: 'near-miss', right: true, weight: 50 }])
})

it.each([
  ['shadow', { mode: 'shadow' }],
  ['control', { rollout: 0 }],
])('shows in %s whether what would have been served would have been right', async (source, settings) => {
  const answers = inTurn(says('cluster 1'), says('cluster 1'), says('cluster 2'))
  const { ask, idle, stats } = learning(answers, {}, { policies: policies(settings) })
  await ask(QUESTION)
  for (const more of ['now', 'today']) await ask(`${QUESTION} ${more}`, { 'cache-control': 'max-age=1' })
  await idle()
  const { labels, would_be_hit_rate, hit_rate } = await stats()
  expect(labels).toMatchObject({ [source]: { right: 1, wrong: 1, precision: 0.5 }, near_miss: { right: 0, wrong: 0 } })
  expect([hit_rate, would_be_hit_rate]).toEqual([0, 2 / 3])
})

it('learns nothing from an answer that broke off, was refused or calls a tool', async () => {
  const unfit = [
    async () => json({ error: { message: 'overloaded' } }, { status: 503 }),
    says('cut', { choices: [{ index: 0, message: { role: 'assistant', content: 'cut' }, finish_reason: 'length' }] }),
  ]
  const { ask, idle, labels } = learning(inTurn(says('whole'), ...unfit))
  await ask(QUESTION)
  await ask(NEARLY)
  await ask('How to reset her new password')
  await idle()
  expect(labels).toEqual([])
})

it('compares once where many wait for the same answer, and a stream like any other', async () => {
  const { hear, ask, idle, labels } = learning(says('The same.'))
  await ask(QUESTION)
  const heard = await Promise.all([hear(NEARLY), hear(NEARLY), ask(NEARLY)])
  expect(await Promise.all(heard.map(said))).toEqual(Array(3).fill('The same.'))
  await idle()
  expect(labels).toHaveLength(1)
})

it('counts what it judged under the arm of a trial', async () => {
  const { ask, app, idle } = learning(says('The same.'), {}, { policies: policies({ rollout: 50 }) })
  for (let user = 0; user < 20; user++) {
    for (const question of [QUESTION, LIKE_IT]) await ask(question, { 'reprise-user': `user ${user}` })
  }
  await idle()
  const response = await app.request('/v1/cache/stats?by=arm')
  const { rows } = (await response.json()) as { rows: { arm: string; requests: number; hit_rate: number }[] }
  const [on, control] = ['on', 'control'].map((arm) => rows.find((row) => row.arm === arm)!)
  expect(on!.requests + control!.requests).toBe(40)
  expect(on).toMatchObject({ hit_rate: 0.5, would_be_hit_rate: 0.5 })
  expect(control).toMatchObject({ hit_rate: 0, would_be_hit_rate: 0.5, labels: { control: { precision: 1 } } })
})

function learning(model: Send, more: Partial<LearningOptions> = {}, options: WorldOptions = {}) {
  const labels: Label[] = []
  return { ...world({ ...options, model, learning: { onLabel: (label) => labels.push(label), ...more } }), labels }
}
