import { LRUCache } from 'lru-cache'
import type { Experience } from '../matching/experience.ts'
import type { Clock, Key } from '../ports.ts'
import type { Rules } from '../tenancy/rules.ts'
import { shortened } from './hit-id.ts'
import type { Label } from './label.ts'
import { type Shard, bounded, learned, readShard, withAlias, withLabel, writtenShard } from './memory.ts'

export interface VerdictsOptions {
  /** The view of the documents that they are kept in. */
  readonly rules: Rules
  readonly clock: Clock
}

/** The kind of the documents. */
export const VERDICTS = 'verdicts'

/** The version of documents of which there never was one. */
const NEVER = '0'
/** An id's first digit says which of them an entry is in. */
const DIGITS = [...'0123456789abcdef']
const MOST_READ = 500

export type Verdicts = ReturnType<typeof createVerdicts>

/**
 * Remembers, by tenant and for all replicas, how entries' answers turned out for which questions. `refuses` and
 * `offsetOf` go by what is known, which `fresh` brings up to date.
 */
export function createVerdicts({ rules, clock }: VerdictsOptions) {
  const read = new LRUCache<string, { readonly text: string; readonly shard: ReturnType<typeof told> }>({
    max: MOST_READ,
  })

  return {
    /** What is known of these entries is at most a second old from here on; rejects if nobody can tell. */
    async fresh(tenant: string, entries: readonly string[]): Promise<void> {
      // As long as nobody has ever judged anything, there is nothing to be read.
      if (entries.length === 0 || (await rules.version()) === NEVER) return
      const ids = new Set(entries.map((entry) => idOf(tenant, entry)))
      await Promise.all(
        [...ids].map(async (id) => {
          const text = await rules.get(id)
          if (text !== undefined) reading(id, text)
        }),
      )
    },

    /** True if the entry's answer is known to be wrong for the question of that digest. */
    refuses,

    /** What the entry's labels say of it beyond what its scores do, in logits. */
    offsetOf,

    /** The same of whatever entry, for the question of a key. */
    on: ({ tenant, digest }: Pick<Key, 'tenant' | 'digest'>): Pick<Experience, 'offsetOf' | 'refuses'> => ({
      offsetOf: (entry) => offsetOf(tenant, entry),
      refuses: (entry) => refuses(tenant, entry, digest),
    }),

    /** How it turned out so far, in questions; `expected` of them would be right by their scores. */
    countsOf(tenant: string, entry: string) {
      const { right = 0, wrong = 0, expected = 0 } = known(tenant, entry) ?? {}
      return { right, wrong, expected }
    },

    /**
     * Takes in how a hit turned out, or how one would have. It is durable when this resolves, and holds on all replicas
     * within a second. The latest word on a question is the one that counts, and however often, it counts once.
     */
    async record(label: Label): Promise<void> {
      await change(label.tenant, label.entry, (shard) => {
        const memory = shard.get(label.entry)
        const after = withLabel(memory, label, clock())
        return after === memory ? shard : bounded(new Map(shard).set(label.entry, after))
      })
    },

    /** A place for one more alias of the answer that was kept at that time: false if it may have no more. */
    async grantAlias(tenant: string, entry: string, keptAt: number, digest: string): Promise<boolean> {
      let granted = false
      await change(tenant, entry, (shard) => {
        const memory = shard.get(entry)
        const after = withAlias(memory, keptAt, digest, clock())
        granted = after !== undefined
        return !after || after === memory ? shard : bounded(new Map(shard).set(entry, after))
      })
      return granted
    },

    /** Forgets all that is known of a tenant's entries. */
    async forget(tenant: string): Promise<void> {
      await Promise.all(DIGITS.map((digit) => rules.change(`${tenant}/${digit}`, () => undefined)))
    },
  }

  function refuses(tenant: string, entry: string, digest: string): boolean {
    return known(tenant, entry)?.refused.has(shortened(digest)) ?? false
  }

  function offsetOf(tenant: string, entry: string): number {
    return known(tenant, entry)?.offset ?? 0
  }

  /** What was last heard; for all that may have changed, see `fresh`. */
  function known(tenant: string, entry: string) {
    const id = idOf(tenant, entry)
    const text = rules.lastKnown(id)
    return text === undefined ? undefined : reading(id, text)(entry)
  }

  /** Each text once. */
  function reading(id: string, text: string): ReturnType<typeof told> {
    const before = read.get(id)
    if (before?.text === text) return before.shard
    const shard = told(readShard(text))
    read.set(id, { text, shard })
    return shard
  }

  async function change(tenant: string, entry: string, edit: (shard: Shard) => Shard): Promise<void> {
    await rules.change(idOf(tenant, entry), (text) => {
      const before = readShard(text)
      const after = edit(before)
      return after === before ? text : writtenShard(after)
    })
  }
}

const idOf = (tenant: string, entry: string) => `${tenant}/${entry.charAt('ent_'.length)}`

/** What is learned of each entry of a shard, worked out when it is first asked for. */
function told(shard: Shard) {
  const known = new Map<string, ReturnType<typeof learned>>()
  return (entry: string) => {
    const memory = shard.get(entry)
    if (memory && !known.has(entry)) known.set(entry, learned(memory))
    return known.get(entry)
  }
}
