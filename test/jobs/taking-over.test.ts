import { expect, it } from 'vitest'
import { LEASE_MS } from '../../src/jobs/turn.ts'
import { onEveryRecords } from '../support/records.ts'
import { type Life, chore, gate, lifeOf, world } from './world.ts'

/** A life that nothing ends but `end`. */
function lifeUntil(end: Promise<unknown>): Life {
  const life = lifeOf(Infinity)
  let isOver = false
  void end.then(() => {
    isOver = true
  })
  return { ...life, isOver: () => isOver }
}

onEveryRecords((open) => {
  it('goes on where the last save was, elsewhere, when the lease of a replica that is gone has ended', async () => {
    const { replica, mortal, becomes, settles, advance } = world(open())
    const dead = gate()
    const dying = chore(async ({ save }) => {
      await save({ step: 3 }, { done: 3, failed: 1 })
      dead.open()
      await new Promise(() => {})
    })
    const job = await mortal([dying.kind], lifeUntil(dead.opened)).enqueue('acme', 'chore', { n: 1 })
    await becomes(job, { checkpoint: { step: 3 } })

    const heir = chore(async ({ checkpoint, progress }) => ({ checkpoint, progress }))
    const { tick } = replica([heir.kind])
    advance(LEASE_MS - 1)
    await tick()
    expect(heir.begun).toEqual([])
    advance(1)
    await tick()
    const result = { checkpoint: { step: 3 }, progress: { done: 3, failed: 1 } }
    await settles(job, { state: 'done', attempts: 2, result })
  })

  it('lets who was believed gone neither save nor end the job', async () => {
    const { replica, becomes, settles, advance } = world(open())
    const frozen = gate()
    const late = Promise.withResolvers<unknown>()
    const zombie = chore(async ({ save }) => {
      await frozen.opened
      await save('old', { done: 1, failed: 0 }).catch(late.resolve)
      return 'of the zombie'
    })
    const awake = gate()
    const heir = chore(async ({ save }) => {
      await save('new', { done: 5, failed: 0 })
      await awake.opened
      return 'of the heir'
    })
    const job = await replica([zombie.kind]).enqueue('acme', 'chore', { n: 1 })
    await becomes(job, { state: 'running' })
    advance(LEASE_MS)
    await replica([heir.kind]).tick()
    await becomes(job, { checkpoint: 'new' })

    frozen.open()
    expect(await late.promise).toMatchObject({ name: 'StoppedJob', why: 'lost' })
    await becomes(job, { state: 'running', checkpoint: 'new', progress: { done: 5, failed: 0 } })
    awake.open()
    await settles(job, { state: 'done', result: 'of the heir' })
  })

  it('goes on with a job elsewhere at once, where it was, when its replica is drained', async () => {
    const { replica, becomes, settles } = world(open())
    const drained = gate()
    const first = chore(async ({ save }) => {
      await save(1, { done: 1, failed: 0 })
      await drained.opened
      await save(2, { done: 2, failed: 0 })
      throw new Error('worked on after the save')
    })
    const old = replica([first.kind])
    const job = await old.enqueue('acme', 'chore', { n: 1 })
    await becomes(job, { checkpoint: 1 })
    const second = chore(async ({ checkpoint }) => ({ wentOnFrom: checkpoint }))
    replica([second.kind])

    const draining = old.drain()
    drained.open()
    await draining
    await settles(job, { state: 'done', result: { wentOnFrom: 2 }, attempts: 1 })
  })
})

it('keeps what it renews', async () => {
  const { replica, becomes, advance } = world()
  const { kind, begun } = chore(() => new Promise(() => {}))
  const [one, other] = [replica([kind]), replica([kind])]
  const job = await one.enqueue('acme', 'chore', { n: 1 })
  await becomes(job, { state: 'running' })
  for (let time = 0; time < 5; time++) {
    advance(LEASE_MS - 1)
    await one.tick()
    await other.tick()
  }
  expect(begun).toHaveLength(1)
})

it('hears from the lease that it has lost the job', async () => {
  const { replica, becomes, advance } = world()
  const { kind, begun } = chore(() => new Promise(() => {}))
  const { enqueue, tick } = replica([kind])
  await becomes(await enqueue('acme', 'chore', { n: 1 }), { state: 'running' })
  advance(LEASE_MS)
  await tick()
  expect(begun[0]!.signal.reason).toMatchObject({ why: 'lost' })
})

it('gives up a job that each replica dies of', async () => {
  const { records, replica, mortal, becomes, settles, advance } = world()
  const { kind, begun } = chore(() => new Promise(() => {}))
  const deaths = Array.from({ length: 5 }, gate)
  const job = await mortal([kind], lifeUntil(deaths[0]!.opened)).enqueue('acme', 'chore', { n: 1 }, ['its input'])
  for (const [nth, death] of deaths.entries()) {
    await becomes(job, { state: 'running', attempts: nth + 1 })
    death.open()
    advance(LEASE_MS)
    if (nth < 4) await mortal([kind], lifeUntil(deaths[nth + 1]!.opened)).tick()
  }
  await replica([kind]).tick()
  await settles(job, { state: 'failed', error: 'each replica that began it was gone' })
  expect(begun).toHaveLength(5)
  expect(await records.list('spool')).toEqual([])
})
