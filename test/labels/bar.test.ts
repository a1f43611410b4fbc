import { expect, it } from 'vitest'
import { fieldOf } from '../../src/labels/sums.ts'
import type { Counters } from '../../src/ports.ts'
import { probabilityOf } from '../../src/matching/scorer.ts'
import { labelTally, startOf } from '../../src/insight/tallies.ts'
import { inTurn, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, world } from '../support/world.ts'
import { evidenceAt, shippedEvidence } from '../matching/stream.ts'

/** Shares four words of five and six with the question: a cosine of 0.73, below the world's threshold of 0.8. */
const NEARLY = 'How to reset his old password'
/** Nearer still: all five words of it, and three more. */
const ALMOST = 'How to reset my password again and anew'
const PAGE = { namespace: 'default', space: 'words-1' }

interface Budget {
  readonly state: string
  readonly bar: number | null
  readonly provisional: boolean
  readonly audited: object
}

it('comes down once near misses have turned out right, and serves them', async () => {
  const { ask, idle, budgets } = watching({ model: says('The same.') })
  const details: (string | undefined)[] = []
  for (let user = 0; user < 120; user++) {
    // Each has a cache of their own, and the bar is that of all.
    await ask(QUESTION, { 'reprise-user': `user ${user}` })
    details.push(detail(await ask(NEARLY, { 'reprise-user': `user ${user}` })))
    await idle()
  }
  expect(details.slice(0, 40)).toEqual(Array(40).fill('below-threshold'))
  expect(details.at(-1)).toBe('semantic')
  expect(await budgets()).toMatchObject([{ namespace: 'default', state: 'within', provisional: false }])
})

it('stays where it is while near misses turn out wrong', async () => {
  const { ask, idle } = watching()
  for (let user = 0; user < 60; user++) {
    await ask(QUESTION, { 'reprise-user': `user ${user}` })
    expect(detail(await ask(NEARLY, { 'reprise-user': `user ${user}` }))).toBe('below-threshold')
  }
  await idle()
})

it('goes up where audits find that answers were wrong', async () => {
  const { ask, idle, budgets } = watching({ random: () => 0.999 })
  for (const user of ['ann', 'bob']) {
    await ask(QUESTION, { 'reprise-user': user })
    expect(detail(await ask(LIKE_IT, { 'reprise-user': user }))).toBe('semantic')
    await idle()
  }
  await ask(QUESTION, { 'reprise-user': 'cid' })
  expect(detail(await ask(LIKE_IT, { 'reprise-user': 'cid' }))).toBe('below-threshold')
  const [budget] = await budgets()
  expect(budget!.bar ?? Infinity).toBeGreaterThan(6.2)
})

it('is moved by no label of an answer that a plain threshold served', async () => {
  const { ask, idle, budgets } = watching({ random: () => 0.999 })
  for (const user of ['ann', 'bob', 'cid']) {
    await ask(QUESTION, { 'reprise-user': user })
    await ask(LIKE_IT, { 'reprise-user': user, 'reprise-threshold': '0.9' })
    await idle()
  }
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
  expect(await budgets()).toMatchObject([{ provisional: true }])
})

it('tells how likely a match is to be right, where that was measured, and otherwise not', async () => {
  const scoring = (score: number) => ({
    name: 'fixed',
    calibrated: true,
    worth: ({ length }: readonly unknown[]) => length,
    describe: (_: unknown, all: readonly unknown[]) => all.map(() => Float64Array.of(1)),
    weights: Float64Array.of(score),
    firmness: Float64Array.of(Infinity),
  })
  const scorer = scoring(5)
  const measured = watching({ learning: { scorer, shipped: shippedEvidence() } })
  await measured.ask(QUESTION)
  const served = await measured.ask(LIKE_IT)
  expect([detail(served), served.headers.get('reprise-confidence')]).toEqual(['semantic', probabilityOf(5).toFixed(4)])

  const doubtful = scoring(0.5)
  const careful = watching({ learning: { scorer: doubtful, shipped: shippedEvidence() } })
  await careful.ask(QUESTION)
  const missed = await careful.ask(LIKE_IT)
  expect([detail(missed), missed.headers.get('reprise-confidence')]).toEqual(['low-confidence', '0.6225'])

  const unmeasured = watching()
  await unmeasured.ask(QUESTION)
  expect((await unmeasured.ask(LIKE_IT)).headers.get('reprise-confidence')).toBeNull()
})

it('says in an explanation what would have to change', async () => {
  const { ask, post, idle } = watching()
  await ask(QUESTION)
  await idle()
  const response = await post('/cache/explain', { model: 'gpt-4o-mini', messages: [{ role: 'user', content: NEARLY }] })
  const { budget, candidates, verdict } = (await response.json()) as Record<string, never>
  expect(verdict).toEqual({ outcome: 'miss', detail: 'below-threshold' })
  expect(budget).toMatchObject({ state: 'within', provisional: true, bar: 3.8917 })
  expect(candidates).toMatchObject([
    { similarity: expect.closeTo(0.7303, 4), score: 2.4978, needs: { score: 3.8917 }, enough: false },
  ])
})

