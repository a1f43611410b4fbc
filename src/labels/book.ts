import { LRUCache } from 'lru-cache'
import { inTime } from '../deadline.ts'
import type { Clock } from '../ports.ts'
import { type Ledger, merged } from './ledger.ts'
import { type Cell, type Page, type PageSums, fieldOf, namespaceIn, pageOf, prefixIn, prefixOf } from './sums.ts'

export interface BookOptions {
  readonly ledger: Ledger
  /** Takes more of one sum, to be sent with all else that is counted. */
  readonly sum: (tenant: string, field: string, amount: number) => void
  /** Sends what has been counted; resolves when it has arrived. */
  readonly flush: () => Promise<void>
  readonly clock: Clock
}

/** A request waits for so long, once, for what is known of its tenant; then it is decided by what is shipped. */
const PATIENCE_MS = 100
const MOST_TENANTS = 1_000
/** Callers name namespaces as they like; so many of a tenant's are told apart, and no others than those that come first. */
const MOST_PAGES = 200
/** What is known of a tenant who has not asked for so long is looked at anew before it is gone by. */
const OLD_MS = 30_000
/** Days that are over change only by what came late. */
const OVER_MS = 10 * 60_000

interface Known {
  /** What the replicas have counted, on days that are over and lately. */
  over: { readonly sums: ReadonlyMap<string, number>; readonly today: number; readonly readAt: number } | undefined
  late: ReadonlyMap<string, number>
  /** What we have counted, and is not among that yet; the first is on its way. */
  sent: ReadonlyMap<string, number>
  own: Map<string, number>
  /** All of that by page, each read when it is first asked for. */
  fields: ReadonlyMap<string, readonly (readonly [field: string, amount: number])[]> | undefined
  readonly pages: Map<string, PageSums>
  /** The prefixes of those pages that were first. */
  readonly first: Set<string>
  used: boolean
  /** When it was last asked for, whatever came of it. */
  askedAt: number
}

export type Book = ReturnType<typeof createBook>

/**
 * What has been learned of all tenants' answers, by namespace and space. What this replica learns counts at once, and
 * what others do from the next `refresh` on; if nobody can be asked, what was last known holds.
 */
export function createBook({ ledger, sum, flush, clock }: BookOptions) {
  const tenants = new LRUCache<string, Known>({ max: MOST_TENANTS })
  const reading = new Map<string, Promise<void>>()

  return { ready, of, add, refresh, namespaces }

  /** Resolves as soon as the sums of a tenant are known, or it would take too long; `undefined` if they are already. */
  function ready(tenant: string): Promise<void> | undefined {
    const shared = reading.get(tenant)
    const isKnown = clock() - (tenants.get(tenant)?.askedAt ?? -Infinity) < OLD_MS
    if (shared || isKnown) return shared
    const ours = inTime(
      PATIENCE_MS,
      read([[tenant, knownOf(tenant)]]).catch(() => {}),
      undefined,
    ).finally(() => reading.delete(tenant))
    reading.set(tenant, ours)
    return ours
  }

  function of(tenant: string, page: Page): PageSums {
    const known = knownOf(tenant)
    known.used = true
    const prefix = prefixOf(page)
    const open = known.pages.get(prefix)
    if (open) return open
    if (known.first.size >= MOST_PAGES && !known.first.has(prefix)) return pageOf(page, [])
    known.first.add(prefix)
    known.fields ??= fieldsOf(known)
    const sums = pageOf(page, known.fields.get(prefix) ?? [])
    known.pages.set(prefix, sums)
    return sums
  }

  function add(tenant: string, page: Page, cell: Cell): void {
    const sums = of(tenant, page)
    const known = knownOf(tenant)
    // One namespace too many; it is ruled by what is shipped.
    if (known.pages.get(prefixOf(page)) !== sums) return
    const field = fieldOf(page, cell)
    sums.add(cell, 1)
    known.own.set(field, (known.own.get(field) ?? 0) + 1)
    sum(tenant, field, 1)
  }

  /** Where anything has been learned of a tenant's answers; in order. */
  function namespaces(tenant: string): string[] {
    const known = knownOf(tenant)
    // Whoever looks wants to see what comes in, though nothing may be asked here.
    known.used = true
    const { over, late, sent, own } = known
    return [
      ...new Set([over?.sums, late, sent, own].flatMap((sums) => [...(sums?.keys() ?? [])].map(namespaceIn))),
    ].sort()
  }

  /** Sends what has been counted, and reads what all replicas have of the tenants that have been in use since the last time. */
  async function refresh(): Promise<void> {
    const used = [...tenants.entries()].filter(([, known]) => known.used)
    for (const [, known] of used) {
      known.used = false
      known.sent = merged([known.sent, known.own])
      known.own = new Map()
    }
    await flush()
    if (used.length > 0) await read(used, true)
  }

  async function read(some: readonly (readonly [string, Known])[], isSent = false): Promise<void> {
    const [today, readAt] = [ledger.today(), clock()]
    for (const [, known] of some) known.askedAt = readAt
    const isDue = ({ over }: Known) => over?.today !== today || readAt - over.readAt >= OVER_MS
    // What we send from here on may be among what is read, and is then counted twice until the next time.
    const found = await ledger.read(some.map(([tenant, known]) => ({ tenant, whole: isDue(known) })))
    some.forEach(([, known], nth) => {
      const { over, late } = found[nth]!
      // Whose names were first yesterday need not be today.
      if (over && known.over?.today !== today) known.first.clear()
      if (over) known.over = { sums: over, today, readAt }
      known.late = late
      if (isSent) known.sent = new Map()
      known.fields = undefined
      known.pages.clear()
    })
  }

  function knownOf(tenant: string): Known {
    const known = tenants.get(tenant)
    if (known) return known
    const unknown: Known = {
      over: undefined,
      late: new Map(),
      sent: new Map(),
      own: new Map(),
      fields: undefined,
      pages: new Map(),
      first: new Set(),
      used: false,
      askedAt: -Infinity,
    }
    tenants.set(tenant, unknown)
    return unknown
  }
}

function fieldsOf({ over, late, sent, own }: Known) {
  return Map.groupBy(merged([over?.sums, late, sent, own]), ([field]) => prefixIn(field))
}
