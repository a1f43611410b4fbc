import { expect, it } from 'vitest'
import { failOpen } from '../../src/adapters/fail-open.ts'
import type { Bus, Counters, Embedder, Index, Lease, Limiter, Records, Sessions, Store } from '../../src/ports.ts'
import { aKey, aPointer, anEntry, direction } from '../contract/samples.ts'

const down = new Error('down')
const vector = direction(2, 0)
const partition = { ...aKey(), space: 'plane@1' }

const QUIET: [name: string, call: (ports: Safe) => Promise<unknown>, instead: unknown][] = [
  ['index.nearest', ({ index }) => index.nearest(partition, vector, 8, 0), []],
  ['index.add', ({ index }) => index.add(aPointer(0, vector)), undefined],
  ['index.delete', ({ index }) => index.delete(aKey()), undefined],
  ['embedder.embed', ({ embedder }) => embedder.embed('Hi'), undefined],
]

const LOUD: [name: string, call: (ports: Safe) => Promise<unknown>][] = [
  ['store.get', ({ store }) => store.get(aKey())],
  ['store.find', ({ store }) => store.find('ent_0')],
  ['store.put', ({ store }) => store.put(anEntry(0))],
  ['sessions.get', ({ sessions }) => sessions.get('acme', 's1')],
  ['sessions.put', ({ sessions }) => sessions.put('acme', 's1', 'turns', 1)],
  ['bus.publish', ({ bus }) => bus.publish('topic', 'message')],
  ['lease.take', ({ lease }) => lease.take('name', 1000)],
  ['records.version', ({ records }) => records.version('rules')],
  ['records.versions', ({ records }) => records.versions(['rules'])],
  ['records.get', ({ records }) => records.get('rules', 'tenant/acme')],
  ['records.list', ({ records }) => records.list('rules', 'tenant/')],
  ['records.swap', ({ records }) => records.swap('rules', 'tenant/acme', 'before', 'after')],
  ['counters.add', ({ counters }) => counters.add('batch', [])],
  ['counters.read', ({ counters }) => counters.read(['acme'])],
  ['limiter.take', ({ limiter }) => limiter.take('name', { units: 1, windowMs: 1000 }, 1)],
  ['limiter.charge', ({ limiter }) => limiter.charge('name', { units: 1, windowMs: 1000 }, 1)],
]

const ALL = [...QUIET.map(([name, call]): (typeof LOUD)[number] => [name, call]), ...LOUD]

it.each(QUIET)('makes a failing %s look as if nothing were there', async (_, call, instead) => {
  expect(await call(failing().ports)).toEqual(instead)
})

it.each(LOUD)('lets a failing %s be heard', async (_, call) => {
  await expect(call(failing().ports)).rejects.toBe(down)
})

it.each(ALL)('reports a failing %s by its name', async (name, call) => {
  const { ports, reported } = failing()
  await call(ports).catch(() => {})
  expect(reported).toEqual([[...name.split('.'), down]])
})

it.each(ALL)('takes a %s that throws for one that rejects', async (_, call) => {
  const { ports, reported } = failing(() => {
    throw down
  })
  await call(ports).catch(() => {})
  expect(reported).toHaveLength(1)
})

it('changes nothing while all is well', async () => {
  const entry = anEntry(0)
  const quota = { maxEntries: 1, maxBytes: 1 }
  const { ports, reported } = failing(async (...given: unknown[]) => [entry, ...given])
  expect(await ports.store.get(entry.key)).toEqual([entry, entry.key])
  expect(await ports.index.nearest(partition, vector, 8, 5)).toEqual([entry, partition, vector, 8, 5])
  expect(await ports.embedder.embed('Hi')).toEqual([entry, 'Hi'])
  expect(await ports.sessions.get('acme', 's1')).toEqual([entry, 'acme', 's1'])
  expect(await ports.store.put(entry, quota)).toEqual([entry, entry, quota])
  expect(await ports.records.swap('rules', 'a', 'b', 'c')).toEqual([entry, 'rules', 'a', 'b', 'c'])
  expect(await ports.counters.read(['acme'])).toEqual([entry, ['acme']])
  expect(reported).toEqual([])
})

it('leaves every other part of a port as it is', () => {
  const { ports } = failing()
  expect(ports.embedder).toMatchObject({ space: 'plane@1', threshold: 0.8 })
  expect(Object.keys(ports.store).sort()).toEqual([...STORE].sort())
  expect(Object.keys(ports.index).sort()).toEqual(['add', 'delete', 'nearest', 'size'])
  expect(Object.keys(ports.bus).sort()).toEqual(['connection', 'publish', 'subscribe'])
})

const STORE = ['atHand', 'get', 'find', 'put', 'delete', 'page', 'entries', 'sweep', 'size', 'sizeOf', 'close']

type Safe = ReturnType<typeof failing>['ports']

/** Ports of which every operation does the same: it fails, if not told otherwise. */
function failing(operation: (...given: unknown[]) => unknown = () => Promise.reject(down)) {
  const all = (...names: string[]) => Object.fromEntries(names.map((name) => [name, operation]))
  const reported: unknown[][] = []
  const ports = failOpen(
    {
      store: all(...STORE) as unknown as Store,
      index: all('nearest', 'add', 'delete', 'size') as unknown as Index,
      embedder: { ...all('embed', 'fits'), space: 'plane@1', threshold: 0.8 } as unknown as Embedder,
      sessions: all('get', 'put') as unknown as Sessions,
      bus: all('publish', 'subscribe', 'connection') as unknown as Bus,
      lease: all('take') as unknown as Lease,
      records: all('version', 'versions', 'get', 'list', 'swap') as unknown as Records,
      counters: all('add', 'read') as unknown as Counters,
      limiter: all('take', 'charge') as unknown as Limiter,
    },
    (...failure) => reported.push(failure),
  )
  return { ports, reported }
}
