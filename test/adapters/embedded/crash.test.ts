import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { aKey, hex } from '../../contract/samples.ts'
import { openRoomy, stoppedClock, temporaryFile } from './support.ts'

it('an entry whose put was acknowledged outlives a process that is killed in mid-write', async () => {
  const path = temporaryFile()
  const child = spawn(process.execPath, [new URL('putting.ts', import.meta.url).pathname, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let acknowledged = 0
  for await (const line of createInterface(child.stdout)) {
    expect(line).toBe(`${acknowledged}`)
    acknowledged++
    if (acknowledged === 300) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])

  const { store } = openRoomy({ path, clock: stoppedClock().clock })
  for (let nth = 0; nth < acknowledged; nth++) {
    const entry = await store.get(aKey({ digest: hex(`${nth}`) }))
    expect(entry?.completion).toMatch(new RegExp(`^"${nth}\\.{5000}"$`))
  }
  await store.close()
  const database = new DatabaseSync(path, { readOnly: true })
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  database.close()
})
