import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import { csvOf } from '../insight/csv.ts'
import type { By, Report, ReportQuery } from '../insight/report.ts'
import { type Shown, standingShown } from '../insight/standing.ts'
import { startOf } from '../insight/tallies.ts'
import type { Clock, Entry } from '../ports.ts'
import type { Policy } from '../tenancy/policies.ts'
import { checked } from '../checked.ts'
import type { Env } from './env.ts'

/** What these routes are made of. */
export interface UsageService {
  readonly report: (query: ReportQuery) => Promise<Report>
  readonly clock: Clock
  /** Rejects if the entry is not there, or not the tenant's. */
  readonly entries: { find(tenant: string, id: string): Promise<Entry> }
  /** How a tenant's namespaces stand with their error budgets. */
  readonly standingsOf: (tenant: string, policyOf: (namespace: string) => Policy) => Promise<readonly Shown[]>
  /** Gauges: what the store and the index hold, of a tenant and of all. */
  readonly sizes: (tenant: string | undefined) => Promise<Record<string, unknown>>
  /** The date of the price list that is counted by. */
  readonly pricesAsOf: string
}

export interface OperatorUsageService extends UsageService {
  /** Everyone who may have used something. */
  readonly tenants: () => Promise<readonly string[]>
}

const Milliseconds = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const Iso = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => Date.parse(text))
const Time = z.union([Milliseconds, Iso], 'must be a time: ISO 8601 with its zone, or milliseconds since 1970')

const some = (names: readonly By[]) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .refine((given): given is By[] => given.every((name) => (names as string[]).includes(name)), {
      message: `must be some of ${names.join(', ')}`,
    })
    .default([])

const Query = z.strictObject({
  from: Time.exactOptional(),
  to: Time.exactOptional(),
  bucket: z.enum(['minute', 'hour', 'day', 'total']).default('total'),
  by: some(['namespace', 'model', 'key', 'arm']),
  format: z.enum(['json', 'csv']).default('json'),
  top: z.coerce.number().int().min(0).max(100).default(10),
})
const OperatorQuery = Query.extend({
  by: some(['tenant', 'namespace', 'model', 'key', 'arm']),
  tenant: z.string().min(1).exactOptional(),
})

/** For a tenant: what the cache did, and what that came to. */
export function usageRoutes(app: Hono<Env>, service: UsageService): void {
  app.get('/v1/cache/stats', async (c) => {
    const { tenant, policyOf } = c.get('standing')
    const query = checked(Query, c.req.query())
    const budgets = query.format === 'csv' ? [] : (await service.standingsOf(tenant, policyOf)).map(standingShown)
    return answer(c, service, [tenant], query, ({ tenant: _, ...own }) => own, { budgets })
  })
}

/** The same for the operator, over one tenant or all; whoever registers it sees to it that nobody else gets there. */
export function operatorUsageRoutes(app: Hono<Env>, service: OperatorUsageService): void {
  app.get('/v1/admin/stats', async (c) => {
    const { tenant, ...query } = checked(OperatorQuery, c.req.query())
    const tenants = tenant === undefined ? await service.tenants() : [tenant]
    return answer(c, service, tenants, query, (ranked) => ranked)
  })
}

async function answer(
  c: Context<Env>,
  service: UsageService,
  tenants: readonly string[],
  { format, from, to, top, ...query }: z.output<typeof Query>,
  shown: <T extends { readonly tenant: string }>(ranked: T) => object,
  more: object = {},
): Promise<Response> {
  const until = to ?? service.clock() + 1
  const within = { from: from ?? startOf('day', until - 1), to: until }
  const told = await reported(service, { tenants, ...query, ...within, top: format === 'csv' ? 0 : top })
  if (format === 'csv') {
    return c.body(csvOf(told), 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="usage.csv"',
    })
  }

  const { total, top_entries: entries, least_useful_namespaces: least, rows, ...head } = told
  const questions = entries.map(async (entry) => ({ ...shown(entry), question: await questionOf(service, entry) }))
  return c.json({
    ...head,
    ...total,
    prices_as_of: service.pricesAsOf,
    rows,
    top_questions: await Promise.all(questions),
    least_useful_namespaces: least.map(shown),
    ...more,
    ...(await service.sizes(tenants.length === 1 ? tenants[0] : undefined)),
  })
}

async function reported(service: UsageService, query: ReportQuery): Promise<Report> {
  try {
    return await service.report(query)
  } catch (cause) {
    if (cause instanceof ServiceError && cause.status < 500) throw cause
    const message = 'the counts cannot be read just now; none of them is lost'
    throw new ServiceError(503, 'counts_unavailable', message, { cause })
  }
}

/** `null` once the entry is gone. */
async function questionOf({ entries }: UsageService, { tenant, id }: Report['top_entries'][number]) {
  const entry = await entries.find(tenant, id).catch(() => undefined)
  return entry?.question ?? null
}
