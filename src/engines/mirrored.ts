import { setTimeout as pause } from 'node:timers/promises'
import { createBreaker } from '../adapters/breaker.ts'
import type { Embedder, Index, Key, Page, Records, Sessions, Store } from '../ports.ts'
import { type Copied, MOVING, copyAll, copyDocument } from './copy.ts'
import type { Engine } from './engine.ts'
import { createTurns } from './turns.ts'

export interface MirroredOptions {
  /** The one that answers are served from. */
  readonly first: Engine
  readonly second: Engine
  readonly embedder: Embedder
  /** Told of what the second did not take; the first has it, and callers do not notice. */
  readonly onFailure: (operation: string, error: unknown) => void
  /** After how long to go on with a copy that failed. */
  readonly retryMs?: number
}

/** `incomplete`: something was not taken after the copy; the next one, at the next start, brings it. */
export type MirrorState = 'copying' | 'complete' | 'incomplete' | 'down'

export interface MirroredEngine extends Engine {
  /** Copies what the first engine held before, for as long as that takes. Rejects only if told to stop. */
  copy(signal: AbortSignal): Promise<Copied>
  mirror(): MirrorState
}

/**
 * Serves from one engine and keeps in another as well, so that a service can move between them without a gap: mirror,
 * wait for the copy, swap the two, and only then let go of what is second now. What rules (tenants, keys, purges), what
 * is known to be wrong and what conversations have said is on both before it is said to be done; an answer that the
 * second did not take is only a miss there. For one replica: others would not keep its second engine in step.
 */
export function mirrored({ first, second, embedder, onFailure, retryMs = 30_000 }: MirroredOptions): MirroredEngine {
  const breaker = createBreaker()
  // Nobody waits for the second engine, so it might be told of two changes to one entry in the wrong order.
  const turns = createTurns()
  let isCopied = false
  let isMissing = false
  const too = (name: string, operation: string, call: () => Promise<void>) => {
    void turns
      .take(name, () => breaker.run(call))
      .catch((error: unknown) => {
        // What does not fit there would not fit later, either.
        if (error instanceof RangeError) return
        isMissing = true
        onFailure(operation, error)
      })
  }
  const alsoDeleted = (key: Key, createdAt?: number) =>
    turns.take(key.id, () => breaker.run(() => second.store.delete(key, createdAt)))

  const store: Store = {
    ...first.store,
    async put(entry, quota) {
      await first.store.put(entry, quota)
      too(entry.key.id, 'store.put', () => second.store.put(entry, quota))
    },
    async delete(key, createdAt) {
      const [deleted] = await Promise.all([first.store.delete(key, createdAt), alsoDeleted(key, createdAt)])
      return deleted
    },
    /** What the second has kept for longer follows at the end: what is purged must be found wherever it is. */
    async page(tenant, limit, cursor) {
      if (cursor?.startsWith(REST)) return restOf(tenant, limit, cursor.slice(REST.length) || undefined)
      const page = await first.store.page(tenant, limit, cursor)
      return { cursor: REST, ...page }
    },
  }
  const index: Index = {
    ...first.index,
    async add(pointer) {
      too(pointer.key.id, 'index.add', () => second.index.add(pointer))
      await first.index.add(pointer)
    },
    async delete(key) {
      too(key.id, 'index.delete', () => second.index.delete(key))
      await first.index.delete(key)
    },
  }
  const sessions: Sessions = {
    // After a swap, conversations go on that began before.
    get: async (...of) => (await first.sessions.get(...of)) ?? breaker.run(() => second.sessions.get(...of)),
    async put(...args) {
      await Promise.all([first.sessions.put(...args), breaker.run(() => second.sessions.put(...args))])
    },
  }
  const records: Records = {
    ...first.records,
    async swap(kind, id, before, after) {
      const swapped = await first.records.swap(kind, id, before, after)
      if (swapped && MOVING.includes(kind)) await copyDocument(first.records, second.records, kind, id)
      return swapped
    },
  }

  return {
    ...first,
    store,
    index,
    sessions,
    records,
    counters: {
      ...first.counters,
      async add(batch, additions) {
        await first.counters.add(batch, additions)
        too(batch, 'counters.add', () => second.counters.add(batch, additions))
      },
    },
    where: { store: `${first.where.store}, copied to ${second.where.store}`, index: first.where.index },
    mirror() {
      if (breaker.health() !== 'up') return 'down'
      if (!isCopied) return 'copying'
      return isMissing ? 'incomplete' : 'complete'
    },
    async copy(signal) {
      for (;;) {
        signal.throwIfAborted()
        try {
          const copied = await copyAll({ first, second, embedder, turns }, signal)
          isCopied = true
          return copied
        } catch (error) {
          signal.throwIfAborted()
          onFailure('copy', error)
        }
        await pause(retryMs, undefined, { signal, ref: false })
      }
    },
    async close() {
      await turns.over()
      await Promise.all([first.close(), second.close()])
    },
  }

  async function restOf(tenant: string, limit: number, after: string | undefined): Promise<Page> {
    const { entries, cursor } = await second.store.page(tenant, limit, after)
    const known = await Promise.all(entries.map(({ key }) => first.store.find(key.id)))
    const rest = entries.filter((_, at) => known[at] === undefined)
    return { entries: rest, ...(cursor !== undefined && { cursor: REST + cursor }) }
  }
}

/** Begins the cursor of a page that is the second engine's. */
const REST = 'rest:'
