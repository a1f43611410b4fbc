import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { sessionsContract } from '../../contract/sessions.contract.ts'
import { openRoomy, stoppedClock, temporaryFile } from './support.ts'

sessionsContract({
  name: 'sqlite',
  async create() {
    const time = stoppedClock()
    return { ...time, sessions: openRoomy(time).sessions }
  },
})

it('a conversation is remembered when the file is opened again', async () => {
  const { clock } = stoppedClock()
  const path = temporaryFile()
  const before = openRoomy({ path, clock })
  await before.sessions.put('acme', 'chat', 'turns', clock() + 1)
  await before.store.close()
  const after = openRoomy({ path, clock })
  expect(await after.sessions.get('acme', 'chat')).toBe('turns')
  await after.store.close()
})

it('forgotten conversations make way for new ones', async () => {
  const { clock, advance } = stoppedClock()
  const path = temporaryFile()
  const { store, sessions } = openRoomy({ path, clock })
  for (let nth = 0; nth < 10; nth++) await sessions.put('acme', `old ${nth}`, 'turns', clock() + 1)
  advance(1)
  for (let nth = 0; nth < 5; nth++) await sessions.put('acme', `new ${nth}`, 'turns', clock() + 1)
  await store.close()
  const database = new DatabaseSync(path, { readOnly: true })
  expect(database.prepare('SELECT count(*) AS rows FROM sessions').get()).toEqual({ rows: 5 })
  database.close()
})
