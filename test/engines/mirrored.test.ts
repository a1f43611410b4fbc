import { expect, it } from 'vitest'
import { EMBEDDER, idsIn, moving, refuse } from './support.ts'

const PLACE = { tenant: 'acme', namespace: 'default', space: EMBEDDER.space }

it('keeps on both what is kept, and serves it from the first', async () => {
  const { both, first, second, entry } = moving()
  await both.store.put(entry(1))
  await both.close()
  expect(await idsIn(first)).toEqual([entry(1).key.id])
  expect(await idsIn(second)).toEqual([entry(1).key.id])
})

it('does not wait for the second to keep an answer', async () => {
  const { both, entry, setGate } = moving()
  const gate = Promise.withResolvers<void>()
  setGate(() => gate.promise)
  await both.store.put(entry(1))
  expect(await both.store.get(entry(1).key)).toEqual(entry(1))
  gate.resolve()
})

it('waits when it is closed for what the second has not taken yet', async () => {
  const { both, second, entry, setGate } = moving()
  const gate = Promise.withResolvers<void>()
  setGate(() => gate.promise)
  await both.store.put(entry(1))
  const closed = both.close()
  gate.resolve()
  await closed
  expect(await idsIn(second)).toEqual([entry(1).key.id])
})

it('has the second take what happens to one entry in the order in which it happened', async () => {
  const { both, second, entry, setGate } = moving()
  const slow = Promise.withResolvers<void>()
  let puts = 0
  setGate((operation) => (operation === 'store.put' && puts++ === 0 ? slow.promise : undefined))
  await both.store.put(entry(1, { completion: '"earlier"' }))
  await both.store.put(entry(1, { completion: '"later"' }))
  slow.resolve()
  await both.close()
  expect((await second.store.get(entry(1).key))?.completion).toBe('"later"')
})

it('finds on the second by meaning what was added to the first', async () => {
  const { both, second, entry } = moving()
  const { vector, space, ...rest } = entry(1)
  await both.index.add({ ...rest, space: space!, probe: vector! })
  await both.close()
  expect(await second.index.nearest({ ...PLACE, scope: rest.key.scope }, vector!, 1, 0)).toHaveLength(1)
})

it('serves on while the second fails, tells of it, and is complete no more', async () => {
  const { both, failures, entry, setGate, copy } = moving()
  await copy()
  expect(both.mirror()).toBe('complete')
  setGate(refuse)
  await both.store.put(entry(1))
  await both.counters.add('batch', [{ tally: 'acme/day/0', field: 'requests', amount: 1, keepUntil: 2e12 }])
  await both.close()
  expect(await both.store.get(entry(1).key)).toEqual(entry(1))
  expect(failures.sort()).toEqual(['counters.add', 'store.put'])
  expect(both.mirror()).toBe('incomplete')
})

it('leaves a second alone that is down, and says so', async () => {
  const { both, entry, setGate } = moving()
  let asked = 0
  setGate(() => {
    asked++
    refuse()
  })
  for (let nth = 0; nth < 20; nth++) await both.store.put(entry(nth))
  await both.close()
  expect(asked).toBe(5)
  expect(both.mirror()).toBe('down')
})

it('deletes on both, and says so if the second did not', async () => {
  const { both, second, entry, setGate } = moving()
  await both.store.put(entry(1))
  expect(await both.store.delete(entry(1).key)).toBe(true)
  expect(await idsIn(second)).toEqual([])
  setGate(refuse)
  await expect(both.store.delete(entry(1).key)).rejects.toThrow('down')
})

it('pages through what only the second holds as well, each entry once', async () => {
  const { both, first, entry } = moving()
  for (const nth of [1, 2, 3]) await both.store.put(entry(nth))
  await both.counters.read([])
  // As if it had been evicted.
  await first.store.delete(entry(2).key)
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await both.store.page('acme', 2, cursor)
    ids.push(...page.entries.map(({ key }) => key.id))
    cursor = page.cursor
  } while (cursor !== undefined)
  expect(ids.sort()).toEqual([1, 2, 3].map((nth) => entry(nth).key.id).sort())
})

it.each(['rules', 'verdicts'])(
  'has a change of %s on both when it is done, and fails it if the second cannot take it',
  async (kind) => {
    const { both, second, setGate } = moving()
    expect(await both.records.swap(kind, 'purges/acme', undefined, 'one')).toBe(true)
    expect(await second.records.get(kind, 'purges/acme')).toBe('one')
    setGate(refuse)
    await expect(both.records.swap(kind, 'purges/acme', 'one', 'two')).rejects.toThrow('down')
  },
)

it('leaves jobs where they are', async () => {
  const { both, second } = moving()
  await both.records.swap('jobs', 'acme/1', undefined, 'waiting')
  expect(await second.records.list('jobs')).toEqual([])
})

it('comes to the same rule on both when two change it at once', async () => {
  const { both, first, second } = moving()
  await both.records.swap('rules', 'tenant/acme', undefined, '0')
  const change = async (turn: number) => {
    for (;;) {
      const before = await both.records.get('rules', 'tenant/acme')
      if (await both.records.swap('rules', 'tenant/acme', before, `${before},${turn}`)) return
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, turn) => change(turn)))
  expect(await second.records.get('rules', 'tenant/acme')).toBe(await first.records.get('rules', 'tenant/acme'))
})

it('does not note down what a conversation has said unless both do', async () => {
  const { both, first, second, setGate } = moving()
  await both.sessions.put('acme', 'chat', 'turns', 2e12)
  expect(await second.sessions.get('acme', 'chat')).toBe('turns')
  setGate(refuse)
  await expect(both.sessions.put('acme', 'chat', 'more', 2e12)).rejects.toThrow('down')
  expect(await first.sessions.get('acme', 'other')).toBeUndefined()
})

it('goes on with a conversation that began before a swap', async () => {
  const { both, second } = moving()
  await second.sessions.put('acme', 'chat', 'turns', 2e12)
  expect(await both.sessions.get('acme', 'chat')).toBe('turns')
})

it('adds up on both from the start of the mirror', async () => {
  const { both, second } = moving()
  await both.counters.add('batch', [{ tally: 'acme/day/0', field: 'requests', amount: 2, keepUntil: 2e12 }])
  await both.close()
  expect(await second.counters.read(['acme/day/0'])).toEqual([new Map([['requests', 2]])])
})
