import { LRUCache } from 'lru-cache'
import type { Document, Ports } from '../ports.ts'

/** How long a version that was the records' is still taken for theirs. */
export const CONFIRM_MS = 1_000

/** One replica's view of the documents that rule it: tenants, keys, purges. */
export interface Rules {
  /** The text, with whatever was changed a second ago or earlier, on any replica. Rejects if that cannot be told. */
  get(id: string): Promise<string | undefined>
  /** The text if `get` would give it without asking. No proof of absence: `undefined` also if it would have to ask. */
  peek(id: string): string | undefined
  /** The text that was last found, however long ago; for when nothing can be asked. */
  lastKnown(id: string): string | undefined
  /** All whose ids begin with `prefix`, as they are now. */
  list(prefix: string): Promise<Document[]>
  /**
   * Replaces the text by what `edit` makes of it, and gives that back. `edit` is called anew whenever another replica
   * was faster; what it leaves as it is, is not written. Our own view has the change when this resolves.
   */
  change(id: string, edit: (text: string | undefined) => string | undefined): Promise<string | undefined>
}

/** Keeps the view in memory for as long as the records' version is known to be the one that it was read under. */
export function createRules({ records, bus, clock }: Pick<Ports, 'records' | 'bus' | 'clock'>): Rules {
  const present = new LRUCache<string, Known>({ max: MAX_KNOWN })
  // On their own, so that strangers who try out keys cannot drive out those that exist.
  const absent = new LRUCache<string, Known>({ max: MAX_KNOWN })
  const reading = new Map<string, Reading>()
  let confirmed: { readonly version: string; readonly since: number } | undefined
  let asking: { readonly version: Promise<string>; readonly since: number } | undefined

  const ourselves = crypto.randomUUID()
  bus.subscribe(TOPIC, (who) => {
    if (who !== ourselves) doubt()
  })

  return {
    get,
    peek(id) {
      const known = present.get(id)
      return isYoung(confirmed, CONFIRM_MS) && known?.version === confirmed.version ? known.text : undefined
    },
    lastKnown: (id) => present.get(id)?.text,
    list: (prefix) => records.list(KIND, prefix),
    async change(id, edit) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const before = await records.get(KIND, id)
        const after = edit(before)
        if (after === before) return after
        if (!(await records.swap(KIND, id, before, after))) continue
        doubt()
        // It is written, whether or not others can be told of it, and we look at it: all find out by themselves.
        await bus.publish(TOPIC, ourselves).catch(() => {})
        await get(id).catch(() => {})
        return after
      }
      throw new Error(`${id} was changed by others ${MAX_TRIES} times in a row`)
    },
  }

  async function get(id: string): Promise<string | undefined> {
    const version = await currentVersion()
    const known = present.get(id) ?? absent.get(id)
    return known?.version === version ? known.text : read(id, version)
  }

  async function currentVersion(): Promise<string> {
    if (!isYoung(confirmed, CONFIRM_MS)) return confirm()
    // Ahead of time, so that nobody has to wait for it later.
    if (!isYoung(confirmed, CONFIRM_MS / 2)) confirm().catch(() => {})
    return confirmed.version
  }

  /** Asks for the version, once for all who want to know it at the same time. */
  function confirm(): Promise<string> {
    if (isYoung(asking, CONFIRM_MS)) return asking.version
    // It may change as soon as it has been looked up, so it is as old as the question.
    const since = clock()
    const ours = { since, version: ask() }
    asking = ours
    return ours.version

    async function ask(): Promise<string> {
      try {
        const version = await records.version(KIND)
        if (asking === ours) confirmed = { version, since }
        return version
      } finally {
        if (asking === ours) asking = undefined
      }
    }
  }

  /** Reads the text, once for all who want it at the same time. It may be newer than the version, never older. */
  function read(id: string, version: string): Promise<string | undefined> {
    const shared = reading.get(id)
    if (shared?.version === version) return shared.text
    const ours = { version, text: look() }
    reading.set(id, ours)
    return ours.text

    async function look(): Promise<string | undefined> {
      try {
        const text = await records.get(KIND, id)
        if (reading.get(id) === ours) remember(id, { version, text })
        return text
      } finally {
        if (reading.get(id) === ours) reading.delete(id)
      }
    }
  }

  function remember(id: string, known: Known): void {
    const [home, other] = known.text === undefined ? [absent, present] : [present, absent]
    home.set(id, known)
    other.delete(id)
  }

  /** What is being asked now may have been answered already, and is as much in doubt. */
  function doubt(): void {
    confirmed = undefined
    asking = undefined
  }

  function isYoung<T extends { readonly since: number }>(it: T | undefined, ms: number): it is T {
    return it !== undefined && clock() - it.since < ms
  }
}

const MAX_KNOWN = 5_000
const MAX_TRIES = 50

const KIND = 'rules'
/** Told by whoever has changed something: who, and nothing else. */
const TOPIC = 'rules'

interface Known {
  readonly version: string
  readonly text: string | undefined
}

interface Reading {
  readonly version: string
  readonly text: Promise<string | undefined>
}
