import { onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts'
import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import { hotStore } from '../../src/adapters/hot-store.ts'
import type { Bus, Store } from '../../src/ports.ts'
import { anEntry } from '../contract/samples.ts'
import { stoppedClock } from './embedded/support.ts'

/** A far store that counts how often it is asked, and replicas with memories of their own in front of it. */
export function farStore() {
  const { clock, advance } = stoppedClock()
  const { store } = openEmbedded({ path: ':memory:', clock, maxEntries: 10_000, maxBytes: 1e9, hotBytes: 0 })
  onTestFinished(() => store.close())
  const asked = { get: 0, find: 0 }
  const far: Store = {
    ...store,
    get: (key) => (asked.get++, store.get(key)),
    find: (id) => (asked.find++, store.find(id)),
  }
  let connection: number | undefined = 1
  const local = localBus()
  const bus: Bus = {
    ...local,
    publish: async (...news) => (connection === undefined ? undefined : local.publish(...news)),
    connection: () => connection,
  }
  const replica = (name: string) => hotStore({ store: far, bus, clock, replica: name, topic: 'landed', maxBytes: 1e6 })
  return {
    clock,
    advance,
    asked,
    far,
    bus,
    replica,
    cut: () => (connection = undefined),
    mend: () => (connection = 2),
  }
}

export const entry = anEntry(stoppedClock().clock())
export const renewed = { ...entry, completion: '{"renewed":true}' }
