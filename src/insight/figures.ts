import { percentilesOf } from './latency.ts'
import { precisionOf } from './precision.ts'
import { NANO_USD } from './pricing.ts'

/** Amounts by metric. */
export type Sums = ReadonlyMap<string, number>

/** What a report says of one group, or of all: counts, savings and times. */
export type Figures = ReturnType<typeof figuresOf>

export function figuresOf(sums: Sums) {
  const family = families(sums)
  const of = (metric: string) => sums.get(metric) ?? 0
  const usd = (metric: string) => of(metric) / NANO_USD
  const hits = of('hit.exact') + of('hit.semantic')
  const misses = byReason(family.get('miss'))
  const lookups = hits + of('joined') + misses.total
  const withheld = of('miss.shadow') + of('miss.control')
  const net = of('saved.nano_usd') - of('embedding.nano_usd') - of('audit.nano_usd') - of('refresh.nano_usd')

  return {
    requests: of('requests'),
    hits: { total: hits, exact: of('hit.exact'), semantic: of('hit.semantic'), stale: of('hit.stale') },
    joined: of('joined'),
    misses,
    bypasses: byReason(family.get('bypass')),
    kept: of('kept'),
    not_kept: byReason(family.get('not_kept')),
    refreshes: of('refresh'),
    hit_rate: lookups === 0 ? null : hits / lookups,
    would_be_hit_rate: lookups === 0 ? null : (hits + withheld) / lookups,
    labels: {
      audit: labels('audit'),
      shadow: labels('shadow'),
      control: labels('control'),
      near_miss: labels('near-miss'),
      feedback: labels('feedback'),
    },
    audits_dropped: of('audit.dropped'),
    budget: {
      tightened: of('budget.tightened'),
      exact_only: of('budget.exact-only'),
      restored: of('budget.restored'),
    },
    saved: {
      prompt_tokens: of('saved.prompt_tokens'),
      completion_tokens: of('saved.completion_tokens'),
      time_s: of('time_saved_ms') / 1000,
      usd: usd('saved.nano_usd'),
      hits_without_price: of('saved.unpriced'),
      embedding_usd: usd('embedding.nano_usd'),
      audit_usd: usd('audit.nano_usd'),
      refresh_usd: usd('refresh.nano_usd'),
      net_usd: net / NANO_USD,
    },
    spent: {
      prompt_tokens: of('spent.prompt_tokens'),
      completion_tokens: of('spent.completion_tokens'),
      usd: usd('spent.nano_usd'),
      answers_without_price: of('spent.unpriced'),
    },
    latency_ms: latencies(family.get('latency')),
  }

  function labels(source: string) {
    const turned = (how: string) => of(`label.${source}.${how}`)
    return { ...precisionOf(turned('right'), turned('wrong')), unclear: turned('unclear') }
  }
}

/** Ports that failed, and answers of the model that were no success. */
export function failuresOf(sums: Sums) {
  const names = families(sums).get('failure') ?? []
  return { total: total(names), by_name: Object.fromEntries(names) }
}

type Family = readonly (readonly [name: string, amount: number])[]

/** Metrics by what they have before the first dot: what is after it, the most first. */
function families(sums: Sums): ReadonlyMap<string, Family> {
  const families = new Map<string, [string, number][]>()
  for (const [metric, amount] of sums) {
    const dot = metric.indexOf('.')
    const family = metric.slice(0, dot)
    const member: [string, number] = [metric.slice(dot + 1), amount]
    const known = families.get(family)
    if (known) known.push(member)
    else families.set(family, [member])
  }
  for (const family of families.values()) family.sort(([, one], [, other]) => other - one)
  return families
}

function byReason(family: Family = []) {
  return { total: total(family), by_reason: Object.fromEntries(family) }
}

function latencies(family: Family = []) {
  const buckets = {
    hit: new Map<number, number>(),
    joined: new Map<number, number>(),
    miss: new Map<number, number>(),
    bypass: new Map<number, number>(),
  }
  for (const [name, count] of family) {
    const [kind, bucket] = name.split('.') as [keyof typeof buckets, string]
    buckets[kind].set(Number(bucket), count)
  }
  const { hit, joined, miss, bypass } = buckets
  return {
    hit: percentilesOf(hit),
    joined: percentilesOf(joined),
    miss: percentilesOf(miss),
    bypass: percentilesOf(bypass),
  }
}

const total = (family: Family) => family.reduce((sum, [, amount]) => sum + amount, 0)
