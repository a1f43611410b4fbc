import { expect, it } from 'vitest'
import { createRunner } from '../../src/jobs/runner.ts'
import { world as whole } from '../support/world.ts'
import { chore, gate } from './world.ts'

/** A runner, and how often it has looked whether any job has changed. */
function watched() {
  const { ports } = whole()
  let looks = 0
  const records = {
    ...ports.records,
    async version(kind: string) {
      looks++
      return ports.records.version(kind)
    },
  }
  return {
    start: (kinds: Parameters<typeof createRunner>[0]['kinds']) => createRunner({ ...ports, records, kinds }),
    looks: () => looks,
  }
}

it('looks only where it is to be thorough, as long as there is nothing to do', async () => {
  const { start, looks } = watched()
  const { tick } = start([])
  await tick()
  expect(looks()).toBe(1)
  await tick(false)
  await tick(false)
  expect(looks()).toBe(1)
  await tick(true)
  expect(looks()).toBe(2)
})

it('looks every time while there is a job that is not over', async () => {
  const { start, looks } = watched()
  const { opened, open } = gate()
  const { kind } = chore(async () => opened)
  const { enqueue, tick, drain } = start([kind])
  await tick()
  await enqueue('acme', 'chore', { n: 1 })
  const before = looks()
  await tick(false)
  await tick(false)
  expect(looks()).toBe(before + 2)
  open()
  await drain()
})
