import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts'
import { eventually } from '../contract/patience.ts'
import { aKey, anEntry, hex } from '../contract/samples.ts'
import { createDice } from '../support/dice.ts'
import { emptyFolder, started } from '../support/process.ts'

const TAGS = ['red', 'green', 'blue']
const OF_EACH = 1_500
const SPARED = 200
/** Longer than a purge takes to be answered. */
const LATEST_KILL_MS = 500
/** What a crash has left is seen to within seconds; on a machine that is busy with other things, within more. */
const PATIENT = { tries: 300, pause: () => pause(100) }

it(
  'purges all of a tag or nothing if it is killed meanwhile, and gives back the space',
  { timeout: 90_000 },
  async () => {
    const folder = emptyFolder()
    await fill(folder)
    const env = { REPRISE_MODEL: 'mock', REPRISE_DATA_DIR: folder, REPRISE_LOG_LEVEL: 'silent' }
    const dice = createDice(Date.now())
    let spared = TAGS.length * OF_EACH + SPARED

    for (const tag of TAGS) {
      const before = await started(env)
      let answered = false
      const purging = purge(before.url, tag)
        .then(({ ok }) => (answered = ok))
        .catch(() => {})
      await pause(dice.below(LATEST_KILL_MS))
      before.kill('SIGKILL')
      await Promise.all([before.ended, purging])

      const after = await started(env)
      const { matched } = (await (await purge(after.url, tag, { dryRun: true })).json()) as { matched: number }
      expect(answered ? [0] : [0, OF_EACH]).toContain(matched)
      spared -= OF_EACH - matched
      await eventually(async () => expect(await held(after.url)).toBe(spared), PATIENT)
      after.kill('SIGKILL')
      await after.ended
    }
    const { url } = await started(env)
    const left = (await (await purge(url, 'spared', { dryRun: true })).json()) as { matched: number }
    expect(left.matched).toBe(SPARED)
  },
)

/** As if a service had kept so many answers of each tag. */
async function fill(folder: string): Promise<void> {
  const path = join(folder, 'reprise.db')
  const { store } = openEmbedded({ path, clock: Date.now, maxEntries: 10_000, maxBytes: 1e9, hotBytes: 0 })
  const tags = [
    ...TAGS.flatMap((tag) => Array.from({ length: OF_EACH }, () => tag)),
    ...Array.from({ length: SPARED }, () => 'spared'),
  ]
  const keepUntil = Date.now() + 3_600_000
  for (const [nth, tag] of tags.entries()) {
    const key = aKey({ tenant: 'default', digest: hex(`${nth}`) })
    await store.put(anEntry(Date.now(), { key, tags: [tag], expiresAt: keepUntil, keepUntil }))
  }
  await store.close()
}

function purge(url: string, tag: string, more: object = {}): Promise<Response> {
  return fetch(`${url}/v1/cache/purge`, { method: 'POST', body: JSON.stringify({ tag, ...more }) })
}

/** How many entries take up space, whether or not they are served. */
async function held(url: string): Promise<number> {
  const { store } = (await (await fetch(`${url}/v1/cache/stats`)).json()) as { store: { entries: number } }
  return store.entries
}
