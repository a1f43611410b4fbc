import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openEmbedded } from '../../../src/adapters/embedded/embedded.ts'
import type { EmbeddedOptions } from '../../../src/adapters/embedded/embedded.ts'
import type { Entry, Key } from '../../../src/ports.ts'
import { aKey, anEntry, hex } from '../../contract/samples.ts'

/** A clock that stands still until it is told how far to go. */
export function stoppedClock() {
  let now = 1_700_000_000_000
  return {
    clock: () => now,
    advance(ms: number) {
      now += ms
    },
  }
}

/** An engine with room for everything, but for what `options` say. */
export function openRoomy(options: Partial<EmbeddedOptions> & Pick<EmbeddedOptions, 'clock'>) {
  return openEmbedded({ path: ':memory:', maxEntries: 10_000, maxBytes: 1e9, hotBytes: 1e6, ...options })
}

/** A store to fill with numbered entries, and what it said had gone. */
export function open({ keepMs = 120_000, ...options }: Partial<EmbeddedOptions> & { keepMs?: number } = {}) {
  const time = stoppedClock()
  const gone: Key[] = []
  const { store } = openRoomy({ ...time, onEvicted: (key) => gone.push(key), ...options })
  const put = (nth: number, parts: Partial<Entry> = {}) =>
    store.put(anEntry(time.clock(), { key: numbered(nth), keepUntil: time.clock() + keepMs, ...parts }))
  return { ...time, store, gone, put }
}

export function numbered(nth: number): Key {
  return aKey({ digest: hex(`${nth}`) })
}

/** The path of a file that does not exist yet, and goes with the test. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'made', 'cache.db')
}
