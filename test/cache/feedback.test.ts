import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts'
import type { Bus, Ports } from '../../src/ports.ts'
import { temporaryFile } from '../adapters/embedded/support.ts'
import { says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, said, world } from '../support/world.ts'

type World = ReturnType<typeof world>
type Feedback = { entry_id: string; correct: boolean; remembered: string }

const idOf = (response: Response) => response.headers.get('x-request-id')!
const keyOf = (response: Response) => /key="([^"]+)"/.exec(response.headers.get('cache-status') ?? '')?.[1]

async function tell({ post }: World, body: object, headers: Record<string, string> = {}) {
  const response = await post('/cache/feedback', body, headers)
  return { status: response.status, body: (await response.json()) as Feedback & { error: { code: string } } }
}

/** One that has an answer, and has served it to a question that is like it. */
async function served(options: WorldOptions = {}) {
  const at = world(options)
  await at.ask(QUESTION)
  const hit = await at.ask(LIKE_IT)
  expect(detail(hit)).toBe('semantic')
  return { at, hit, id: idOf(hit) }
}

it('never serves a wrong answer for that question again, and still serves it for its own', async () => {
  const { at, id, hit } = await served()
  const { status, body } = await tell(at, { request_id: id, correct: false })
  expect(status).toBe(200)
  expect(body).toEqual({ object: 'cache.feedback', entry_id: keyOf(hit), correct: false, remembered: 'refused' })
  expect(detail(await at.ask(LIKE_IT))).toBe('known-wrong')
  expect(detail(await at.ask(LIKE_IT))).toBe('exact')
  expect(detail(await at.ask(QUESTION))).toBe('exact')
})

it.each(['x-request-id', 'reprise-request-id'])('takes the %s of a hit', async (name) => {
  const { at, hit } = await served()
  expect((await tell(at, { request_id: hit.headers.get(name), correct: false })).body.remembered).toBe('refused')
})

it('holds a wrong hit against the entry by a threshold as well', async () => {
  const { at, id } = await served()
  await tell(at, { request_id: id, correct: false })
  expect(detail(await at.ask(LIKE_IT, { 'reprise-threshold': '0.5' }))).toBe('known-wrong')
})

it('makes an entry that was wrong harder to be served from', async () => {
  const { at, id } = await served()
  const [near, nearer] = ['How to reset my old small password', `${QUESTION} please`]
  const ask = async (question: string) => detail(await at.ask(question, { 'cache-control': 'only-if-cached' }))
  expect([await ask(near), await ask(nearer)]).toEqual(['semantic', 'semantic'])
  await tell(at, { request_id: id, correct: false })
  expect([await ask(near), await ask(nearer)]).toEqual(['cache_miss', 'semantic'])
})

it('tells what it learned, once, however often it is told', async () => {
  const { at, id } = await served()
  for (let nth = 0; nth < 3; nth++) await tell(at, { request_id: id, correct: false })
  expect(at.labels).toMatchObject([
    { tenant: 'default', namespace: 'default', space: 'words-1', right: false, source: 'feedback', weight: 1 },
  ])
  expect(at.labels[0]!.score).toBeGreaterThan(3.8)
  expect((await at.stats()).labels.feedback).toMatchObject({ right: 0, wrong: 1 })
})

it('tells those who watch, without a word of question or answer', async () => {
  const { at, id } = await served()
  const events: string[] = []
  at.ports.bus.subscribe('events', (message) => events.push(message))
  await tell(at, { request_id: id, correct: false, note: 'this is about fish' })
  expect(events.map((event) => JSON.parse(event))).toEqual([
    {
      type: 'feedback',
      at: Date.UTC(2026, 0, 1),
      tenant: 'default',
      namespace: 'default',
      entry_id: expect.stringMatching(/^ent_/),
      correct: false,
      note: 'this is about fish',
    },
  ])
  expect(events[0]).not.toContain('password')
})

it('still knows when the answer has expired and another one has come into its place', async () => {
  const { at, id } = await served()
  await tell(at, { request_id: id, correct: false })
  at.pass(3 * 3600)
  await at.ask(QUESTION)
  expect(detail(await at.ask(LIKE_IT))).toBe('known-wrong')
})

