import { expect, it } from 'vitest'
import { chore, deafBus, gate, settled, world } from './world.ts'

const LINES = ['a'.repeat(200_000), 'b'.repeat(200_000), 'c'.repeat(200_000)]

/** Lines of which the last ones only come when a gate is opened. */
async function* held(opened: Promise<void>) {
  yield* LINES.slice(0, 2)
  await opened
  yield* LINES.slice(2)
}

/** A kind that gives back what it was fed with. */
const eating = () =>
  chore(async ({ input }) => {
    const eaten: number[] = []
    for (let chunk = 0; chunk < input.chunks; chunk++)
      eaten.push(...(await input.read(chunk)).map((line) => line.length))
    return eaten
  })

it('feeds a job with its lines, and clears away what is left of them', async () => {
  const { replica, records, settles } = world()
  const job = await replica([eating().kind]).enqueue('acme', 'chore', { n: 1 }, LINES)
  expect(job.progress).toEqual({ done: 0, failed: 0, total: 3 })
  await settles(job, { state: 'done', result: [200_000, 200_000, 200_000] })
  expect(await records.list('spool')).toEqual([])
})

it('does not begin a job before all of its lines are there', async () => {
  const { replica, settles, advance } = world()
  const { kind, begun } = eating()
  const { enqueue, list, tick } = replica([kind])
  const { opened, open } = gate()
  const enqueued = enqueue('acme', 'chore', { n: 1 }, held(opened))
  while ((await list('acme'))[0]?.input?.chunks !== 1) await settled()
  advance(10 * 60_000 - 1)
  await tick()
  expect(begun).toEqual([])
  open()
  await settles(await enqueued, { state: 'done', result: [200_000, 200_000, 200_000] })
})

it('leaves nothing of a job whose lines broke off', async () => {
  const { replica, records } = world()
  const { kind, begun } = eating()
  const { enqueue } = replica([kind])
  const broken = held(Promise.reject(new Error('the caller hung up')))
  await expect(enqueue('acme', 'chore', { n: 1 }, broken)).rejects.toThrow('hung up')
  expect([...(await records.list('jobs')), ...(await records.list('spool'))]).toEqual([])
  expect(begun).toEqual([])
})

it('gives up a job whose lines have not come for ten minutes, and does not take them any more', async () => {
  const { replica, records, settles, advance } = world()
  const { kind, begun } = eating()
  const { enqueue, list, tick } = replica([kind])
  const { opened, open } = gate()
  const enqueued = enqueue('acme', 'chore', { n: 1 }, held(opened))
  while ((await list('acme'))[0]?.input?.chunks !== 1) await settled()
  advance(10 * 60_000)
  await tick()
  const [job] = await list('acme')
  await settles(job!, { state: 'failed', error: 'its input broke off' })
  open()
  await expect(enqueued).rejects.toMatchObject({ status: 409, code: 'job_over' })
  expect(await records.list('spool')).toEqual([])
  expect(begun).toEqual([])
})

it('takes no more lines for a job that was cancelled meanwhile', async () => {
  const { replica, records } = world()
  const { enqueue, list, cancel } = replica([eating().kind])
  const { opened, open } = gate()
  const enqueued = enqueue('acme', 'chore', { n: 1 }, held(opened))
  while ((await list('acme'))[0]?.input?.chunks !== 1) await settled()
  await cancel('acme', (await list('acme'))[0]!.id)
  open()
  await expect(enqueued).rejects.toMatchObject({ status: 409 })
  expect(await list('acme')).toMatchObject([{ state: 'cancelled' }])
  expect(await records.list('spool')).toEqual([])
})

it('waits ten minutes for each part of the lines, however long it takes in all', async () => {
  const { replica, settles, advance } = world()
  const { enqueue, list, tick } = replica([eating().kind])
  async function* slow() {
    for (const line of LINES) {
      yield line
      advance(9 * 60_000)
      await tick()
    }
  }
  await settles(await enqueue('acme', 'chore', { n: 1 }, slow()), { state: 'done' })
  expect(await list('acme')).toHaveLength(1)
})

it('clears away the lines of a job that is cancelled', async () => {
  const { replica, records } = world()
  const { enqueue, cancel } = replica([eating().kind], { bus: deafBus })
  const { id } = await enqueue('acme', 'chore', { n: 1 }, LINES)
  expect(await records.list('spool')).toHaveLength(3)
  await cancel('acme', id)
  expect(await records.list('spool')).toEqual([])
})
