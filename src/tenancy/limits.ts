import { z } from 'zod'
import { inTime } from '../deadline.ts'
import type { Allowance, Clock, Limiter, Rate } from '../ports.ts'

/** What a tenant, or one of its keys, may use; what is left out is without limit. */
export const Limits = z.strictObject({
  requestsPerMinute: z.int().positive().exactOptional(),
  tokensPerMinute: z.int().positive().exactOptional(),
  /** The share of a hit's tokens that counts towards `tokensPerMinute`; none by default, for they cost nothing. */
  hitTokens: z.number().min(0).max(1).exactOptional(),
  usdPerDay: z.number().positive().exactOptional(),
  usdPerMonth: z.number().positive().exactOptional(),
})
export type Limits = z.infer<typeof Limits>

/** Whose limits hold for a request. */
export interface Limited {
  readonly tenant: string
  readonly limits: Limits
  readonly keyId?: string | undefined
  readonly keyLimits?: Limits | undefined
}

export interface Admission {
  readonly allowed: boolean
  /** For the response, whether it is allowed or not: what is left, in OpenAI's words. */
  readonly headers: Readonly<Record<string, string>>
  /** What there was too much of. */
  readonly why?: Kind
  /** When it is worth trying again; 0 if allowed. */
  readonly retryAfterMs: number
}

export interface LimitsOptions {
  readonly limiter: Limiter
  readonly clock: Clock
  /** Who is not refused within so long is let in. */
  readonly patienceMs?: number
}

type Kind = 'requests' | 'tokens'

interface Limit {
  readonly kind: Kind
  readonly name: string
  readonly rate: Rate
  readonly hitTokens: number
}

interface Found extends Allowance, Limit {}

const MINUTE_MS = 60_000
const STEPS = 10
const OPEN: Admission = { allowed: true, headers: {}, retryAfterMs: 0 }

/** Holds tenants and their keys to their limits. A limiter that fails, or makes one wait, limits nobody. */
export function createLimits({ limiter, clock, patienceMs = 100 }: LimitsOptions) {
  const take = async (limit: Limit, units: number): Promise<Found> => ({
    ...limit,
    ...(await limiter.take(limit.name, limit.rate, units)),
  })

  /** Takes a request from the key first: what its own limit refuses is not to be taken from all others of the tenant. */
  const takeAll = async (limits: readonly Limit[]): Promise<Found[]> => {
    const found = await Promise.all(limits.filter(({ kind }) => kind === 'tokens').map((limit) => take(limit, 0)))
    for (const limit of limits.filter(({ kind }) => kind === 'requests'))
      found.push(await take(limit, found.every(({ allowed }) => allowed) ? 1 : 0))
    return found
  }

  return {
    /** Takes one request, if all limits allow it; of tokens there must be some left, however many it will need. */
    async admit(who: Limited): Promise<Admission> {
      const limits = limitsOf(who)
      if (limits.length === 0) return OPEN
      const admission = takeAll(limits).then(
        (found) => admissionOf(found, clock()),
        () => OPEN,
      )
      return orOpen(admission, patienceMs)
    },
    /** Takes the tokens that a request turned out to need. Never rejects. */
    async charge(who: Limited, outcome: 'hit' | 'miss', tokens: number): Promise<void> {
      const charges = limitsOf(who).map(async ({ kind, name, rate, hitTokens }) => {
        const units = Math.round(outcome === 'hit' ? tokens * hitTokens : tokens)
        if (kind === 'tokens' && units > 0) await limiter.charge(name, rate, units)
      })
      await Promise.allSettled(charges)
    },
  }
}

/**
 * Lets in whoever would have to wait for longer. Waits in small steps, each of which has its turn only after whatever has
 * come in meanwhile: a process with its hands full must not take that for a slow limiter, and let in all just then.
 */
async function orOpen(admission: Promise<Admission>, patienceMs: number): Promise<Admission> {
  for (let left = STEPS; left > 0; left--) {
    const found = await inTime(patienceMs / STEPS, admission, undefined)
    if (found) return found
  }
  return OPEN
}

/** The key's before the tenant's. */
function limitsOf({ tenant, limits, keyId, keyLimits }: Limited): Limit[] {
  const own = keyId !== undefined && keyLimits ? limitsUnder(`key/${keyId}`, keyLimits) : []
  return [...own, ...limitsUnder(`tenant/${tenant}`, limits)]
}

function limitsUnder(owner: string, { requestsPerMinute, tokensPerMinute, hitTokens = 0 }: Limits): Limit[] {
  const limits: Limit[] = []
  const add = (kind: Kind, units: number | undefined) => {
    if (units === undefined) return
    limits.push({ kind, name: `${owner}/${kind}`, rate: { units, windowMs: MINUTE_MS }, hitTokens })
  }
  add('requests', requestsPerMinute)
  add('tokens', tokensPerMinute)
  return limits
}

function admissionOf(found: readonly Found[], now: number): Admission {
  const headers = { ...headersOf('requests', found, now), ...headersOf('tokens', found, now) }
  const refusals = found.filter(({ allowed }) => !allowed)
  const [refusal] = refusals
  if (!refusal) return { allowed: true, headers, retryAfterMs: 0 }

  const retryAfterMs = Math.max(...refusals.map((refusal) => untilReset(refusal, now)))
  const retry = { 'retry-after': `${Math.ceil(retryAfterMs / 1000)}`, 'retry-after-ms': `${retryAfterMs}` }
  return { allowed: false, headers: { ...headers, ...retry }, why: refusal.kind, retryAfterMs }
}

/** Of two limits a caller has to mind the one with less left. */
function headersOf(kind: Kind, found: readonly Found[], now: number): Record<string, string> {
  const [tightest] = found.filter((limit) => limit.kind === kind).sort((a, b) => a.remaining - b.remaining)
  if (!tightest) return {}
  return {
    [`x-ratelimit-limit-${kind}`]: `${tightest.rate.units}`,
    [`x-ratelimit-remaining-${kind}`]: `${tightest.remaining}`,
    [`x-ratelimit-reset-${kind}`]: spanOf(untilReset(tightest, now)),
  }
}

const untilReset = ({ resetAt }: Allowance, now: number) => Math.max(Math.ceil(resetAt - now), 0)

/** As OpenAI writes it: `120ms`, `1s`, `6m0s`. */
function spanOf(ms: number): string {
  if (ms < 1000) return `${ms}ms`
  const minutes = Math.floor(ms / MINUTE_MS)
  const seconds = `${(ms % MINUTE_MS) / 1000}s`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}
