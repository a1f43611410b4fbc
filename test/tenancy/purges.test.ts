import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/ports.ts'
import { createPurges } from '../../src/tenancy/purges.ts'
import { offices } from './offices.ts'
import { replicas } from './replicas.ts'

const MINUTE_MS = 60_000

type Purged = Pick<Entry, 'key' | 'model' | 'tags' | 'epoch' | 'createdAt'>

function purging() {
  const { ours, theirs, clock, ...rest } = replicas()
  const purges = createPurges({ rules: ours, clock })
  return {
    ...rest,
    clock,
    purges,
    elsewhere: createPurges({ rules: theirs, clock }),
    /** As it would be kept now. */
    anEntry(parts: Partial<Omit<Purged, 'key'>> & { id?: string; namespace?: string; tenant?: string } = {}): Purged {
      const { id = 'ent_1', namespace = 'faq', tenant = 'acme', ...others } = parts
      const key = { id, tenant, namespace, scope: '', digest: '' }
      return { key, model: 'gpt-4o', tags: ['a', 'b'], epoch: purges.epochOf(tenant), createdAt: clock(), ...others }
    },
    text: () => rest.read('purges/acme'),
  }
}

it.each([
  { all: true },
  { id: 'ent_1' },
  { namespace: 'faq' },
  { model: 'gpt-4o' },
  { tag: 'a' },
  { tag: 'b' },
  { namespace: 'faq', tag: 'b' },
  { namespace: 'faq', model: 'gpt-4o' },
  { model: 'gpt-4o', tag: 'a' },
  { namespace: 'faq', model: 'gpt-4o', tag: 'b' },
])('covers, once %j is purged, an entry of which all that is true', async (selector) => {
  const { purges, anEntry } = purging()
  const entry = anEntry()
  expect(purges.covers(entry)).toBe(false)
  await purges.purge('acme', selector)
  expect(purges.covers(entry)).toBe(true)
})

it.each([
  { id: 'ent_2' },
  { namespace: 'other' },
  { model: 'gpt-4' },
  { tag: 'c' },
  { tag: 'a,b' },
  { namespace: 'faq', tag: 'c' },
  { namespace: 'other', tag: 'a' },
  { namespace: 'a', tag: 'faq' },
  { namespace: 'faq', model: 'gpt-4o', tag: 'c' },
  { namespace: '__proto__' },
  { tag: 'constructor' },
])('covers, once %j is purged, no entry of which that is not true', async (selector) => {
  const { purges, anEntry } = purging()
  const entry = anEntry()
  await purges.purge('acme', selector)
  expect(purges.covers(entry)).toBe(false)
})

it('covers nothing that was asked for after the purge', async () => {
  const { purges, anEntry } = purging()
  await purges.purge('acme', { all: true })
  expect(purges.covers(anEntry())).toBe(false)
})

it('covers what was asked for before the purge, although it was kept only afterwards', async () => {
  const { purges, anEntry, advance, clock } = purging()
  const { epoch, ...asked } = anEntry()
  await purges.purge('acme', { namespace: 'faq' })
  advance(5_000)
  expect(purges.covers({ ...asked, epoch, createdAt: clock() })).toBe(true)
})

it('covers no entry of another tenant', async () => {
  const { purges, anEntry } = purging()
  const entry = anEntry({ tenant: 'acme-2' })
  await purges.purge('acme', { all: true })
  expect(purges.covers(entry)).toBe(false)
})

it.each(['__proto__', 'constructor'])('takes the tenant %s for one like any other', async (tenant) => {
  const { purges, anEntry } = purging()
  const entry = anEntry({ tenant })
  expect(purges.covers(entry)).toBe(false)
  await purges.purge(tenant, { all: true })
  expect(purges.covers(entry)).toBe(true)
})

it('has all else that is a tenant’s go with all of its entries, and with nothing less', async () => {
  const { ours, clock } = replicas()
  const gone: string[] = []
  const purges = createPurges({ rules: ours, clock, onAll: async (tenant) => void gone.push(tenant) })
  for (const selector of [{ tag: 'a' }, { id: 'ent_1' }, { namespace: 'faq' }, { all: true, olderThanMs: 1 }])
    await purges.purge('acme', selector)
  expect(gone).toEqual([])
  await purges.purge('acme', { all: true })
  expect(gone).toEqual(['acme'])
})

