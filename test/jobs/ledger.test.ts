import { expect, it } from 'vitest'
import { newJob, nameOf } from '../../src/jobs/job.ts'
import { createLedger } from '../../src/jobs/ledger.ts'
import { createSpool } from '../../src/jobs/spool.ts'
import type { Records } from '../../src/ports.ts'
import { onEveryRecords, openSqliteRecords } from '../support/records.ts'

const NOW = Date.UTC(2026, 0, 1)
const open = (records: Records) => createLedger({ records, clock: () => NOW })
const aJob = () => newJob('acme', 'chore', { n: 1 }, NOW)

onEveryRecords((openRecords) => {
  it('lets a job change only for who has seen its latest change, even if it looks as it did before', async () => {
    const { create, replace } = open(openRecords())
    const waiting = await create(aJob())
    const running = (await replace(waiting, { state: 'running' }))!
    const waitingAgain = (await replace(running, { state: 'waiting' }))!
    const runningAgain = (await replace(waitingAgain, { state: 'running' }))!
    expect(await replace(running, { state: 'done' })).toBeUndefined()
    expect(await replace(runningAgain, { state: 'done' })).toMatchObject({ job: { state: 'done' } })
  })

  it('sees all changes to all jobs', async () => {
    const records = openRecords()
    const [ours, theirs] = [open(records), open(records)]
    const known = await ours.create(aJob())
    expect(await theirs.all()).toEqual([known.job])
    await ours.replace(known, { state: 'cancelled' })
    expect(await theirs.all()).toMatchObject([{ state: 'cancelled' }])
  })

  it('removes a job together with what it was fed with', async () => {
    const records = openRecords()
    const { create, clear, remove } = open(records)
    const job = aJob()
    const extent = await createSpool(records).write(job.id, ['a'.repeat(200_000), 'b'.repeat(200_000)], async () => {})
    const known = await create({ ...job, input: { ...extent, whole: true } })
    await clear(known.job)
    expect(await remove(known)).toBe(true)
    expect([...(await records.list('jobs')), ...(await records.list('spool'))]).toEqual([])
  })
})

it('lists nothing again as long as nothing changes', async () => {
  let lists = 0
  const records = openSqliteRecords()
  const { create, all } = open({ ...records, list: (...args) => (lists++, records.list(...args)) })
  await create(aJob())
  await all()
  await all()
  expect(lists).toBe(1)
})

it('overlooks what is no job', async () => {
  const records = openSqliteRecords()
  const { create, all, get } = open(records)
  const { job } = await create(aJob())
  for (const [at, text] of ['', '{}', JSON.stringify({ ...job, state: 'dancing' })].entries()) {
    await records.swap('jobs', `acme/job_${at}`, undefined, text)
    expect(await get(`acme/job_${at}`)).toBeUndefined()
  }
  expect((await all()).map(nameOf)).toEqual([nameOf(job)])
})
