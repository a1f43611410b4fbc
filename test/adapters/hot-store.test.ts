import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts'
import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import { hotStore } from '../../src/adapters/hot-store.ts'
import type { Bus, Store } from '../../src/ports.ts'
import { anEntry } from '../contract/samples.ts'
import { storeContract } from '../contract/store.contract.ts'
import { stoppedClock } from './embedded/support.ts'

storeContract({
  name: 'a hot store',
  async create() {
    const { clock, advance, replica } = start()
    return { clock, advance, store: replica('one') }
  },
})

/** A far store that counts how often it is asked, and replicas with memories of their own in front of it. */
function start() {
  const { clock, advance } = stoppedClock()
  const { store } = openEmbedded({ path: ':memory:', clock, maxEntries: 10_000, maxBytes: 1e9, hotBytes: 0 })
  onTestFinished(() => store.close())
  const asked = { get: 0 }
  const far: Store = { ...store, get: (key) => (asked.get++, store.get(key)) }
  let connection: number | undefined = 1
  const local = localBus()
  const bus: Bus = {
    ...local,
    publish: async (...news) => (connection === undefined ? undefined : local.publish(...news)),
    connection: () => connection,
  }
  const replica = (name: string) => hotStore({ store: far, bus, clock, replica: name, topic: 'landed', maxBytes: 1e6 })
  return {
    clock,
    advance,
    asked,
    far,
    bus,
    replica,
    cut: () => (connection = undefined),
    mend: () => (connection = 2),
  }
}

const entry = anEntry(stoppedClock().clock())
const renewed = { ...entry, completion: '{"renewed":true}' }

it('asks the far store once for what is asked again', async () => {
  const { far, asked, replica } = start()
  await far.put(entry)
  const one = replica('one')
  for (let turn = 0; turn < 3; turn++) expect(await one.get(entry.key)).toMatchObject({ question: entry.question })
  expect(asked.get).toBe(1)
})

it('does not ask at all for what it has put itself', async () => {
  const { asked, replica } = start()
  const one = replica('one')
  await one.put(entry)
  expect(await one.get(entry.key)).toEqual(entry)
  expect(asked.get).toBe(0)
})

it('asks again once another replica tells that it has put the same', async () => {
  const { bus, replica } = start()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  await two.put(renewed)
  await bus.publish('landed', `two ${entry.key.id} kept`)
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('does not forget what it has put itself when it hears its own news', async () => {
  const { asked, bus, replica } = start()
  const one = replica('one')
  await one.put(entry)
  await bus.publish('landed', `one ${entry.key.id} kept`)
  await one.get(entry.key)
  expect(asked.get).toBe(0)
})

it('lets other replicas know of what it deletes', async () => {
  const { replica } = start()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  expect(await two.get(entry.key)).toBeDefined()
  expect(await one.delete(entry.key)).toBe(true)
  expect(await two.get(entry.key)).toBeUndefined()
})

it('does not remember what was replaced while it was being read', async () => {
  const { far, bus, clock } = start()
  await far.put(entry)
  const gate = Promise.withResolvers<void>()
  const slow: Store = {
    ...far,
    get: async (key) => {
      const found = await far.get(key)
      await gate.promise
      return found
    },
  }
  const one = hotStore({ store: slow, bus, clock, replica: 'one', topic: 'landed', maxBytes: 1e6 })
  const reading = one.get(entry.key)
  await far.put(renewed)
  await bus.publish('landed', `two ${entry.key.id} kept`)
  gate.resolve()
  await reading
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('trusts its memory for a second at most while the bus is down', async () => {
  const { replica, advance, cut } = start()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  cut()
  await two.put(renewed)
  expect((await one.get(entry.key))?.completion).toBe(entry.completion)
  advance(1_000)
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('trusts nothing from before the bus was down once it is back', async () => {
  const { replica, advance, cut, mend } = start()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  cut()
  await two.put(renewed)
  advance(1_000)
  mend()
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('is not one to wait for', () => {
  expect(start().replica('one').near).toBe(false)
})
