import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import { offsetOf } from '../matching/offset.ts'
import { probabilityOf, FIRST_BAR } from '../matching/scorer.ts'
import { shortened } from './hit-id.ts'
import type { Label } from './label.ts'

/** How it turned out for one question: its digest, shortened; whether it was right, as 1 or 0; and the score. */
const Verdict = z.tuple([z.string(), z.union([z.literal(0), z.literal(1)]), z.number().nullable()])
type Verdict = z.infer<typeof Verdict>

const Memory = z.object({
  /** When something was last added. */
  at: z.number(),
  /** The space that the scores are of. */
  space: z.string(),
  /** One for each question, the latest last. */
  verdicts: z.array(Verdict),
  /** Digests of the questions that have been made aliases of the answer that was kept at `of`. */
  aliases: z.object({ of: z.number(), digests: z.array(z.string()) }).exactOptional(),
})
/** What is remembered of one entry. */
export type Memory = z.infer<typeof Memory>

/** What is remembered of some entries of a tenant, by their ids; as one document. */
export type Shard = ReadonlyMap<string, Memory>

const Document = z.record(z.string(), Memory)

/** A document must stay small enough to be read and written whole. */
const MOST_ENTRIES = 256
const MOST_VERDICTS = 4_096
/** Of one entry. */
const MOST_WRONG = 200
const MOST_RIGHT = 50
export const MOST_ALIASES = 64

/** A `ServiceError` 503 if it is none that is known here. */
export function readShard(text: string | undefined): Shard {
  if (text === undefined) return new Map()
  try {
    return new Map(Object.entries(Document.parse(JSON.parse(text))))
  } catch (cause) {
    throw new ServiceError(503, 'verdicts_unavailable', 'what feedback has told cannot be read', { cause })
  }
}

export const writtenShard = (shard: Shard): string | undefined =>
  shard.size === 0 ? undefined : JSON.stringify(Object.fromEntries(shard))

/** With one label more; the very same if that is known already. */
export function withLabel(memory: Memory | undefined, { space, question, score, right }: Label, now: number): Memory {
  const digest = shortened(question)
  const before = memory?.verdicts ?? []
  const known = before.find(([name]) => name === digest)
  if (memory && known && (known[1] === 1) === right) return memory

  // Scores of two spaces cannot be compared; what is right and what is wrong remains.
  const isOfSpace = memory?.space === space
  const others = before.filter((verdict) => verdict !== known)
  const kept = isOfSpace ? others : others.map(([name, right]): Verdict => [name, right, null])
  const verdicts = thinned([...kept, [digest, right ? 1 : 0, score ?? null]])
  return { ...memory, at: now, space, verdicts }
}

/** With one alias more of that answer; the very same if it has it already, `undefined` if it may have no more. */
export function withAlias(memory: Memory | undefined, of: number, digest: string, now: number): Memory | undefined {
  const digests = memory?.aliases?.of === of ? memory.aliases.digests : []
  if (memory && digests.includes(digest)) return memory
  if (digests.length >= MOST_ALIASES) return undefined
  return { space: '', verdicts: [], ...memory, at: now, aliases: { of, digests: [...digests, digest] } }
}

/** So small that it can be kept: entries that were never wrong go first, then those that were touched longest ago. */
export function bounded(shard: Map<string, Memory>): Shard {
  let verdicts = 0
  for (const memory of shard.values()) verdicts += memory.verdicts.length
  if (shard.size <= MOST_ENTRIES && verdicts <= MOST_VERDICTS) return shard

  const blame = (memory: Memory) => (memory.verdicts.some(isWrong) ? 1 : 0)
  const order = [...shard].sort(([, one], [, other]) => blame(one) - blame(other) || one.at - other.at)
  for (const [id, memory] of order) {
    if (shard.size <= MOST_ENTRIES && verdicts <= MOST_VERDICTS) break
    shard.delete(id)
    verdicts -= memory.verdicts.length
  }
  return shard
}

/** What a memory says, worked out once. */
export function learned({ verdicts }: Memory) {
  const seen = verdicts.map(([, right, score]) => ({ score: score ?? undefined, right: right === 1 }))
  const right = seen.filter(({ right }) => right).length
  return {
    refused: new Set(verdicts.filter(isWrong).map(([digest]) => digest)),
    offset: offsetOf(seen),
    right,
    wrong: seen.length - right,
    /** How many of them would have been right if scores said all there is to say. */
    expected: seen.reduce((sum, { score = FIRST_BAR }) => sum + probabilityOf(score), 0),
  }
}

const isWrong = ([, right]: Verdict) => right === 0

function thinned(verdicts: readonly Verdict[]): Verdict[] {
  let [right, wrong] = [0, 0]
  return verdicts
    .toReversed()
    .filter((verdict) => (isWrong(verdict) ? wrong++ < MOST_WRONG : right++ < MOST_RIGHT))
    .toReversed()
}
