import { LRUCache } from 'lru-cache'
import type { Bus, Clock, Entry, Store } from '../ports.ts'

export interface HotStoreOptions {
  /** The one far away. */
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  /** Our own name: what we ourselves have put is not news. */
  readonly replica: string
  /** The topic on which replicas tell of entries they have put: who, and the entry's id. */
  readonly topic: string
  readonly maxBytes: number
}

/** How old what is in memory may be while the bus is silent, and so might others have replaced it. */
const STALE_MS = 1_000

interface Known {
  readonly entry: Entry
  readonly since: number
  /** The bus connection under which it was read. */
  readonly connection: number | undefined
}

/** A memory in front of a store that is far away, kept in step with other replicas by the bus. */
export function hotStore({ store, bus, clock, replica, topic, maxBytes }: HotStoreOptions): Store {
  const hot = new LRUCache<string, Known>({
    maxSize: Math.max(1, maxBytes),
    // Characters are counted for bytes, and a flat rate for the rest: near enough to bound memory by.
    sizeCalculation: ({ entry }) => entry.completion.length + (entry.vector?.byteLength ?? 0) + 1_024,
  })
  /** Entries being read at the moment, and whether others have put them since. */
  const reading = new Map<string, { outdated: boolean }>()
  bus.subscribe(topic, (message) => {
    const [who, id = ''] = message.split(' ')
    if (who !== replica) forget(id)
  })

  return {
    ...store,
    near: false,
    async get(key) {
      const known = hot.get(key.id)
      if (known && isSure(known)) return known.entry.keepUntil > clock() ? known.entry : undefined

      const read = { outdated: false }
      reading.set(key.id, read)
      const [connection, since] = [bus.connection(), clock()]
      try {
        const entry = await store.get(key)
        if (entry && !read.outdated) hot.set(key.id, { entry, since, connection })
        return entry
      } finally {
        if (reading.get(key.id) === read) reading.delete(key.id)
      }
    },
    async put(entry) {
      forget(entry.key.id)
      await store.put(entry)
      hot.set(entry.key.id, { entry, since: clock(), connection: bus.connection() })
    },
    async delete(key) {
      forget(key.id)
      const deleted = await store.delete(key)
      await bus.publish(topic, `${replica} ${key.id} gone`)
      return deleted
    },
  }

  function isSure({ since, connection }: Known): boolean {
    const unbroken = connection !== undefined && connection === bus.connection()
    return unbroken || clock() - since < STALE_MS
  }

  function forget(id: string): void {
    hot.delete(id)
    const read = reading.get(id)
    if (read) read.outdated = true
  }
}
