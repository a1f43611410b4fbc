import { expect, it } from 'vitest'
import { hotStore } from '../../src/adapters/hot-store.ts'
import { aKey } from '../contract/samples.ts'
import { storeContract } from '../contract/store.contract.ts'
import { entry, farStore, renewed } from './far-store.ts'

storeContract({
  name: 'a hot store',
  async create() {
    const { clock, advance, replica } = farStore()
    return { clock, advance, store: replica('one') }
  },
})

it('asks the far store once for what is asked again', async () => {
  const { far, asked, replica } = farStore()
  await far.put(entry)
  const one = replica('one')
  for (let turn = 0; turn < 3; turn++) expect(await one.get(entry.key)).toMatchObject({ question: entry.question })
  expect(asked.get).toBe(1)
})

it('does not ask at all for what it has put itself', async () => {
  const { asked, replica } = farStore()
  const one = replica('one')
  await one.put(entry)
  expect(await one.get(entry.key)).toEqual(entry)
  expect(asked.get).toBe(0)
})

it('asks again once another replica tells that it has put the same', async () => {
  const { bus, replica } = farStore()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  await two.put(renewed)
  await bus.publish('landed', `two ${entry.key.id} kept`)
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('does not forget what it has put itself when it hears its own news', async () => {
  const { asked, bus, replica } = farStore()
  const one = replica('one')
  await one.put(entry)
  await bus.publish('landed', `one ${entry.key.id} kept`)
  await one.get(entry.key)
  expect(asked.get).toBe(0)
})

it('lets other replicas know of what it deletes', async () => {
  const { replica } = farStore()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  expect(await two.get(entry.key)).toBeDefined()
  expect(await one.delete(entry.key)).toBe(true)
  expect(await two.get(entry.key)).toBeUndefined()
})

it('trusts its memory for a second at most while the bus is down', async () => {
  const { replica, advance, cut } = farStore()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  cut()
  await two.put(renewed)
  expect((await one.get(entry.key))?.completion).toBe(entry.completion)
  advance(1_000)
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('trusts nothing from before the bus was down once it is back', async () => {
  const { replica, advance, cut, mend } = farStore()
  const [one, two] = [replica('one'), replica('two')]
  await one.put(entry)
  cut()
  await two.put(renewed)
  advance(1_000)
  mend()
  expect((await one.get(entry.key))?.completion).toBe(renewed.completion)
})

it('is not one to wait for', () => {
  expect(farStore().replica('one').near).toBe(false)
})

it('has at hand what it is sure of, and nothing else', async () => {
  const { far, replica, advance, cut } = farStore()
  await far.put(entry)
  const one = replica('one')
  expect(one.atHand(entry.key)).toBe(false)
  await one.get(entry.key)
  expect(one.atHand(entry.key)).toBe(true)
  cut()
  expect(one.atHand(entry.key)).toBe(true)
  advance(1_000)
  expect(one.atHand(entry.key)).toBe(false)
})

it('does not take being asked what it has at hand for a use', async () => {
  const { far, bus, clock } = farStore()
  const [first, second, third] = ['1', '2', '3'].map((digest) => ({ ...entry, key: aKey({ digest }) }))
  const one = hotStore({ store: far, bus, clock, replica: 'one', topic: 'landed', maxBytes: 2_500 })
  for (const each of [first!, second!]) await one.put(each)
  expect(one.atHand(first!.key)).toBe(true)
  await one.put(third!)
  expect([first, second, third].map((each) => one.atHand(each!.key))).toEqual([false, true, true])
})

it('finds by name what it remembers, and remembers what it finds', async () => {
  const { far, asked, replica } = farStore()
  await far.put(entry)
  const one = replica('one')
  for (let turn = 0; turn < 3; turn++) expect(await one.find(entry.key.id)).toEqual(entry)
  expect(await one.get(entry.key)).toEqual(entry)
  expect(asked).toEqual({ get: 0, find: 1 })
})
