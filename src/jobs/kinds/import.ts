import { z } from 'zod'
import type { Purges } from '../../call.ts'
import { idOf } from '../../keys/key.ts'
import type { Ports, Probe, Quota } from '../../ports.ts'
import { NOTHING, type Portable, readLine } from '../portable.ts'
import { Place, START, batches } from '../spool.ts'
import type { Kind } from '../turn.ts'

export interface ImportOptions extends Pick<Ports, 'store' | 'index' | 'embedder' | 'clock'> {
  readonly purges: Purges
  quotaOf(tenant: string): Promise<Quota | undefined>
}

/** How many lines may have to be read again after a crash. */
const BATCH = 25
/** How many of the lines that could not be read are named. */
const MAX_NAMED = 10

const Params = z.strictObject({})

const Counts = z.object({
  imported: z.number(),
  /** Left alone, because a later answer to the same is there. */
  older: z.number(),
  expired: z.number(),
  bad: z.number(),
  /** Which lines those are, from 1; the first few. */
  badLines: z.array(z.number()),
})
type Counts = z.infer<typeof Counts>

const Checkpoint = z.object({ place: Place, counts: Counts, epoch: z.number() })
type Checkpoint = z.infer<typeof Checkpoint>
const AT_START = { place: START, counts: { imported: 0, older: 0, expired: 0, bad: 0, badLines: [] } }

/** Takes in what an export gave out: what it is fed with are that one's lines. It comes to `Counts`. */
export function importing({
  store,
  index,
  embedder,
  clock,
  purges,
  quotaOf,
}: ImportOptions): Kind<z.infer<typeof Params>> {
  let dimensions: number | undefined

  return {
    name: 'import',
    params: Params,
    async run({ tenant, input, checkpoint, progress, save }) {
      let { done } = progress
      // As it was when a batch was begun for the first time: what is taken in once more must not outlive a purge since then.
      let { place, counts, epoch } = Checkpoint.parse(checkpoint ?? { ...AT_START, epoch: purges.epochOf(tenant) })
      if (!checkpoint) await save({ place, counts, epoch }, { done, failed: counts.bad })
      for await (const { lines, next } of batches(input, place, BATCH)) {
        for (const line of lines) counts = counted(counts, await takeIn(line, tenant, epoch), ++done)
        place = next
        epoch = purges.epochOf(tenant)
        await save({ place, counts, epoch }, { done, failed: counts.bad })
      }
      return counts
    },
  }

  async function takeIn(line: string, tenant: string, epoch: number): Promise<Fate | undefined> {
    const portable = readLine(line)
    if (portable === undefined) return 'bad'
    if (portable === NOTHING) return undefined
    if (portable.keepUntil <= clock()) return 'expired'

    const parts = { ...portable.key, tenant }
    const key = { id: idOf(parts), ...parts }
    // Were it from the future, nothing could ever replace it.
    const { question, says, expiresAt, keepUntil } = portable
    const createdAt = Math.min(portable.createdAt, clock())
    const [probe, quota] = [await probeOf(portable), await quotaOf(tenant)]
    // Only now, so that what comes meanwhile is not replaced.
    const there = await store.get(key)
    if (there && !there.aliasOf && there.createdAt > createdAt && !purges.covers(there)) return 'older'

    const space = probe === undefined ? undefined : embedder.space
    const vector = typeof probe === 'string' ? undefined : probe
    await store.put({ ...portable, createdAt, key, epoch, vector, space }, quota)
    const times = { createdAt, expiresAt, keepUntil }
    if (probe !== undefined && space) await index.add({ key, space, probe, question, says, ...times })
    return 'imported'
  }

  /** The vector it came with, if that is of our space; `undefined` if it is not to be found by meaning. */
  async function probeOf({ question, vector, space }: Portable): Promise<Probe | undefined> {
    if (space === undefined || !embedder.fits(question)) return undefined
    const isOurs = vector && space === embedder.space && vector.length === (await dimensionsBy(question))
    return isOurs ? vector : embedder.embed(question)
  }

  /** A vector of another size would be refused by the index, whatever space it claims to be of. */
  async function dimensionsBy(question: string): Promise<number | undefined> {
    if (dimensions !== undefined) return dimensions
    const probe = await embedder.embed(question)
    if (typeof probe !== 'string') dimensions = probe?.length
    return dimensions
  }
}

type Fate = keyof Omit<Counts, 'badLines'>

function counted(counts: Counts, fate: Fate | undefined, line: number): Counts {
  if (!fate) return counts
  const { badLines } = counts
  const isNamed = fate === 'bad' && badLines.length < MAX_NAMED
  return { ...counts, [fate]: counts[fate] + 1, badLines: isNamed ? [...badLines, line] : badLines }
}
