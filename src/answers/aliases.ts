import type { Entry, Key, Ports, Quota } from '../ports.ts'

export interface AliasesOptions extends Pick<Ports, 'store' | 'index' | 'embedder'> {
  /** Whether the answer of an entry that was kept at that time may have another alias; see `Verdicts`. */
  grant(tenant: string, entry: string, keptAt: number, digest: string): Promise<boolean>
}

export type Aliases = ReturnType<typeof createAliases>

/**
 * Lets a question that was judged to be served by an entry's answer find it from then on, by its very words and by its
 * meaning. Only the model's own answers have aliases: whoever comes by an alias must be judged against that answer, or
 * "A is like B" and "B is like C" would come to mean "A is like C". An alias ends with its answer.
 */
export function createAliases({ store, index, embedder, grant }: AliasesOptions) {
  return {
    /** False if it is none now: it has an answer of its own, or the entry has aliases enough. */
    async make(asked: { readonly key: Key; readonly question: string }, root: Entry, quota?: Quota): Promise<boolean> {
      const { key, question } = asked
      if (root.aliasOf || !isOfOneRoom(key, root.key)) return false
      const there = await store.get(key)
      if (there?.aliasOf && there.createdAt === root.createdAt) return there.aliasOf.id === root.key.id
      if (there && !there.aliasOf) return false
      if (!(await grant(key.tenant, root.key.id, root.createdAt, key.digest))) return false

      const probe =
        root.space === embedder.space && embedder.fits(question) ? await embedder.embed(question) : undefined
      const space = probe === undefined ? undefined : embedder.space
      const vector = typeof probe === 'string' ? undefined : probe
      const aliasOf = { id: root.key.id, digest: root.key.digest }
      // Whatever ends the answer, by its tags, its model or its age, ends the alias as well.
      const alias = { ...root, key, aliasOf, question, completion: '', usage: undefined, tookMs: 0, vector, space }
      const isKept = await store.put(alias, quota).then(() => true, unlessTooLarge)
      if (!isKept) return false
      if (probe !== undefined && space) await index.add({ ...alias, probe, space })
      return true
    },
  }
}

/** What has no room there never will have; it is still what it was before, a question that is alike. */
function unlessTooLarge(error: unknown): false {
  if (error instanceof RangeError) return false
  throw error
}

function isOfOneRoom(one: Key, other: Key): boolean {
  const { tenant, namespace, scope } = one
  const isThere = tenant === other.tenant && namespace === other.namespace && scope === other.scope
  return isThere && one.digest !== other.digest
}
