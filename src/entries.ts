import { setTimeout as pause } from 'node:timers/promises'
import { ServiceError } from './errors.ts'
import { exported } from './jobs/export.ts'
import type { Entry, Ports, Store, Vector } from './ports.ts'
import type { Purges } from './tenancy/purges.ts'
import { type Selector, checkSelector, selects } from './tenancy/selector.ts'

export interface Filter {
  readonly namespace?: string | undefined
  readonly tag?: string | undefined
  readonly model?: string | undefined
  /** Stands in the question, whatever its case. */
  readonly q?: string | undefined
}

export interface Listed {
  readonly entries: readonly Entry[]
  readonly cursor?: string
}

export interface PurgeReport {
  /** Entries that the selector met in the time there was for counting them. */
  readonly matched: number
  /** Those of them whose space has been given back; the others are as unreachable. */
  readonly purged: number
  /** False if there was not enough time to meet them all: the rest is given back in the background. */
  readonly complete: boolean
}

/** So many are looked at for one answer, however few of them it holds. */
const MOST_LOOKED_AT = 2_000
const PAGE = 200
/** How long a purge, which has long taken effect, goes on giving back space before it leaves that to the background. */
const PATIENCE_MS = 250

export interface EntriesOptions {
  readonly ports: Ports
  readonly purges: Purges
  /** How long another replica may not have heard of a purge. */
  readonly settleMs: number
  /** Has the rest of a tenant's purged entries removed in the background. */
  readonly reclaimLater: (tenant: string) => Promise<unknown>
}

export type Entries = ReturnType<typeof createEntries>

