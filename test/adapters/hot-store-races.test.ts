import { expect, it } from 'vitest'
import { hotStore } from '../../src/adapters/hot-store.ts'
import type { Store } from '../../src/ports.ts'
import { entry, farStore, renewed } from './far-store.ts'

it('does not remember what was replaced while it was being read', async () => {
  const { far, bus, clock } = farStore()
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

it.each<[string, (one: Store) => Promise<unknown>]>([
  ['replaces', (one) => one.put(renewed)],
  ['deletes', (one) => one.delete(entry.key)],
])('does not remember what it read while it %s it itself', async (_, change) => {
  const { far, bus, clock } = farStore()
  await far.put(entry)
  const [reading, changing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow: Store = {
    ...far,
    get: async (key) => far.get(key).then((found) => reading.promise.then(() => found)),
    put: async (...args) => changing.promise.then(() => far.put(...args)),
    delete: async (key) => changing.promise.then(() => far.delete(key)),
  }
  const one = hotStore({ store: slow, bus, clock, replica: 'one', topic: 'landed', maxBytes: 1e6 })
  const changed = change(one)
  const read = one.get(entry.key)
  changing.resolve()
  await changed
  reading.resolve()
  await read
  expect(await one.get(entry.key)).toEqual(await far.get(entry.key))
})

it('does not remember the older of two readings at once', async () => {
  const { far, bus, clock } = farStore()
  await far.put(entry)
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const waiting = gates.values()
  const slow: Store = {
    ...far,
    get: async (key) => {
      const found = await far.get(key)
      await waiting.next().value?.promise
      return found
    },
  }
  const one = hotStore({ store: slow, bus, clock, replica: 'one', topic: 'landed', maxBytes: 1e6 })
  const [older, newer] = [one.get(entry.key), one.get(entry.key)]
  await far.put(renewed)
  await bus.publish('landed', `two ${entry.key.id} kept`)
  gates[1]!.resolve()
  await newer
  gates[0]!.resolve()
  await older
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('does not remember what it put when another replica was faster to replace it', async () => {
  const { far, bus, clock } = farStore()
  const gate = Promise.withResolvers<void>()
  const slow: Store = { ...far, put: async (...args) => far.put(...args).then(() => gate.promise) }
  const one = hotStore({ store: slow, bus, clock, replica: 'one', topic: 'landed', maxBytes: 1e6 })
  const putting = one.put(entry)
  await far.put(renewed)
  await bus.publish('landed', `two ${entry.key.id} kept`)
  gate.resolve()
  await putting
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})
