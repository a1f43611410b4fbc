import { LRUCache } from 'lru-cache'
import type { Document, Ports } from '../ports.ts'
import { type Versions, createVersions } from './versions.ts'

/** The kind of what rules a service: tenants, keys, purges. */
export const RULES = 'rules'

/** One replica's view of the documents of a kind. */
export interface Rules {
  /** Changes with every change to the kind; a second old at most. Rejects if it cannot be told. */
  version(): Promise<string>
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

/**
 * Keeps the view in memory for as long as the records' version is known to be the one that it was read under. Views of
 * several kinds may share what they ask for versions.
 */
export function createRules(
  { records, bus, clock }: Pick<Ports, 'records' | 'bus' | 'clock'>,
  kind = RULES,
  versions: Versions = createVersions({ records, clock }, [kind]),
): Rules {
  const present = new LRUCache<string, Known>({
    max: MAX_KNOWN,
    maxSize: MAX_LENGTH,
    sizeCalculation: ({ text = '' }) => 1 + text.length,
  })
  // On their own, so that strangers who try out keys cannot drive out those that exist.
  const absent = new LRUCache<string, Known>({ max: MAX_KNOWN })
  const reading = new Map<string, Reading>()

  const ourselves = crypto.randomUUID()
  // Told by whoever has changed something: who, and nothing else.
  bus.subscribe(kind, (who) => {
    if (who !== ourselves) versions.doubt()
  })

  return {
    get,
    version: () => versions.current(kind),
    peek(id) {
      const known = present.get(id)
      return known !== undefined && known.version === versions.known(kind) ? known.text : undefined
    },
    lastKnown: (id) => present.get(id)?.text,
    list: (prefix) => records.list(kind, prefix),
    async change(id, edit) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const before = await records.get(kind, id)
        const after = edit(before)
        if (after === before) return after
        if (!(await records.swap(kind, id, before, after))) continue
        versions.doubt()
        // It is written, whether or not others can be told of it, and we look at it: all find out by themselves.
        await bus.publish(kind, ourselves).catch(() => {})
        await get(id).catch(() => {})
        return after
      }
      throw new Error(`${id} was changed by others ${MAX_TRIES} times in a row`)
    },
  }

  async function get(id: string): Promise<string | undefined> {
    const version = await versions.current(kind)
    const known = present.get(id) ?? absent.get(id)
    return known?.version === version ? known.text : read(id, version)
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
        const text = await records.get(kind, id)
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
}

const MAX_KNOWN = 5_000
/** In characters, of all that is known together. */
const MAX_LENGTH = 64e6
const MAX_TRIES = 50

interface Known {
  readonly version: string
  readonly text: string | undefined
}

interface Reading {
  readonly version: string
  readonly text: Promise<string | undefined>
}