it.each([{ olderThanMs: 60_000 }, { olderThanMs: 60_000, all: true }, { olderThanMs: 60_000, tag: 'a' }])(
  'covers by %j what was kept earlier than that, and nothing later',
  async (selector) => {
    const { purges, anEntry, advance } = purging()
    const old = anEntry()
    advance(MINUTE_MS)
    const young = anEntry({ createdAt: old.createdAt + 1 })
    await purges.purge('acme', selector)
    expect([purges.covers(old), purges.covers(young)]).toEqual([false, false])
    advance(1)
    await purges.purge('acme', selector)
    expect([purges.covers(old), purges.covers(young)]).toEqual([true, false])
  },
)

it.each([(now: number) => ({ before: now + 1e9 }), () => ({ olderThanMs: -1e9 })])(
  'covers by a time that is still to come no more than by now',
  async (selectorAt) => {
    const { purges, anEntry, advance, clock } = purging()
    const before = anEntry()
    advance(1)
    await purges.purge('acme', selectorAt(clock()))
    advance(1)
    expect([purges.covers(before), purges.covers(anEntry({ epoch: 0 }))]).toEqual([true, false])
  },
)

it('covers whatever any of several purges of the same covers', async () => {
  const { purges, anEntry, advance, clock } = purging()
  const entry = anEntry()
  await purges.purge('acme', { tag: 'a' })
  advance(1)
  await purges.purge('acme', { tag: 'a', before: clock() - 1_000 })
  expect(purges.covers(entry)).toBe(true)
  const other = anEntry({ tags: ['b'], createdAt: clock() - 1 })
  await purges.purge('acme', { tag: 'b', before: clock() })
  await purges.purge('acme', { tag: 'b', before: clock() - 1_000 })
  expect(purges.covers(other)).toBe(true)
})

it('covers by a time nothing that was taken in after the purge, however old it is', async () => {
  const { purges, anEntry, advance, clock } = purging()
  advance(MINUTE_MS)
  await purges.purge('acme', { all: true, olderThanMs: 1_000 })
  expect(purges.covers(anEntry({ createdAt: clock() - MINUTE_MS }))).toBe(false)
})

it('counts each purge of a tenant, on whichever replica', async () => {
  const { purges, elsewhere } = purging()
  expect(await purges.purge('acme', { tag: 'a' })).toBe(1)
  expect(await elsewhere.purge('acme', { tag: 'b', olderThanMs: 1 })).toBe(2)
  expect(await purges.purge('acme', { all: true })).toBe(3)
  expect(await purges.purge('other', { all: true })).toBe(1)
  expect([purges.epochOf('acme'), purges.epochOf('other'), purges.epochOf('nobody')]).toEqual([3, 1, 0])
})

