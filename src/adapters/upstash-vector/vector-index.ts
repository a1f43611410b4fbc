import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Clock, Index, Key, Match, Probe } from '../../ports.ts'
import type { Ask } from './client.ts'
import { belongs, filterFor, Metadata, metadataOf } from './metadata.ts'

export interface VectorIndexOptions {
  readonly ask: Ask
  /** For what takes the service longer than any lookup may wait. */
  readonly askPatiently: Ask
  readonly clock: Clock
  /** Begins the name of every namespace; letters, digits, `_` and `-` only. */
  readonly prefix: string
  /** Over so many namespaces the partitions are spread. Another number is another index: what was added is not found. */
  readonly namespaces: number
}

export type VectorIndex = Index & {
  /** Gives back the space of pointers past `keepUntil`, for the service never does; says how many there were. */
  sweep(): Promise<number>
}

/** Finds the like in Upstash Vector, in a dense index that measures the cosine; by text, if the index has a model. */
export function vectorIndex({ ask, askPatiently, clock, prefix, namespaces }: VectorIndexOptions): VectorIndex {
  return {
    async nearest(within, probe, limit, expiringAfter) {
      const now = clock()
      const query = {
        ...wireOf(probe),
        topK: Math.min(MOST, limit * BREADTH),
        filter: filterFor(within, expiringAfter, now),
        includeMetadata: true,
      }
      const answer = await ask((index) => index.namespace(homeOf(within)).query(query))
      return hitsOf(answer)
        .filter(({ metadata }) => belongs(metadata, within, expiringAfter, now))
        .map(matchOf)
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, limit)
    },
    async add(pointer) {
      const { key, probe } = pointer
      const metadata = metadataOf(pointer)
      requireRoom(metadata)
      await ask((index) => index.namespace(homeOf(key)).upsert({ id: key.id, ...wireOf(probe), metadata }))
    },
    async delete(key) {
      await ask((index) => index.namespace(homeOf(key)).delete(key.id))
    },
    async size() {
      return (await homes(ask)).reduce((sum, { pointers }) => sum + pointers, 0)
    },
    async sweep() {
      const filter = `keepUntil <= ${Math.floor(clock())}`
      let swept = 0
      for (const { name } of await homes(askPatiently)) {
        const answer = await askPatiently((index) => index.namespace(name).delete({ filter }))
        swept += deletion.parse(answer).deleted
      }
      return swept
    },
  }

  /**
   * The service filters what it has found, and gives up on a filter that hardly anything passes. So what shares a
   * namespace should be little, and it is the partitions that are spread, not the tenants: one tenant may have many.
   * The space is left out, so that a key has one home, where it can be replaced and deleted.
   */
  function homeOf({ tenant, namespace, scope }: Pick<Key, 'tenant' | 'namespace' | 'scope'>): string {
    const digest = hash('sha256', JSON.stringify([tenant, namespace, scope]))
    return `${prefix}-${Number.parseInt(digest.slice(0, 12), 16) % namespaces}`
  }

  /** The namespaces that hold something of ours. */
  async function homes(ask: Ask) {
    const told = info.parse(await ask((index) => index.info()))
    return Object.entries(told.namespaces)
      .map(([name, counts]) => ({ name, pointers: counts.vectorCount + counts.pendingVectorCount }))
      .filter(({ name, pointers }) => pointers > 0 && name.startsWith(`${prefix}-`))
  }
}

/** A text the service embeds itself, if its index has a model. */
function wireOf(probe: Probe): { vector: number[] } | { data: string } {
  return typeof probe === 'string' ? { data: probe } : { vector: [...probe] }
}

/** What of an answer could be of our making; the rest is as good as not there. */
function hitsOf(answer: unknown): Hit[] {
  const { data } = z.array(z.unknown()).safeParse(answer)
  if (!data) throw new Error('Upstash Vector sent an answer that cannot be read.')
  return data.flatMap((each) => hit.safeParse(each).data ?? [])
}

function matchOf({ id, score, metadata }: Hit): Match {
  const { tenant, namespace, scope, digest, question, createdAt, expiresAt, aliasOf, says } = metadata
  // The service reports (1 + cosine) / 2.
  const similarity = Math.max(-1, Math.min(1, score * 2 - 1))
  const key = { id, tenant, namespace, scope, digest }
  return { key, question, similarity, createdAt, expiresAt, ...(aliasOf && { aliasOf }), ...(says && { says }) }
}

/** Cut short, a question would pass for another one. */
function requireRoom(metadata: ReturnType<typeof metadataOf>): void {
  const bytes = Buffer.byteLength(JSON.stringify(metadata))
  if (bytes <= MAX_METADATA_BYTES) return
  throw new RangeError(
    `a pointer of ${bytes} bytes does not fit into Upstash Vector, which keeps ${MAX_METADATA_BYTES} beside a vector`,
  )
}

// 48 KB, whichever way they count.
const MAX_METADATA_BYTES = 48_000
/** Asked for more than we want, the service looks further before it filters. */
const BREADTH = 4
const MOST = 1_000

type Hit = z.infer<typeof hit>
const hit = z.object({ id: z.string(), score: z.number(), metadata: Metadata })
const deletion = z.object({ deleted: z.number() })
const counts = z.object({ vectorCount: z.number(), pendingVectorCount: z.number() })
const info = z.object({ namespaces: z.record(z.string(), counts) })
