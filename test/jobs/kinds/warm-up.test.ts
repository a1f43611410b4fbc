import { expect, it } from 'vitest'
import { Questions, type Request, warmingUp } from '../../../src/jobs/kinds/warm-up.ts'
import { LEASE_MS } from '../../../src/jobs/turn.ts'
import { deafBus, lifeOf, settled, world } from '../world.ts'

/** A world in which waiting is what makes time pass. */
function open(answer: (request: Request) => Promise<string> = async () => 'miss') {
  const around = world()
  const asked: { readonly at: number; readonly tenant: string; readonly request: Request }[] = []
  const start = around.clock()
  const kind = warmingUp({
    clock: around.clock,
    async ask(tenant, request) {
      asked.push({ at: around.clock() - start, tenant, request })
      return answer(request)
    },
    async wait(ms) {
      around.advance(ms)
    },
  })
  return { ...around, kind, asked }
}

const lines = (...questions: unknown[]) => questions.map((question) => JSON.stringify(question))

it('asks each question as its tenant would', async () => {
  const { replica, kind, asked, settles } = open()
  const params = { model: 'gpt-mini', namespace: 'faq', system: 'Be brief.' }
  const talk = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Hi!' },
    { role: 'user', content: 'Why?' },
  ]
  const job = await replica([kind]).enqueue('acme', 'warm-up', params, lines('What is it?', { messages: talk }))
  await settles(job, { state: 'done' })
  const system = { role: 'system', content: 'Be brief.' }
  const said = asked.map(({ tenant, request }) => ({
    tenant,
    namespace: request.namespace,
    ...JSON.parse(request.body),
  }))
  const common = { tenant: 'acme', namespace: 'faq', model: 'gpt-mini' }
  expect(said).toEqual([
    { ...common, messages: [system, { role: 'user', content: 'What is it?' }] },
    { ...common, messages: [system, ...talk] },
  ])
})

it('asks no more often than it is allowed to', async () => {
  const { replica, kind, asked, settles } = open()
  const job = await replica([kind]).enqueue('acme', 'warm-up', { model: 'm', perMinute: 20 }, lines('a', 'b', 'c', 'd'))
  await settles(job, { state: 'done' })
  expect(asked.map(({ at }) => at)).toEqual([0, 3_000, 6_000, 9_000])
})

it('counts how answers came about, and names the questions that had none', async () => {
  const { replica, kind, settles } = open(async ({ body }) => {
    if (body.includes('bad')) throw new Error('the model is down')
    return body.includes('known') ? 'exact' : 'miss'
  })
  const { enqueue } = replica([kind])
  const job = await enqueue('acme', 'warm-up', { model: 'm' }, [...lines('new', 'known', 'bad', 'newer'), 'not JSON'])
  const result = { outcomes: { miss: 2, exact: 1 }, failed: 2, unanswered: [3, 5] }
  await settles(job, { state: 'done', result, progress: { done: 5, failed: 2, total: 5 } })
})

it('asks no question twice that it has noted, and keeps to its slots, when its replica dies', async () => {
  const { replica, mortal, kind, asked, becomes, settles, advance } = open()
  const life = lifeOf(15)
  const questions = lines(...Array.from({ length: 40 }, (_, nth) => `Question ${nth}?`))
  const { enqueue } = replica([kind], {
    bus: deafBus,
  })
  const job = await enqueue('acme', 'warm-up', { model: 'm', perMinute: 60 }, questions)
  void mortal([kind], life).tick()
  await life.ended
  const before = asked.length
  expect(before).toBeGreaterThan(2)
  await becomes(job, { state: 'running' })
  advance(LEASE_MS)
  await replica([kind]).tick()
  await settles(job, { state: 'done', result: { outcomes: { miss: 40 }, failed: 0, unanswered: [] } })
  expect(asked.length).toBeLessThanOrEqual(41)
  const gaps = asked.slice(1).map(({ at }, nth) => at - asked[nth]!.at)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
})

it('gives way at once when it is drained while it waits', async () => {
  const { replica, clock, settles } = world()
  const kind = warmingUp({
    clock,
    ask: async () => 'miss',
    wait: (_, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('woken')), { once: true })),
  })
  const { enqueue, drain, list } = replica([kind])
  const job = await enqueue('acme', 'warm-up', { model: 'm' }, lines('a', 'b'))
  while ((await list('acme'))[0]!.progress.done !== 1) await settled()
  await drain()
  await settles(job, { state: 'waiting', attempts: 0, progress: { done: 1, failed: 0, total: 2 } })
})

it.each([[[]], [['']], [[{ messages: [] }]], [[{ messages: [{ content: 'no role' }] }]], ['a question']])(
  'knows %j for no list of questions',
  (questions) => {
    expect(Questions.safeParse(questions).success).toBe(false)
  },
)