it('counts purges that are made at once on two replicas one by one', async () => {
  const { purges, elsewhere } = purging()
  const epochs = await Promise.all(
    Array.from({ length: 10 }, (_, nth) => (nth % 2 ? purges : elsewhere).purge('acme', { tag: `${nth}` })),
  )
  expect(epochs.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

it('knows after a second what has been purged elsewhere, without having been told', async () => {
  const { purges, elsewhere, anEntry, advance, cut } = purging()
  await purges.fresh('acme')
  const entry = anEntry()
  cut()
  await elsewhere.purge('acme', { all: true })
  advance(1_000)
  await purges.fresh('acme')
  expect(purges.covers(entry)).toBe(true)
})

it('does not forget what it knew because it is no longer fresh', async () => {
  const { purges, anEntry, advance } = purging()
  const entry = anEntry()
  await purges.purge('acme', { all: true })
  advance(60 * MINUTE_MS)
  expect(purges.covers(entry)).toBe(true)
  expect(purges.epochOf('acme')).toBe(1)
})

it('fails loudly if it cannot purge, and if it cannot tell what is purged', async () => {
  const { purges, breakDown } = purging()
  breakDown()
  await expect(purges.purge('acme', { all: true })).rejects.toThrow('down')
  await expect(purges.fresh('acme')).rejects.toThrow('down')
})

it('takes what it cannot read for nothing that it knows', async () => {
  const { purges, put } = purging()
  await put('purges/acme', '{"epoch":"many"}')
  await expect(purges.fresh('acme')).rejects.toMatchObject({ status: 503 })
})

it.each([
  [{}, 'all'],
  [{ all: false }, 'all'],
  [{ namespace: undefined }, 'all'],
  [{ all: true, namespace: 'faq' }, 'all'],
  [{ id: 'ent_1', namespace: 'faq' }, 'id'],
  [{ id: 'ent_1', olderThanMs: 1 }, 'id'],
])('does not purge by %j, and says so of %s', async (selector, param) => {
  const { purges, text } = purging()
  await expect(purges.purge('acme', selector)).rejects.toMatchObject({ status: 400, code: 'invalid_selector', param })
  expect(await text()).toBeUndefined()
})

describe('forget', () => {
  it.each([{ tag: 'old-prices' }, { id: 'ent_1' }])(
    'drops the mark of %j once a sweep is through that began when all had landed which was under way',
    async (selector) => {
      const { purges, text, advance, clock } = purging()
      const [marked] = Object.values(selector)
      await purges.purge('acme', selector)
      advance(15 * MINUTE_MS)
      const sweptFrom = clock()
      advance(60 * MINUTE_MS)
      await purges.forget('acme', sweptFrom)
      expect(await text()).toContain(marked)
      await purges.forget('acme', sweptFrom + 1)
      expect(await text()).not.toContain(marked)
    },
  )

  it('tells of whom something could be dropped, and of whom there is anything at all', async () => {
    const { purges, advance, clock } = purging()
    await purges.purge('acme', { tag: 'a' })
    advance(15 * MINUTE_MS + 1)
    await purges.purge('other', { tag: 'b' })
    expect([await purges.unswept(clock()), await purges.unswept(Infinity)]).toEqual([['acme'], ['acme', 'other']])
    await purges.forget('acme', clock())
    expect([await purges.unswept(clock()), await purges.unswept(Infinity)]).toEqual([[], ['other']])
  })

  it('goes on counting where it was', async () => {
    const { purges, advance, clock } = purging()
    await purges.purge('acme', { all: true })
    advance(60 * MINUTE_MS)
    await purges.forget('acme', clock())
    expect(purges.epochOf('acme')).toBe(1)
    expect(await purges.purge('acme', { all: true })).toBe(2)
  })

  it('writes nothing for a tenant of which nothing was ever purged', async () => {
    const { purges, text, clock } = purging()
    await purges.forget('acme', clock())
    expect(await text()).toBeUndefined()
  })
})

it('drops every other mark when all is purged', async () => {
  const { purges, text } = purging()
  for (const tag of ['a', 'b', 'c']) await purges.purge('acme', { tag })
  await purges.purge('acme', { all: true })
  expect(Object.keys(JSON.parse((await text())!).marks)).toEqual(['[null,null,null,null]'])
})

it('refuses more purges than a document holds, but never one of everything', async () => {
  const { purges, put, clock } = purging()
  const marks = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, nth) => [
      JSON.stringify([null, null, null, `${nth}`]),
      { epoch: 1, at: clock() },
    ]),
  )
  await put('purges/acme', JSON.stringify({ epoch: 1, marks }))
  await expect(purges.purge('acme', { tag: 'one more' })).rejects.toMatchObject({ code: 'too_many_purges' })
  await expect(purges.purge('acme', { tag: '7' })).resolves.toBe(2)
  await expect(purges.purge('acme', { all: true })).resolves.toBe(3)
  await expect(purges.purge('acme', { tag: 'one more' })).resolves.toBe(4)
})

it('covers for good what a tenant kept that is gone, so that the next of its name finds nothing', async () => {
  const { here, elsewhere, admit, advance } = offices()
  await admit('acme')
  const key = { id: 'ent_1', tenant: 'acme', namespace: 'faq', scope: '', digest: '' }
  const entry = { key, model: 'gpt-4o', tags: [], epoch: 0, createdAt: 0 }
  await here.tenants.remove('acme')
  await elsewhere.identify(await admit('acme'))
  expect(elsewhere.purges.covers(entry)).toBe(true)
  advance(60 * MINUTE_MS)
  await here.purges.forget('acme', -Infinity)
  expect([here.purges.covers(entry), here.purges.epochOf('acme')]).toEqual([true, 1])
})

it.each(['gpt-4o', 'gpt-4o-2024-08-06'])('covers a dated snapshot of a model by the name %s', async (model) => {
  const { purges, anEntry } = purging()
  const [snapshot, other] = [anEntry({ model: 'gpt-4o-2024-08-06' }), anEntry({ model: 'gpt-4o-mini-2024-07-18' })]
  await purges.purge('acme', { model })
  expect([snapshot, other].map(purges.covers)).toEqual([true, false])
})
