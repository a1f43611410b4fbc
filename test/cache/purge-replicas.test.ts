import { expect, it } from 'vitest'
import type { Bus, Entry, Ports } from '../../src/ports.ts'
import { type Send, says } from '../support/model.ts'
import { LIKE_IT, QUESTION, type WorldOptions, aRequest, detail, said, settled, world } from '../support/world.ts'

const TAGGED = { 'reprise-tags': 'prices' }
const QUARTER_HOUR_S = 15 * 60

/** Replicas of one service: they share all but their memory. */
function replicas(options: WorldOptions = {}) {
  const first = world({ model: says('first'), ...options })
  const { store, index, sessions, bus, lease, records } = first.ports
  const all = [first]
  return {
    /** Another one; what is not of the others is its own way to the model, and what it is told to see differently. */
    replica(model: Send, changed: (shared: Ports) => Partial<Ports> = () => ({})) {
      const ports = () => ({ store, index, sessions, bus, lease, records, ...changed(first.ports) })
      all.push(world({ model, ports, limits: { lookupTimeoutMs: 60_000 } }))
      return all.at(-1)!
    },
    async purge(order: object = { tag: 'prices' }): Promise<void> {
      expect((await first.post('/cache/purge', order)).status).toBe(200)
    },
    /** For all of them. */
    pass: (seconds: number) => all.forEach((each) => each.pass(seconds)),
    first,
  }
}

/** Hears nothing of what others tell. */
const deaf = ({ bus }: Ports): { bus: Bus } => ({ bus: { ...bus, subscribe: () => () => {} } })

/** What is purged has not been removed yet. */
const unswept = ({ store }: Ports) => ({ store: { ...store, delete: async () => false } })

function gate() {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>()
  return {
    passed,
    open,
    before:
      (send: Send): Send =>
      (...request) =>
        passed.then(() => send(...request)),
  }
}

it('serves nothing that was purged on another replica, from when it is told', async () => {
  const { replica, purge } = replicas({ ports: unswept })
  const one = replica(says('old'))
  await one.ask(QUESTION, TAGGED)
  await purge()
  expect(detail(await one.ask(LIKE_IT))).not.toBe('semantic')
  expect(detail(await one.ask(QUESTION))).not.toBe('exact')
})

it('serves nothing that was purged on another replica a second ago, although it was never told', async () => {
  const { replica, purge, pass } = replicas({ ports: unswept })
  const one = replica(says('old'), deaf)
  await one.ask(QUESTION, TAGGED)
  await purge()
  pass(1)
  expect(detail(await one.ask(LIKE_IT))).not.toBe('semantic')
  expect(detail(await one.ask(QUESTION))).not.toBe('exact')
})

it('serves nothing purged to a request that came long before the purge, and was heard out long after it', async () => {
  const { replica, purge, pass } = replicas({ ports: unswept })
  const one = replica(says('old'), deaf)
  await one.ask(QUESTION, TAGGED)
  const slowly = sending(one, QUESTION)
  await settled()
  await purge()
  pass(1)
  slowly.finish()
  expect(detail(await slowly.response)).not.toBe('exact')
})

it('lets no such request join a flight from before the purge', async () => {
  const air = gate()
  const { replica, purge, pass } = replicas()
  const one = replica(air.before(says('old')), deaf)
  const slowly = sending(one, QUESTION)
  const early = one.ask(QUESTION, TAGGED)
  await settled()
  await purge()
  pass(1)
  slowly.finish()
  await settled()
  air.open()
  await early
  expect(detail(await slowly.response)).toBe('nothing-near')
})

it('does not pass on what another replica was told before the purge', async () => {
  const [air, read] = [gate(), gate()]
  const { replica, purge, pass } = replicas()
  const one = replica(air.before(says('old')))
  const late = ({ store }: Ports): Partial<Ports> => ({
    store: { ...store, get: async (key) => store.get(key).then((it) => (it ? read.passed.then(() => it) : it)) },
  })
  const other = replica(says('new'), (shared) => ({ ...late(shared) }))
  const early = one.ask(QUESTION, TAGGED)
  await settled()
  const waiting = other.ask(QUESTION, TAGGED)
  await settled()
  air.open()
  await early
  await settled()
  await purge()
  pass(1)
  read.open()
  expect(await said(await waiting)).toBe('new')
})

it.each(['tag', 'id'])('never serves what landed where the purge by %s was not yet known, however late', async (by) => {
  const air = gate()
  const { replica, purge, pass } = replicas()
  const one = replica(air.before(says('old')), deaf)
  const other = replica(says('new'))
  const early = one.ask(QUESTION, TAGGED)
  await settled()
  const { key } = (await (await explained(other)).json()) as { key: Entry['key'] }
  await purge(by === 'tag' ? { tag: 'prices' } : { id: key.id })
  air.open()
  await early
  await one.idle()
  for (let turn = 0; turn < 3; turn++) {
    pass(QUARTER_HOUR_S + 1)
    // Every purge is an occasion to forget those before it.
    await purge({ id: `ent_${'0'.repeat(24)}` })
    expect(await said(await other.ask(QUESTION, { ...TAGGED, 'cache-control': 'max-stale' }))).toBe('new')
  }
})

it('serves nothing purged when so much is looked up meanwhile that it no longer has the purge in mind', async () => {
  const read = gate()
  const { replica, purge } = replicas()
  const one = replica(says('new'), ({ store }) => ({
    store: { ...store, get: async (key) => store.get(key).then((it) => read.passed.then(() => it)) },
  }))
  await replica(says('old')).ask(QUESTION, TAGGED)
  const asked = one.ask(QUESTION)
  await settled()
  await purge()
  for (let nth = 0; nth <= 5_000; nth++) await one.purges.purge(`tenant-${nth}`, { all: true })
  read.open()
  expect(await said(await asked)).toBe('new')
}, 60_000)

/** A request whose body is under way until it is finished. */
function sending({ app }: ReturnType<typeof world>, question: string) {
  const { passed, open } = gate()
  const text = JSON.stringify(aRequest(question))
  async function* pieces() {
    yield text.slice(0, 20)
    await passed
    yield text.slice(20)
  }
  const body = ReadableStream.from(pieces()).pipeThrough(new TextEncoderStream())
  const request = { method: 'POST', body, duplex: 'half' } as RequestInit
  return { response: Promise.resolve(app.request('/v1/chat/completions', request)), finish: open }
}

function explained({ post }: ReturnType<typeof world>) {
  return post('/cache/explain', aRequest(QUESTION), TAGGED)
}
