import type { Embedder, Entry, Records } from '../ports.ts'
import type { Engine } from './engine.ts'
import type { Turns } from './turns.ts'

/** The records that rule a service. */
export const RULES = 'rules'
/** The kinds of records that move with it. Others (jobs, and what they are fed with) end where they began. */
export const MOVING: readonly string[] = [RULES, 'verdicts', 'weights']

export interface CopyOptions {
  readonly first: Engine
  readonly second: Engine
  readonly embedder: Embedder
  /** By the entry's id: what is put or deleted meanwhile has its own turn. */
  readonly turns: Turns
}

export interface Copied {
  readonly copied: number
  /** Answers that the second engine has no room for, or that are of another embedder, and there only exact. */
  readonly partly: number
  /** Answers that only the second engine had: who knows what has been purged since. */
  readonly removed: number
}

/** Makes the second engine hold what the first does, and no more. What is there already is not copied again. */
export async function copyAll({ first, second, embedder, turns }: CopyOptions, signal: AbortSignal): Promise<Copied> {
  let [copied, partly, removed] = [0, 0, 0]
  // What rules goes first: a purged entry must not arrive where its purge is not known.
  for (const kind of MOVING) await copyKind(first.records, second.records, kind)
  for await (const entry of first.store.entries()) {
    signal.throwIfAborted()
    const brought = await turns.take(entry.key.id, () => bring(entry))
    if (brought !== 'there') copied++
    if (brought === 'in part') partly++
  }
  for await (const { key } of second.store.entries()) {
    signal.throwIfAborted()
    if (await turns.take(key.id, () => removeSurplus(key))) removed++
  }
  return { copied, partly, removed }

  async function bring(entry: Entry): Promise<'there' | 'in full' | 'in part'> {
    const { key, vector, question, space, createdAt } = entry
    const there = await second.store.find(key.id)
    if (there && there.createdAt >= createdAt) return 'there'
    // The pointer first: should we be cut short in between, it is by the entry that we see where to go on.
    const isFindable = space === undefined || space === embedder.space
    const pointed =
      space === undefined ||
      (isFindable && (await fits(() => second.index.add({ ...entry, probe: vector ?? question, space }))))
    const kept = await fits(() => second.store.put(entry))
    return pointed && kept ? 'in full' : 'in part'
  }

  async function removeSurplus(key: Entry['key']): Promise<boolean> {
    if (await first.store.find(key.id)) return false
    await second.index.delete(key)
    return second.store.delete(key)
  }
}

/** Makes one document the same on both; until it is, for others may be at it, too. */
export async function copyDocument(first: Records, second: Records, kind: string, id: string): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const there = await second.get(kind, id)
    const wanted = await first.get(kind, id)
    if (there === wanted) return
    await second.swap(kind, id, there, wanted)
  }
  throw new Error(`the mirror cannot be kept in step: ${id} was changed ${MAX_TRIES} times in a row`)
}

async function copyKind(first: Records, second: Records, kind: string): Promise<void> {
  // In this order: what is only on the second by then has been deleted, and is not just about to come.
  const documents = [...(await second.list(kind)), ...(await first.list(kind))]
  for (const id of new Set(documents.map(({ id }) => id))) await copyDocument(first, second, kind, id)
}

/** False if it is too large for that engine, or not of its kind. */
async function fits(call: () => Promise<void>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const MAX_TRIES = 50
