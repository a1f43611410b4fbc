import { expect, it, onTestFinished } from 'vitest'
import { recordsContract } from '../../contract/records.contract.ts'
import { openRoomy, stoppedClock, temporaryFile } from './support.ts'

recordsContract({
  name: 'sqlite in memory',
  async create() {
    const { records } = openRoomy(stoppedClock())
    return { ours: records, theirs: records }
  },
})

recordsContract({
  name: 'sqlite, one file opened twice',
  async create() {
    const path = temporaryFile()
    const [ours, theirs] = [openRoomy({ ...stoppedClock(), path }), openRoomy({ ...stoppedClock(), path })]
    for (const { store } of [ours, theirs]) onTestFinished(() => store.close())
    return { ours: ours.records, theirs: theirs.records }
  },
})

it('documents and their version are the same when the file is opened again', async () => {
  const options = { ...stoppedClock(), path: temporaryFile() }
  const before = openRoomy(options)
  await before.records.swap('rules', 'tenant/acme', undefined, 'text')
  const version = await before.records.version('rules')
  await before.store.close()
  const after = openRoomy(options)
  expect(await after.records.get('rules', 'tenant/acme')).toBe('text')
  expect(await after.records.version('rules')).toBe(version)
  await after.store.close()
})
