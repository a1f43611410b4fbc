import { expect, it } from 'vitest'
import { ServiceError } from '../../src/errors.ts'
import { nameOf } from '../../src/jobs/job.ts'
import { JOBS } from '../../src/jobs/runner.ts'
import { onEveryRecords } from '../support/records.ts'
import { chore, deafBus, settled, world } from './world.ts'

onEveryRecords((open) => {
  it('begins a job as soon as it is enqueued, on whichever replica', async () => {
    const { replica, settles, bus } = world(open())
    const { kind, begun } = chore(async () => ({ answer: 42 }))
    const front = replica([kind], { bus: { ...bus, subscribe: deafBus.subscribe } })
    replica([kind])
    const job = await front.enqueue('acme', 'chore', { n: 1 })
    await settles(job, { state: 'done', attempts: 1, result: { answer: 42 } })
    expect(begun).toHaveLength(1)
  })

  it('finds jobs that no message told of', async () => {
    const { replica, settles } = world(open())
    const { kind } = chore()
    const job = await replica([kind], { bus: deafBus }).enqueue('acme', 'chore', { n: 1 })
    expect(job.state).toBe('waiting')
    await replica([kind]).tick()
    await settles(job, { state: 'done' })
  })

  it('lets no two replicas work on the same job', async () => {
    const { replica, settles } = world(open())
    const { kind, begun } = chore()
    const replicas = [replica([kind]), replica([kind]), replica([kind])]
    const enqueued = Array.from({ length: 24 }, (_, n) => replicas[n % 3]!.enqueue(`tenant-${n % 5}`, 'chore', { n }))
    for (const job of await Promise.all(enqueued)) {
      await Promise.all(replicas.map(({ tick }) => tick()))
      await settles(job, { state: 'done' })
    }
    expect(begun.map(({ params }) => params.n).sort((a, b) => a - b)).toEqual(enqueued.map((_, n) => n))
  })

  it('tries again after a while, longer each time, and gives up after five attempts', async () => {
    const { replica, settles, clock, bus, advance } = world(open())
    const { kind, begun } = chore(async () => {
      throw new TypeError('the secret question')
    })
    const { enqueue, get, tick } = replica([kind])
    const job = await enqueue('acme', 'chore', { n: 1 })
    const waits = []
    for (let attempt = 1; attempt < 5; attempt++) {
      await settles(job, { state: 'waiting', attempts: attempt, error: 'TypeError' })
      const { runAt } = (await get('acme', job.id))!
      waits.push(runAt - clock())
      advance(runAt - clock() - 1)
      await tick()
      await bus.publish(JOBS, `waiting ${nameOf(job)}`)
      await settled()
      expect(begun).toHaveLength(attempt)
      advance(1)
      await tick()
    }
    await settles(job, { state: 'failed' })
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000])
    expect(await get('acme', job.id)).toMatchObject({ attempts: 5, error: 'TypeError' })
  })
})

it('ends a job at once that fails for a reason which the caller is meant to see', async () => {
  const { replica, settles } = world()
  const { kind } = chore(async () => {
    throw new ServiceError(400, 'bad', 'no such thing')
  })
  const { enqueue, get } = replica([kind])
  const job = await enqueue('acme', 'chore', { n: 1 })
  await settles(job, { state: 'failed' })
  expect(await get('acme', job.id)).toMatchObject({ attempts: 1, error: 'no such thing' })
})

it('counts attempts anew when a job has got on', async () => {
  const { replica, settles, advance } = world()
  const { kind } = chore(async ({ save, progress }) => {
    await save('on', { done: progress.done + 1, failed: 0 })
    if (progress.done < 9) throw new Error('again')
  })
  const { enqueue, get, tick } = replica([kind])
  const job = await enqueue('acme', 'chore', { n: 1 })
  for (let done = 1; done < 10; done++) {
    await settles(job, { state: 'waiting', progress: { done, failed: 0 } })
    advance(2_000)
    await tick()
  }
  await settles(job, { state: 'done' })
  expect(await get('acme', job.id)).toMatchObject({ progress: { done: 10, failed: 0 } })
})

it('does not take a save for getting on when nothing more is done', async () => {
  const { replica, settles, advance } = world()
  const { kind } = chore(async ({ save }) => {
    await save('still here', { done: 0, failed: 0 })
    throw new Error('again')
  })
  const { enqueue, tick } = replica([kind])
  const job = await enqueue('acme', 'chore', { n: 1 })
  for (let attempts = 1; attempts < 5; attempts++) {
    await settles(job, { state: 'waiting', attempts })
    advance(2_000 * 2 ** attempts)
    await tick()
  }
  await settles(job, { state: 'failed', attempts: 5 })
})

it('goes on from what was saved, whatever became of it afterwards', async () => {
  const { replica, settles } = world()
  const { kind } = chore(async ({ save }) => {
    const place = { line: 1 }
    await save(place, { done: 1, failed: 0 })
    place.line = 2
    throw new Error('before the next save')
  })
  const job = await replica([kind]).enqueue('acme', 'chore', { n: 1 })
  await settles(job, { state: 'waiting', error: 'Error', checkpoint: { line: 1 } })
})

it('refuses params that its kind does not know, naming the member', async () => {
  const { enqueue } = world().replica([chore().kind])
  await expect(enqueue('acme', 'chore', { n: 'one' })).rejects.toMatchObject({ status: 400, param: 'n' })
  await expect(enqueue('acme', 'chore', { n: 1, m: 2 })).rejects.toMatchObject({ status: 400, param: 'm' })
  await expect(enqueue('acme', 'feat', {})).rejects.toMatchObject({ status: 400, code: 'unknown_job' })
})

it('keeps the jobs of one tenant from all others', async () => {
  const { replica } = world()
  const { enqueue, get, list, cancel } = replica([chore().kind], { bus: deafBus })
  const { id } = await enqueue('acme', 'chore', { n: 1 })
  await enqueue('acme-2', 'chore', { n: 2 })
  expect(await get('acme-2', id)).toBeUndefined()
  expect(await cancel('acme-2', id)).toBeUndefined()
  expect((await list('acme')).map((job) => job.id)).toEqual([id])
})

it('takes only so many jobs of one tenant', async () => {
  const { enqueue } = world().replica([chore().kind], { bus: deafBus })
  for (let n = 0; n < 200; n++) await enqueue('acme', 'chore', { n })
  await expect(enqueue('acme', 'chore', { n: 200 })).rejects.toMatchObject({ status: 429, code: 'too_many_jobs' })
  await enqueue('other', 'chore', { n: 200 })
})