it('still knows after a restart', async () => {
  const path = temporaryFile()
  const open = () => {
    const kept = openEmbedded({
      path,
      clock: () => Date.UTC(2026, 0, 1),
      maxEntries: 100,
      maxBytes: 1e8,
      hotBytes: 1e6,
    })
    onTestFinished(() => kept.store.close())
    return kept
  }
  const before = open()
  const { at, id } = await served({ ports: () => before })
  await tell(at, { request_id: id, correct: false })
  await before.store.close()
  const after = world({ ports: ({ index }) => ({ ...open(), index }) })
  await after.ask(QUESTION, { 'cache-control': 'no-cache' })
  expect(detail(await after.ask(LIKE_IT))).toBe('known-wrong')
})

it.each([
  ['at once', ({ bus }: Ports) => ({ bus }), 0],
  ['a second later, although it was never told,', ({ bus }: Ports) => ({ bus: deaf(bus) }), 1],
])('%s knows on another replica as well', async (_, heard, seconds) => {
  const { at, id } = await served()
  const other = world({ ports: () => ({ ...shared(at), ...heard(at.ports) }) })
  expect(detail(await other.ask(LIKE_IT))).toBe('semantic')
  await tell(at, { request_id: id, correct: false })
  other.pass(seconds)
  expect(detail(await other.ask(LIKE_IT))).toBe('known-wrong')
})

it('takes feedback on another replica than the one that served', async () => {
  const { at, id } = await served()
  const other = world({ ports: () => shared(at) })
  expect((await tell(other, { request_id: id, correct: true })).body.remembered).toBe('label')
  expect((await tell(other, { request_id: id, correct: false })).body.remembered).toBe('refused')
  expect(detail(await at.ask(LIKE_IT))).toBe('known-wrong')
})

it('forgets all of it with a purge of all, and nothing with any other', async () => {
  const { at, id } = await served()
  await tell(at, { request_id: id, correct: false })
  await at.post('/cache/purge', { namespace: 'default' })
  await at.ask(QUESTION)
  expect(detail(await at.ask(LIKE_IT))).toBe('known-wrong')
  await at.post('/cache/purge', { all: true })
  await at.ask(QUESTION)
  expect(detail(await at.ask(LIKE_IT))).toBe('semantic')
})

it('takes the answer out that is wrong for its own question', async () => {
  const at = world({ model: says('wrong') })
  await at.ask(QUESTION)
  const { body } = await tell(at, { request_id: idOf(await at.ask(QUESTION)), correct: false })
  expect(body.remembered).toBe('removed')
  expect(await at.entries()).toEqual([])
  expect(detail(await at.ask(QUESTION))).toBe('nothing-near')
})

it('takes an answer out by its entry alone, and only learns from one that was right', async () => {
  const { at, hit } = await served()
  expect((await tell(at, { entry_id: keyOf(hit), correct: true })).body.remembered).toBe('label')
  expect((await tell(at, { entry_id: keyOf(hit), correct: false })).body.remembered).toBe('removed')
  expect(await at.entries()).toEqual([])
  expect(at.labels.map(({ right }) => right)).toEqual([true, false])
})

it('does not take out the answer that has come into the place of a wrong one', async () => {
  const at = world()
  await at.ask(QUESTION)
  const id = idOf(await at.ask(QUESTION))
  await tell(at, { request_id: id, correct: false })
  at.pass(1)
  const better = await said(await at.ask(QUESTION))
  expect((await tell(at, { request_id: id, correct: false })).body.error.code).toBe('hit_not_found')
  expect(await said(await at.ask(QUESTION))).toBe(better)
})

