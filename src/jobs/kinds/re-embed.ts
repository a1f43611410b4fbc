import { z } from 'zod'
import type { Purges } from '../../call.ts'
import type { Entry, Ports, Quota } from '../../ports.ts'
import type { Kind } from '../turn.ts'

export interface ReEmbedOptions extends Pick<Ports, 'store' | 'index' | 'embedder'> {
  readonly purges: Purges
  quotaOf(tenant: string): Promise<Quota | undefined>
}

/** How many entries may have to be looked at again after a crash. */
const PAGE = 25

const Params = z.strictObject({})

const Checkpoint = z.object({ cursor: z.string().optional(), moved: z.number() })
type Checkpoint = z.infer<typeof Checkpoint>
const AT_START: Checkpoint = { moved: 0 }

/** Brings all entries of a tenant that are of another space into the embedder's. What has no place there stays behind. */
export function reEmbedding({ store, index, embedder, purges, quotaOf }: ReEmbedOptions): Kind<z.infer<typeof Params>> {
  return {
    name: 're-embed',
    params: Params,
    async run({ tenant, checkpoint, progress, save }) {
      let { done, failed } = progress
      let { cursor, moved } = Checkpoint.parse(checkpoint ?? AT_START)
      do {
        const page = await store.page(tenant, PAGE, cursor)
        for (const entry of page.entries) {
          done++
          if (!isForeign(entry)) continue
          if (await move(entry)) moved++
          else failed++
        }
        cursor = page.cursor
        // At the end there is no place to go on from: from the start, nothing would be left to move.
        if (cursor !== undefined) await save({ cursor, moved }, { done, failed })
      } while (cursor !== undefined)
      return { moved, failed }
    },
  }

  function isForeign({ space }: Entry): boolean {
    return space !== undefined && space !== embedder.space
  }

  /** False if the question has no place in the new space. */
  async function move({ key, question, createdAt }: Entry): Promise<boolean> {
    const probe = embedder.fits(question) ? await embedder.embed(question) : undefined
    if (probe === undefined) return false

    const quota = await quotaOf(key.tenant)
    // What was replaced or purged meanwhile must not come back.
    const entry = await store.get(key)
    if (!entry || entry.createdAt !== createdAt || purges.covers(entry)) return true
    const { space } = embedder
    const vector = typeof probe === 'string' ? undefined : probe
    await store.put({ ...entry, vector, space }, quota)
    const { expiresAt, keepUntil, aliasOf, says } = entry
    const times = { createdAt, expiresAt, keepUntil }
    await index.add({ key, space, probe, question, says, ...times, ...(aliasOf && { aliasOf }) })
    return true
  }
}