it('names in an explanation what separates a question from the nearest answer of another scope', async () => {
  const { ask, post } = watching()
  const system = { role: 'system', content: 'Be brief.' }
  await ask(QUESTION, { 'reprise-user': 'ann' }, { messages: [system, { role: 'user', content: QUESTION }] })
  const explained = async (body: object) => {
    const response = await post('/cache/explain', body)
    return ((await response.json()) as { elsewhere: object | null }).elsewhere
  }
  const messages = [{ role: 'user', content: LIKE_IT }]
  expect(await explained({ model: 'gpt-4o-mini', messages })).toMatchObject({
    question: QUESTION,
    similarity: expect.closeTo(0.9129, 4),
    differs: ['request.messages', 'user'],
  })
  expect(await explained({ model: 'gpt-4o', messages })).toMatchObject({
    differs: ['request.messages', 'request.model', 'user'],
  })
  expect(await explained({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Where am I?' }] })).toBeNull()
})

it('learns from other replicas with the next look at what they have counted', async () => {
  const one = watching({ model: says('The same.') })
  const { counters, store, index } = one.ports
  const other = watching({ model: says('The same.'), ports: () => ({ counters, store, index }) })
  await other.ask(QUESTION)
  await other.ask(ALMOST)
  for (let user = 0; user < 80; user++) {
    await one.ask(QUESTION, { 'reprise-user': `user ${user}` })
    await one.ask(ALMOST, { 'reprise-user': `user ${user}` })
    await one.idle()
  }
  const [before] = await other.budgets()
  await one.learning.refresh()
  await other.learning.refresh()
  const [ours] = await one.budgets()
  const [theirs] = await other.budgets()
  expect([before!.provisional, ours!.provisional, theirs!.provisional]).toEqual([true, false, false])
  expect(theirs!.bar).toBe(ours!.bar)
})

it('is what is shipped while nobody can tell what has been learned, and what was last known if something was', async () => {
  let isDown = true
  const counters = (memory: Counters): Counters => ({
    ...memory,
    read: (...names) => (isDown ? Promise.reject(new Error('down')) : memory.read(...names)),
  })
  const { ask, learning, ports, clock } = watching({ ports: (memory) => ({ counters: counters(memory.counters) }) })
  await learn(ports.counters, clock(), 8, [20, 20])
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
  isDown = false
  await learning.refresh()
  await ask(QUESTION, { 'reprise-user': 'ann' })
  expect(detail(await ask(LIKE_IT, { 'reprise-user': 'ann' }))).toBe('below-threshold')
  isDown = true
  await learning.refresh().catch(() => {})
  await ask(QUESTION, { 'reprise-user': 'bob' })
  expect(detail(await ask(LIKE_IT, { 'reprise-user': 'bob' }))).toBe('below-threshold')
})

it('forgets what was learned more than two weeks ago', async () => {
  const { ask, ports, clock, learning, pass } = watching()
  await learn(ports.counters, clock(), 8, [20, 20])
  await ask(QUESTION)
  expect(detail(await ask(LIKE_IT))).toBe('below-threshold')
  pass(15 * 86_400)
  await learning.refresh()
  await ask(QUESTION, { 'reprise-user': 'ann' })
  expect(detail(await ask(LIKE_IT, { 'reprise-user': 'ann' }))).toBe('semantic')
})

/** As if another replica had labelled so many, right and wrong, from the score of the first bar on. */
async function learn(
  counters: Counters,
  now: number,
  bins: number,
  each: [right: number, wrong: number],
): Promise<void> {
  const { right, wrong } = evidenceAt(4, ...Array.from({ length: bins }, () => each))
  const tally = labelTally('default', startOf('day', now))
  const cells = right.flatMap((some, bin) => [
    { ...tally, field: fieldOf(PAGE, ['right', bin]), amount: some },
    { ...tally, field: fieldOf(PAGE, ['wrong', bin]), amount: wrong[bin]! },
  ])
  await counters.add(
    'of-another-replica',
    cells.filter(({ amount }) => amount > 0),
  )
}

function watching(options: WorldOptions = {}) {
  const made = world({ model: inTurn(...Array.from({ length: 200 }, (_, nth) => says(`cluster ${nth}`))), ...options })
  return {
    ...made,
    clock: made.ports.clock,
    async budgets(): Promise<Budget[]> {
      const response = await made.app.request('/v1/cache/stats')
      return ((await response.json()) as { budgets: Budget[] }).budgets
    },
  }
}
