import { join } from 'node:path'
import { openEmbedded } from '../adapters/embedded/embedded.ts'
import { flatIndex } from '../adapters/embedded/flat-index.ts'
import { localBus } from '../adapters/embedded/local-bus.ts'
import { localLease } from '../adapters/embedded/local-lease.ts'
import { localLimiter } from '../adapters/embedded/local-limiter.ts'
import type { Config } from '../config.ts'
import type { Clock, Index, Store } from '../ports.ts'
import type { Engine } from './engine.ts'

/** One process with one file: nothing but Node. */
export async function embeddedEngine(config: Config, space: string, clock: Clock): Promise<Engine> {
  const inMemory = config.REPRISE_DATA_DIR === ':memory:'
  const path = inMemory ? ':memory:' : join(config.REPRISE_DATA_DIR, 'reprise.db')
  const index = flatIndex({ clock })
  const kept = openEmbedded({
    path,
    clock,
    maxEntries: config.REPRISE_MAX_ENTRIES,
    maxBytes: config.REPRISE_MAX_BYTES,
    hotBytes: config.REPRISE_HOT_BYTES,
    onEvicted: (key) => void index.delete(key),
  })
  const { store } = kept
  const pointers = await rebuild(index, store, space)
  const bus = localBus()
  const { entries } = await store.size()
  return {
    ...kept,
    index,
    bus,
    lease: localLease({ clock, bus }),
    limiter: localLimiter({ clock }),
    settleMs: 0,
    isFar: false,
    where: { store: inMemory ? 'in memory: nothing outlives the process' : path, index: 'flat, in process' },
    held: { store: `, ${entries} entries`, index: `, ${pointers} pointers rebuilt from the store` },
    sweep: store.sweep,
    sweepEveryMs: 60_000,
    close: store.close,
  }
}

/** The index lives in memory; the store knows all that it held. Entries of another space wait until theirs is back. */
async function rebuild(index: Index, store: Store, space: string): Promise<number> {
  let pointers = 0
  for await (const entry of store.entries()) {
    if (!entry.vector || entry.space !== space) continue
    await index.add({ ...entry, probe: entry.vector, space })
    pointers++
  }
  return pointers
}