/** What a tenant keeps: to be looked at and taken out. Another tenant's entry is simply not there. */
export function createEntries({ ports, purges, settleMs, reclaimLater }: EntriesOptions) {
  const { store, index, embedder, clock } = ports
  const page: Store['page'] = (...args) => store.page(...args).catch(refuseCursor)

  return {
    async find(tenant: string, id: string): Promise<Entry> {
      const entry = await store.find(id)
      if (!entry || !isTheirs(entry, tenant)) throw noSuchEntry(id)
      return entry
    },

    /** A page of what the filter lets through; a page may be short, or empty, and still not the last. */
    async list(tenant: string, filter: Filter, limit: number, after?: string): Promise<Listed> {
      const entries: Entry[] = []
      let cursor = after
      for (let seen = 0; seen < MOST_LOOKED_AT;) {
        const found = await page(tenant, limit - entries.length, cursor)
        entries.push(...found.entries.filter((entry) => isTheirs(entry, tenant) && passes(entry, filter)))
        seen += Math.max(1, found.entries.length)
        cursor = found.cursor
        if (cursor === undefined) return { entries }
        if (entries.length >= limit) break
      }
      return { entries, ...(cursor !== undefined && { cursor }) }
    },

    /** The entries whose questions mean most nearly the same, in all scopes; nearest first. */
    async like(tenant: string, text: string, filter: Filter, limit: number) {
      const probe = embedder.fits(text) ? await embedder.embed(text) : undefined
      if (probe === undefined)
        throw new ServiceError(400, 'no_vector', 'no vector can be had for this text', { param: 'like' })
      if (typeof probe === 'string') {
        const message = 'the index embeds questions itself and cannot be searched across scopes; search by `q`'
        throw new ServiceError(400, 'unsupported', message, { param: 'like' })
      }
      let nearest: { readonly entry: Entry; readonly similarity: number }[] = []
      for await (const entry of all(tenant)) {
        if (!entry.vector || entry.space !== embedder.space || !passes(entry, filter)) continue
        const similarity = cosine(probe, entry.vector)
        if (nearest.length === limit && similarity <= nearest.at(-1)!.similarity) continue
        nearest = [...nearest, { entry, similarity }].sort((a, b) => b.similarity - a.similarity).slice(0, limit)
      }
      return nearest
    },

    /** When this resolves, nobody is given the entry any more, nor what was being asked for it at the time. */
    async remove(tenant: string, id: string): Promise<void> {
      const entry = await store.find(id)
      if (!entry || !isTheirs(entry, tenant)) throw noSuchEntry(id)
      const settled = pause(settleMs)
      await purges.purge(tenant, { id })
      await drop(entry)
      await settled
    },

    /** How many a purge would cover. */
    async count(tenant: string, selector: Selector): Promise<number> {
      checkSelector(selector)
      let matched = 0
      for await (const entry of all(tenant)) if (selects(selector, entry)) matched++
      return matched
    },

    /** When this resolves, nobody is given what it covers any more, nor what was being asked for at the time. */
    async purge(tenant: string, selector: Selector): Promise<PurgeReport> {
      await purges.purge(tenant, selector)
      const settled = pause(settleMs)
      const counts = { matched: 0, purged: 0 }
      const complete = await reclaim(tenant, counts, clock() + PATIENCE_MS).catch(() => false)
      if (!complete) await reclaimLater(tenant)
      await settled
      return { ...counts, complete }
    },

    /** Removes what purges have covered; gives back how many entries there were. */
    async reclaimAll(tenant: string): Promise<number> {
      const counts = { matched: 0, purged: 0 }
      await reclaim(tenant, counts, Infinity)
      return counts.purged
    },

    /** Has removed in the background what is left under purges that a sweep from then on could be done with. */
    async reclaimLeft(sweptFrom: number): Promise<void> {
      for (const tenant of await purges.unswept(sweptFrom)) await reclaimLater(tenant)
    },

    /** All that the filter lets through, as lines that an import takes in; goes on `after` a mark that it gave before. */
    exported: (tenant: string, filter: Filter, after?: string) =>
      exported({ page }, tenant, (entry) => isTheirs(entry, tenant) && passes(entry, filter), after),
  }

  /** All of a tenant's that may be served. */
  async function* all(tenant: string): AsyncGenerator<Entry> {
    for await (const entry of every(tenant)) if (isTheirs(entry, tenant)) yield entry
  }

  async function* every(tenant: string): AsyncGenerator<Entry> {
    let cursor: string | undefined
    do {
      const page = await store.page(tenant, PAGE, cursor)
      yield* page.entries
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  /** True if it got through before time was up. */
  async function reclaim(tenant: string, counts: { matched: number; purged: number }, until: number): Promise<boolean> {
    const startedAt = clock()
    for await (const entry of every(tenant)) {
      if (purges.covers(entry)) {
        if (!entry.aliasOf) counts.matched++
        // Whoever asked since then may have got a new answer, which is not ours to drop.
        if ((await drop(entry)) && !entry.aliasOf) counts.purged++
      }
      if (clock() > until) return false
    }
    await purges.forget(tenant, startedAt)
    return true
  }

  async function drop({ key, createdAt }: Entry): Promise<boolean> {
    const deleted = await store.delete(key, createdAt)
    if (deleted) await index.delete(key)
    return deleted
  }

  /** An alias is no answer, and nobody's to look at. */
  function isTheirs(entry: Entry, tenant: string): boolean {
    return entry.key.tenant === tenant && !entry.aliasOf && !purges.covers(entry)
  }
}

function passes(entry: Entry, { q, ...selector }: Filter): boolean {
  return selects(selector, entry) && (q === undefined || entry.question.toLowerCase().includes(q.toLowerCase()))
}

function cosine(one: Vector, other: Vector): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * (other[at] ?? 0)
  return sum
}

function refuseCursor(cause: unknown): never {
  if (!(cause instanceof RangeError)) throw cause
  throw new ServiceError(400, 'invalid_request', 'to go on, name a place that an earlier page ended with', { cause })
}

function noSuchEntry(id: string): ServiceError {
  return new ServiceError(404, 'no_such_entry', `there is no entry ${JSON.stringify(id)}`, { param: 'id' })
}
