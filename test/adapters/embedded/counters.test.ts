import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { countersContract } from '../../contract/counters.contract.ts'
import { openRoomy, stoppedClock, temporaryFile } from './support.ts'

countersContract({
  name: 'sqlite in memory',
  async create() {
    const time = stoppedClock()
    const { counters } = openRoomy(time)
    return { ...time, ours: counters, theirs: counters }
  },
})

countersContract({
  name: 'sqlite, one file opened twice',
  async create() {
    const time = stoppedClock()
    const path = temporaryFile()
    const [ours, theirs] = [openRoomy({ ...time, path }), openRoomy({ ...time, path })]
    for (const { store } of [ours, theirs]) onTestFinished(() => store.close())
    return { ...time, ours: ours.counters, theirs: theirs.counters }
  },
})

it('sums, and which batches are in them, are remembered when the file is opened again', async () => {
  const options = { ...stoppedClock(), path: temporaryFile() }
  const additions = [{ tally: 'acme', field: 'hits', amount: 1, keepUntil: options.clock() + 60_000 }]
  const before = openRoomy(options)
  await before.counters.add('batch', additions)
  await before.store.close()
  const after = openRoomy(options)
  await after.counters.add('batch', additions)
  expect(await after.counters.read(['acme'])).toEqual([new Map([['hits', 1]])])
  await after.store.close()
})

it('what is past its time is gone to the millisecond, tallies and batches alike', async () => {
  const { clock, advance } = stoppedClock()
  const { counters } = openRoomy({ clock })
  const hits = async () => (await counters.read(['acme']))[0]!.get('hits')
  const add = () => counters.add('batch', [{ tally: 'acme', field: 'hits', amount: 1, keepUntil: clock() + 600_001 }])
  await add()
  advance(599_999)
  await add()
  expect(await hits()).toBe(1)
  advance(1)
  await add()
  expect(await hits()).toBe(2)
  advance(600_000)
  expect(await hits()).toBe(2)
  advance(1)
  expect(await hits()).toBeUndefined()
})

it('a batch may be added again when it is forgotten, however many are', async () => {
  const { clock, advance } = stoppedClock()
  const { counters } = openRoomy({ clock })
  const additions = [{ tally: 'acme', field: 'hits', amount: 1, keepUntil: clock() + 3_600_000 }]
  for (let nth = 0; nth < 10; nth++) await counters.add(`batch ${nth}`, additions)
  advance(600_000)
  for (let nth = 9; nth >= 0; nth--) await counters.add(`batch ${nth}`, additions)
  expect(await counters.read(['acme'])).toEqual([new Map([['hits', 20]])])
})

it('a batch that does not fit into a sum leaves everything as it was', async () => {
  const { clock } = stoppedClock()
  const { counters } = openRoomy({ clock })
  const most = { tally: 'acme', field: 'hits', amount: Number.MAX_SAFE_INTEGER, keepUntil: clock() + 60_000 }
  const tooMany = Array.from({ length: 1_025 }, () => most)
  await expect(counters.add('batch', [{ ...most, field: 'misses' }, ...tooMany])).rejects.toThrow()
  expect(await counters.read(['acme'])).toEqual([new Map()])
})

it('forgotten tallies and batches make way for new ones', async () => {
  const { clock, advance } = stoppedClock()
  const path = temporaryFile()
  const { store, counters } = openRoomy({ path, clock })
  const add = (name: string) =>
    counters.add(
      name,
      ['hits', 'misses'].map((field) => ({ tally: name, field, amount: 1, keepUntil: clock() + 600_000 })),
    )
  for (let nth = 0; nth < 10; nth++) await add(`old ${nth}`)
  advance(600_000)
  for (let nth = 0; nth < 5; nth++) await add(`new ${nth}`)
  await store.close()
  const database = new DatabaseSync(path, { readOnly: true })
  const rowsOf = (table: string) => database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows']
  expect(['tallies', 'tally_ends', 'batches'].map(rowsOf)).toEqual([10, 5, 5])
  database.close()
})
