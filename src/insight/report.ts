import { setImmediate as othersFirst } from 'node:timers/promises'
import { ServiceError } from '../errors.ts'
import type { Clock, Counters } from '../ports.ts'
import { type Bucket, cover } from './cover.ts'
import { type Figures, type Sums, failuresOf, figuresOf } from './figures.ts'
import { type LeastUseful, type TopEntry, leastUseful, topEntries } from './rankings.ts'
import { OTHERS, SERVICE, parseField, startOf, usageTally } from './tallies.ts'

/** What a report can be broken down by. */
export type By = 'tenant' | 'namespace' | 'model' | 'key' | 'arm'

export interface ReportQuery {
  readonly tenants: readonly string[]
  /** Milliseconds since the epoch; `to` itself is not part of it. */
  readonly from: number
  readonly to: number
  readonly bucket: Bucket
  readonly by: readonly By[]
  /** How long the rankings are to be, at most. */
  readonly top: number
}

/** A group within a bucket of time. There is none where nothing was counted. */
export type Row = { readonly start: string } & Readonly<Partial<Record<By, string>>> & Figures

export interface Report {
  readonly since: string
  readonly until: string
  readonly bucket: Bucket
  readonly by: readonly By[]
  readonly total: Figures
  /** The tenants' own, and those of the service itself. */
  readonly failures: ReturnType<typeof failuresOf>
  readonly rows: readonly Row[]
  readonly top_entries: readonly TopEntry[]
  readonly least_useful_namespaces: readonly LeastUseful[]
}

export interface ReportSources {
  readonly counters: Counters
  readonly clock: Clock
  /** Sends what this replica has counted and not sent yet, so that whoever asks finds what they just did. */
  readonly flush: () => Promise<void>
}

/** So many sums are read at once; after them, requests have their turn. */
const AT_ONCE = 10
const MOST_ROWS = 5_000

/** Adds up what all replicas have counted. A `ServiceError` 400 says what cannot be told. */
export async function report({ counters, clock, flush }: ReportSources, query: ReportQuery): Promise<Report> {
  const { tenants, bucket, by } = query
  const now = clock()
  const { since, until, spans } = cover(query.from, query.to, bucket, now)
  await flush()

  const total = new Map<string, number>()
  const namespaces = new Map<string, Map<string, number>>()
  const groups = new Map<string, Map<string, number>>()
  for (const tenant of [SERVICE, ...tenants]) {
    const read = createReader(tenant, by)
    for (let at = 0; at < spans.length; at += AT_ONCE) {
      const some = spans.slice(at, at + AT_ONCE)
      const tallies = await counters.read(some.map(({ period, start }) => usageTally(tenant, period, start).tally))
      tallies.forEach((tally, nth) => {
        const start = bucket === 'total' ? since : startOf(bucket, some[nth]!.start)
        for (const [field, amount] of tally) {
          const { metric, namespace, group, isFailure } = read(field)
          add(total, metric, amount)
          // Failures belong to no namespace, model, key or arm.
          if (isFailure) continue
          if (namespace !== OTHERS) add(sumsOf(namespaces, `${tenant}\n${namespace}`), metric, amount)
          add(sumsOf(groups, `${start}\n${group}`), metric, amount)
        }
      })
      if (groups.size > MOST_ROWS) {
        const message = `by ${by.join(', ')} makes more than ${MOST_ROWS} rows; take less of it, or wider buckets`
        throw new ServiceError(400, 'invalid_request', message, { param: 'by' })
      }
      await othersFirst()
    }
  }

  return {
    since: iso(since),
    until: iso(Math.min(until, now)),
    bucket,
    by,
    total: figuresOf(total),
    failures: failuresOf(total),
    rows: [...groups].map(([group, sums]) => rowOf(group, by, sums)).sort(byStart),
    top_entries: await topEntries({ counters, now }, { tenants, since, until }, query.top),
    least_useful_namespaces: leastUseful(namespaces, query.top),
  }
}

/** Reads each field once, however many sums have it. */
function createReader(tenant: string, by: readonly By[]) {
  const known = new Map<string, ReturnType<typeof read>>()
  const read = (text: string) => {
    const field = { ...parseField(text), tenant }
    const group = JSON.stringify(by.map((name) => field[name]))
    return { ...field, group, isFailure: field.metric.startsWith('failure.') }
  }
  return (text: string) => {
    const field = known.get(text) ?? read(text)
    known.set(text, field)
    return field
  }
}

function sumsOf(groups: Map<string, Map<string, number>>, group: string): Map<string, number> {
  const sums = groups.get(group) ?? new Map<string, number>()
  groups.set(group, sums)
  return sums
}

function add(sums: Map<string, number>, metric: string, amount: number): void {
  sums.set(metric, (sums.get(metric) ?? 0) + amount)
}

function rowOf(group: string, by: readonly By[], sums: Sums): Row {
  const end = group.indexOf('\n')
  const labels = JSON.parse(group.slice(end + 1)) as string[]
  const named: Partial<Record<By, string>> = Object.fromEntries(by.map((name, at) => [name, labels[at]!]))
  return { start: iso(Number(group.slice(0, end))), ...named, ...figuresOf(sums) }
}

const iso = (at: number) => new Date(at).toISOString()

/** Within one start, the most requests first. */
function byStart(one: Row, other: Row): number {
  return one.start.localeCompare(other.start) || other.requests - one.requests
}
