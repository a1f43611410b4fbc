import { expect, it } from 'vitest'
import type { Ports } from '../../src/ports.ts'
import { eventually } from '../contract/patience.ts'
import { inTurn, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, detail, said, settled, world } from '../support/world.ts'

const TAGGED = { 'reprise-tags': 'prices' }
const QUARTER_HOUR_S = 15 * 60

/** A world that keeps so many answers, all of one tag; removing one takes so many seconds. */
async function kept(count: number, options: WorldOptions = {}) {
  let seconds = 0
  const it = world({
    ...options,
    ports: (inMemory) => ({
      store: {
        ...inMemory.store,
        async delete(...args) {
          it.pass(seconds)
          return inMemory.store.delete(...args)
        },
      },
      ...options.ports?.(inMemory),
    }),
  })
  for (let nth = 1; nth <= count; nth++) await it.ask(nth === 1 ? QUESTION : `Topic${nth} word${nth}`, TAGGED)
  return {
    ...it,
    purge: async () => (await it.post('/cache/purge', { tag: 'prices' })).json(),
    reclaims: async () => (await it.jobs.list('default')).filter(({ kind }) => kind === 'reclaim'),
    slowDown: (deletion: number) => void (seconds = deletion),
  }
}

function gate() {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>()
  return { passed, open }
}

it('spares what has been answered anew under the same words, and what points to it', async () => {
  const { passed, open } = gate()
  const ports = ({ store }: Ports): Partial<Ports> => ({
    store: { ...store, page: async (...args) => store.page(...args).then((page) => passed.then(() => page)) },
  })
  const { ask, purge, pass } = await kept(1, { model: inTurn(says('old'), says('new')), ports })
  pass(1)
  const purging = purge()
  await settled()
  expect(await said(await ask(QUESTION, TAGGED))).toBe('new')
  open()
  expect(await purging).toEqual({ matched: 1, purged: 0, complete: true })
  const again = await ask(QUESTION)
  expect([detail(again), await said(again)]).toEqual(['exact', 'new'])
  expect(detail(await ask(LIKE_IT))).toBe('semantic')
})

it('leaves to the background what it has no time for, and serves none of it', async () => {
  const { ask, purge, slowDown, entries, reclaims, ports } = await kept(5)
  slowDown(1)
  expect(await purge()).toEqual({ matched: 1, purged: 1, complete: false })
  expect(detail(await ask('Topic5 word5', { 'reprise-match': 'exact', 'reprise-ttl': '0' }))).not.toBe('exact')
  await eventually(
    async () => expect(await reclaims()).toMatchObject([{ state: 'done', result: { purged: 4 } }]),
    PATIENT,
  )
  expect(await entries()).toEqual([])
  expect(await ports.index.size()).toBe(0)
})

it('asks for that once, however many purges come before it begins', async () => {
  const { purge, slowDown, entries, reclaims, jobs } = await kept(9, { ports: deaf })
  slowDown(1)
  for (let turn = 1; turn <= 4; turn++) expect(await purge()).toMatchObject({ complete: false })
  expect(await reclaims()).toHaveLength(1)
  await jobs.tick()
  await eventually(async () => expect(await reclaims()).toMatchObject([{ state: 'done' }]), PATIENT)
  expect(await entries()).toEqual([])
})

it('goes on in the background when a deletion fails, and says so', async () => {
  let failing = true
  const { purge, entries, jobs, reclaims, pass } = await kept(3, {
    ports: ({ store }) => ({
      store: { ...store, delete: (...args) => (failing ? Promise.reject(new Error('down')) : store.delete(...args)) },
    }),
  })
  expect(await purge()).toEqual({ matched: 1, purged: 0, complete: false })
  await eventually(async () => expect(await reclaims()).toMatchObject([{ state: 'waiting', attempts: 1 }]), PATIENT)
  failing = false
  pass(60)
  await jobs.tick()
  await eventually(async () => expect(await reclaims()).toMatchObject([{ state: 'done' }]), PATIENT)
  expect(await entries()).toEqual([])
})

it('gives back the space of what landed late, and then forgets the purge', async () => {
  const { passed: landed, open: land } = gate()
  const { ports, purge, ask, pass, idle, entries, reclaimLeft, reclaims } = await kept(0, {
    // As on a replica that has not heard of the purge: it is covered only after it was put.
    ports: ({ store }) => ({
      store: { ...store, near: false, put: (...args) => landed.then(() => store.put(...args)) },
    }),
  })
  await ask(QUESTION, TAGGED)
  await settled()
  await purge()
  land()
  await idle()
  expect(await entries()).toHaveLength(1)

  const leftovers = () => reclaimLeft(ports.clock())
  await leftovers()
  expect(await reclaims()).toEqual([])
  pass(QUARTER_HOUR_S + 1)
  await leftovers()
  await eventually(
    async () => expect(await reclaims()).toMatchObject([{ state: 'done', result: { purged: 1 } }]),
    PATIENT,
  )
  expect(await entries()).toEqual([])
  expect(await ports.records.get('rules', 'purges/default')).toBe('{"epoch":1,"marks":{}}')
  pass(QUARTER_HOUR_S + 1)
  await leftovers()
  expect(await reclaims()).toHaveLength(1)
})

const PATIENT = { tries: 200, pause: settled }

/** Nobody is told of anything. */
const deaf = ({ bus }: Ports) => ({ bus: { ...bus, publish: async () => {} } })