it('knows nothing of what was no hit, is gone, or is another’s, in the same words', async () => {
  const { at, id, hit } = await served({ tenantOf: (who) => who ?? 'default' })
  const miss = await at.ask('What is the weather like on Mars')
  await at.ask(QUESTION, { authorization: 'acme' })
  const gone = idOf(await at.ask(QUESTION, { authorization: 'acme' }))
  await at.post('/cache/purge', { all: true }, { authorization: 'acme' })
  const answers = await Promise.all([
    tell(at, { request_id: idOf(miss), correct: false }),
    tell(at, { request_id: miss.headers.get('reprise-request-id'), correct: false }),
    tell(at, { request_id: 'req_never', correct: false }),
    tell(at, { entry_id: 'ent_never', correct: false }),
    tell(at, { request_id: gone, correct: false }, { authorization: 'acme' }),
    tell(at, { request_id: id, correct: false }, { authorization: 'mallory' }),
    tell(at, { request_id: id, entry_id: keyOf(hit), correct: false }, { authorization: 'mallory' }),
    tell(at, { entry_id: keyOf(hit), correct: false }, { authorization: 'mallory' }),
  ])
  for (const { status, body } of answers) {
    expect(status).toBe(404)
    expect(body).toEqual(answers[0]!.body)
  }
  expect(at.labels).toEqual([])
  expect(detail(await at.ask(LIKE_IT))).toBe('semantic')
})

it.each<[object, string]>([
  [{}, 'correct'],
  [{ correct: true }, 'request_id'],
  [{ request_id: 'req_1' }, 'correct'],
  [{ request_id: 'req_1', correct: 'yes' }, 'correct'],
  [{ request_id: '', correct: true }, 'request_id'],
  [{ request_id: 7, correct: true }, 'request_id'],
  [{ request_id: 'req_1', correct: true, note: 'x'.repeat(1_001) }, 'note'],
  [{ request_id: 'req_1', correct: true, why: 'x' }, 'why'],
])('refuses %j, and says which member is at fault', async (body, param) => {
  const response = await world().post('/cache/feedback', body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param } })
})

it('refuses an entry that the request was not served from', async () => {
  const { at, id } = await served()
  const other = { request_id: id, entry_id: `ent_${'0'.repeat(24)}`, correct: false }
  expect((await at.post('/cache/feedback', other)).status).toBe(400)
  expect(at.labels).toEqual([])
})

it('does not say that something is remembered if it is not', async () => {
  let down = false
  const { at, id } = await served({
    ports: ({ records }) => ({
      records: {
        ...records,
        swap: async (...args) => {
          if (down) throw new Error('down')
          return records.swap(...args)
        },
      },
    }),
  })
  down = true
  expect((await tell(at, { request_id: id, correct: false })).status).toBe(500)
  expect(at.labels).toEqual([])
  down = false
  expect((await tell(at, { request_id: id, correct: false })).body.remembered).toBe('refused')
})

it('asks the model if it cannot be told what is known to be wrong', async () => {
  let down = false
  const { at, id } = await served({
    ports: ({ records }) => ({
      records: {
        ...records,
        get: async (kind, document) => {
          if (down && kind === 'verdicts') throw new Error('down')
          return records.get(kind, document)
        },
      },
    }),
  })
  await tell(at, { request_id: id, correct: true })
  down = true
  await at.verdicts.record({ ...at.labels[0]!, question: 'ff', right: false }).catch(() => {})
  await at.ports.records.swap('verdicts', 'default/x', undefined, '{}')
  at.pass(1)
  expect(detail(await at.ask(`${QUESTION} please`))).toBe('lookup-failed')
  expect(detail(await at.ask(QUESTION))).toBe('exact')
})

it('explains a match that is known to be wrong', async () => {
  const { at, id } = await served()
  await tell(at, { request_id: id, correct: false })
  const response = await at.post('/cache/explain', {
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: LIKE_IT }],
  })
  expect(await response.json()).toMatchObject({
    verdict: { detail: 'known-wrong' },
    candidates: [{ known_wrong: true, alias: false }],
  })
})

/** What replicas have in common. */
function shared({ ports: { store, index, sessions, bus, lease, records } }: World): Partial<Ports> {
  return { store, index, sessions, bus, lease, records }
}

const deaf = (bus: Bus): Bus => ({ ...bus, subscribe: () => () => {} })
