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
  /** The latest reading or writing of each entry, unless it has changed since: only that one is fit to be remembered. */
  const reading = new Map<string, symbol>()
  bus.subscribe(topic, (message) => {
    const [who, id = ''] = message.split(' ')
    if (who !== replica) forget(id)
  })

  return {
    ...store,
    near: false,
    atHand({ id }) {
      const known = hot.peek(id)
      return known !== undefined && isSure(known)
    },
    get: (key) => recall(key.id, () => store.get(key)),
    find: (id) => recall(id, () => store.find(id)),
    async put(entry, quota) {
      const { id } = entry.key
      forget(id)
      const written = Symbol(id)
      reading.set(id, written)
      const connection = bus.connection()
      await store.put(entry, quota)
      const isLatest = reading.get(id) === written
      // Once more: whoever is reading may have met what was there before.
      forget(id)
      if (isLatest) hot.set(id, { entry, since: clock(), connection })
    },
    async delete(key, createdAt) {
      forget(key.id)
      const deleted = await store.delete(key, createdAt)
      forget(key.id)
      await bus.publish(topic, `${replica} ${key.id} gone`)
      return deleted
    },
  }

  async function recall(id: string, ask: () => Promise<Entry | undefined>): Promise<Entry | undefined> {
    const known = hot.get(id)
    if (known && isSure(known)) return known.entry.keepUntil > clock() ? known.entry : undefined

    const read = Symbol(id)
    reading.set(id, read)
    const [connection, since] = [bus.connection(), clock()]
    try {
      const entry = await ask()
      if (entry && reading.get(id) === read) hot.set(id, { entry, since, connection })
      return entry
    } finally {
      if (reading.get(id) === read) reading.delete(id)
    }
  }

  function isSure({ since, connection }: Known): boolean {
    const unbroken = connection !== undefined && connection === bus.connection()
    return unbroken || clock() - since < STALE_MS
  }

  function forget(id: string): void {
    hot.delete(id)
    reading.delete(id)
  }
}
