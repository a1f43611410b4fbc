import { expect, it } from 'vitest'
import { onEveryRecords } from '../support/records.ts'
import { chore, deafBus, gate, world } from './world.ts'

onEveryRecords((open) => {
  it('cancels what waits, so that it never begins', async () => {
    const { replica } = world(open())
    const { kind, begun } = chore()
    const { enqueue, cancel } = replica([kind], { bus: deafBus })
    const job = await enqueue('acme', 'chore', { n: 1 })
    expect(await cancel('acme', job.id)).toMatchObject({ state: 'cancelled' })
    await replica([kind]).tick()
    expect(begun).toEqual([])
  })

  it('cancels what runs, wherever it runs', async () => {
    const { replica, becomes, settles } = world(open())
    const { opened, open: proceed } = gate()
    const stopped = gate()
    const { kind, begun } = chore(async ({ signal, save }) => {
      signal.addEventListener('abort', () => stopped.open())
      await opened
      await save('on', { done: 1, failed: 0 })
    })
    const job = await replica([kind]).enqueue('acme', 'chore', { n: 1 })
    await becomes(job, { state: 'running' })
    await replica([kind]).cancel('acme', job.id)
    await stopped.opened
    proceed()
    expect(begun[0]!.signal.reason).toMatchObject({ name: 'StoppedJob', why: 'cancelled' })
    await expect(begun[0]!.save('on', { done: 1, failed: 0 })).rejects.toMatchObject({ why: 'cancelled' })
    await settles(job, { state: 'cancelled' })
  })
})

it('says in a save that the job was cancelled, even if no message did', async () => {
  const { replica, becomes, settles } = world()
  const { opened, open: proceed } = gate()
  const saved = Promise.withResolvers<unknown>()
  const { kind } = chore(async ({ save }) => {
    await opened
    await save('on', { done: 1, failed: 0 }).catch(saved.resolve)
  })
  const job = await replica([kind]).enqueue('acme', 'chore', { n: 1 })
  await becomes(job, { state: 'running' })
  await replica([kind], { bus: deafBus }).cancel('acme', job.id)
  proceed()
  expect(await saved.promise).toMatchObject({ name: 'StoppedJob', why: 'cancelled' })
  await settles(job, { state: 'cancelled' })
})

it('leaves a job that is over as it is when it is cancelled', async () => {
  const { replica, settles } = world()
  const { kind } = chore()
  const { enqueue, cancel } = replica([kind])
  const job = await enqueue('acme', 'chore', { n: 1 })
  await settles(job, { state: 'done' })
  expect(await cancel('acme', job.id)).toMatchObject({ state: 'done' })
})

it('finds out that a job was cancelled when it looks around', async () => {
  const { replica, becomes } = world()
  const { kind, begun } = chore(() => new Promise(() => {}))
  const { enqueue, tick } = replica([kind])
  const job = await enqueue('acme', 'chore', { n: 1 })
  await becomes(job, { state: 'running' })
  await replica([kind], { bus: deafBus }).cancel('acme', job.id)
  expect(begun[0]!.signal.aborted).toBe(false)
  await tick()
  expect(begun[0]!.signal.reason).toMatchObject({ why: 'cancelled' })
})

it('cancels a job even if that gets on at the same moment', async () => {
  const { records, replica, becomes, settles } = world()
  const { opened, open } = gate()
  const { kind, begun } = chore(() => opened)
  const job = await replica([kind]).enqueue('acme', 'chore', { n: 1 })
  await becomes(job, { state: 'running' })
  let saved = false
  const contested = {
    ...records,
    async get(name: string, id: string) {
      const text = await records.get(name, id)
      if (!saved) await begun[0]!.save('on', { done: 1, failed: 0 })
      saved = true
      return text
    },
  }
  expect(await replica([kind], { records: contested }).cancel('acme', job.id)).toMatchObject({ state: 'cancelled' })
  open()
  await settles(job, { state: 'cancelled', checkpoint: 'on' })
})
