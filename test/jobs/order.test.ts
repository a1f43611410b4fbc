import { expect, it } from 'vitest'
import { type Job, newJob } from '../../src/jobs/job.ts'
import { inTurn, isAnyoneLeftOut, outdated } from '../../src/jobs/order.ts'
import { chore, gate, world } from './world.ts'

const NOW = 1_000_000_000
const DAY = 86_400_000

function aJob(id: string, parts: Partial<Job> = {}): Job {
  return { ...newJob(id.slice(0, 1), 'chore', {}, NOW), id, ...parts }
}
const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id)

it('gives each tenant one before any has two', () => {
  const jobs = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map((id, at) => aJob(id, { runAt: NOW - 10 + at }))
  expect(ids(inTurn(jobs, NOW))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

it('counts what a tenant has running, and looks at that first', () => {
  const jobs = [aJob('a2', { runAt: NOW - 2 }), aJob('b1', { runAt: NOW - 1 }), aJob('a1', { state: 'running' })]
  expect(ids(inTurn(jobs, NOW))).toEqual(['a1', 'b1', 'a2'])
})

it('leaves alone what is over or not due', () => {
  const over = (['done', 'failed', 'cancelled'] as const).map((state) => aJob(`a-${state}`, { state }))
  expect(inTurn([...over, aJob('a1', { runAt: NOW + 1 })], NOW)).toEqual([])
})

it('knows who is left out', () => {
  const running = aJob('a1', { state: 'running' })
  expect(isAnyoneLeftOut([running, aJob('a2')], NOW)).toBe(false)
  expect(isAnyoneLeftOut([running, aJob('b1', { runAt: NOW + 1 })], NOW)).toBe(false)
  expect(isAnyoneLeftOut([running, aJob('b1')], NOW)).toBe(true)
})

it('remembers what is over for a week, and no more than the last 200 of a tenant', () => {
  const old = aJob('a1', { state: 'done', updatedAt: NOW - 7 * DAY })
  const young = aJob('a2', { state: 'done', updatedAt: NOW - 7 * DAY + 1 })
  const unfinished = aJob('a3', { updatedAt: NOW - 8 * DAY })
  expect(ids(outdated([old, young, unfinished], NOW))).toEqual(['a1'])

  const many = Array.from({ length: 201 }, (_, at) => aJob(`b${at}`, { state: 'cancelled', updatedAt: NOW + at }))
  expect(ids(outdated([young, ...many], NOW))).toEqual(['b0'])
})

it('works on two jobs at a time, and on the next when one of them is over', async () => {
  const { replica, becomes, settles } = world()
  const gates = [gate(), gate(), gate()]
  const { kind, begun } = chore(({ params }) => gates[params.n]!.opened)
  const { enqueue } = replica([kind])
  const jobs = []
  for (let n = 0; n < 3; n++) jobs.push(await enqueue('acme', 'chore', { n }))
  await becomes(jobs[1]!, { state: 'running' })
  expect(begun.map(({ params }) => params.n)).toEqual([0, 1])

  gates[0]!.open()
  await settles(jobs[0]!, { state: 'done' })
  await becomes(jobs[2]!, { state: 'running' })
})

it('has the job that ran longest give way to a tenant who has waited with nothing running, and goes on after it', async () => {
  const { replica, becomes, settles, advance } = world()
  const gates = [gate(), gate(), gate()]
  const { kind, begun } = chore(async ({ params, checkpoint, save }) => {
    await gates[params.n]!.opened
    if (!checkpoint) await save('far', { done: 1, failed: 0 })
    return { wentOnFrom: checkpoint }
  })
  const { enqueue, tick } = replica([kind])
  const long = await enqueue('greedy', 'chore', { n: 0 })
  await becomes(long, { state: 'running' })
  const passes = async (ms: number) => {
    advance(ms)
    await tick()
  }
  await passes(5_000)
  const other = await enqueue('greedy', 'chore', { n: 1 })
  await becomes(other, { state: 'running' })
  const modest = await enqueue('modest', 'chore', { n: 2 })
  for (const ms of [8_000, 8_000, 8_999]) await passes(ms)
  expect(begun.map(({ signal }) => signal.aborted)).toEqual([false, false])
  await passes(1)
  expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false])

  gates[0]!.open()
  await becomes(modest, { state: 'running' })
  await becomes(long, { state: 'waiting', checkpoint: 'far' })
  gates[2]!.open()
  await settles(modest, { state: 'done' })
  await settles(long, { state: 'done', result: { wentOnFrom: 'far' } })
})

it('forgets a job and what it was fed with when it is outdated', async () => {
  const { replica, records, settles, advance } = world()
  const { kind } = chore()
  const { enqueue, get, tick } = replica([kind])
  const job = await enqueue('acme', 'chore', { n: 1 }, ['one line'])
  await settles(job, { state: 'done' })
  advance(7 * DAY - 1)
  await tick()
  expect(await get('acme', job.id)).toBeDefined()
  advance(1)
  await tick()
  expect(await get('acme', job.id)).toBeUndefined()
  expect(await records.list('spool')).toEqual([])
})
