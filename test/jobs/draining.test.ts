import { expect, it } from 'vitest'
import { nameOf } from '../../src/jobs/job.ts'
import { JOBS } from '../../src/jobs/runner.ts'
import { LEASE_MS } from '../../src/jobs/turn.ts'
import { chore, deafBus, gate, world } from './world.ts'

it('begins nothing more once it is drained', async () => {
  const { replica, settles } = world()
  const { kind, begun } = chore()
  const { drain, tick } = replica([kind])
  await drain()
  const job = await replica([chore().kind]).enqueue('acme', 'chore', { n: 1 })
  await tick()
  expect(begun).toEqual([])
  await settles(job, { state: 'done' })
})

it('keeps what it is still working on while it is drained', async () => {
  const { replica, becomes, settles, advance } = world()
  const { opened, open } = gate()
  const { kind, begun } = chore(() => opened)
  const [one, other] = [replica([kind]), replica([kind])]
  const job = await one.enqueue('acme', 'chore', { n: 1 })
  await becomes(job, { state: 'running' })
  const drained = one.drain()
  for (let time = 0; time < 3; time++) {
    advance(LEASE_MS - 1)
    await one.tick()
    await other.tick()
  }
  expect(begun).toHaveLength(1)
  open()
  await drained
  await settles(job, { state: 'done' })
})

it('ends a job that was over by the time it was drained', async () => {
  const { replica, becomes, settles } = world()
  const { opened, open } = gate()
  const { enqueue, drain } = replica([chore(() => opened).kind])
  const job = await enqueue('acme', 'chore', { n: 1 })
  await becomes(job, { state: 'running' })
  const drained = drain()
  open()
  await drained
  await settles(job, { state: 'done' })
})

it('begins nothing that it was only looking for when it was drained', async () => {
  const { replica } = world()
  const { kind, begun } = chore()
  await replica([kind], { bus: deafBus }).enqueue('acme', 'chore', { n: 1 })
  const { tick, drain } = replica([kind])
  const ticked = tick()
  await drain()
  await ticked
  expect(begun).toEqual([])
})

it('lets go of what it was about to begin when it was drained', async () => {
  const { replica, bus } = world()
  const { kind, begun } = chore(
    ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told to stop')))),
  )
  const { enqueue, get } = replica([kind], { bus: deafBus })
  const job = await enqueue('acme', 'chore', { n: 1 })
  const { drain } = replica([kind])
  void bus.publish(JOBS, `waiting ${nameOf(job)}`)
  await drain()
  expect(begun).toHaveLength(1)
  expect(await get('acme', job.id)).toMatchObject({ state: 'waiting', attempts: 0 })
})
