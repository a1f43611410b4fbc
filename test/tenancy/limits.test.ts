import { expect, it, onTestFinished, vi } from 'vitest'
import { localLimiter } from '../../src/adapters/embedded/local-limiter.ts'
import type { Limiter } from '../../src/ports.ts'
import { createLimits, Limits } from '../../src/tenancy/limits.ts'

const UNLIMITED = { allowed: true, headers: {}, retryAfterMs: 0 }

it.each<Limits>([
  {},
  { requestsPerMinute: 1 },
  { tokensPerMinute: 90_000, hitTokens: 0.5 },
  { hitTokens: 0, usdPerDay: 0.5, usdPerMonth: 100 },
])('takes %j for limits', (limits) => {
  expect(Limits.parse(limits)).toEqual(limits)
})

it.each([
  { requestsPerMinute: 0 },
  { requestsPerMinute: 1.5 },
  { tokensPerMinute: -1 },
  { tokensPerMinute: '100' },
  { hitTokens: 1.1 },
  { usdPerDay: 0 },
  { usdPerMonth: Infinity },
  { requestsPerMinute: undefined },
  { requestsPerHour: 5 },
])('does not take %o for limits', (limits) => {
  expect(Limits.safeParse(limits).success).toBe(false)
})

it('lets everyone in who has no limits, without a header and without asking', async () => {
  const { admit, charge } = createLimits({ limiter: failing(), clock: () => 0 })
  expect(await admit({ tenant: 'acme', limits: { usdPerDay: 5 } })).toEqual(UNLIMITED)
  await charge({ tenant: 'acme', limits: {} }, 'miss', 10)
})

it('says what is left', async () => {
  const { admit } = open()
  const limits = { requestsPerMinute: 60, tokensPerMinute: 1_000 }
  expect(await admit({ tenant: 'acme', limits })).toEqual({
    allowed: true,
    headers: {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1m0s',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '1000',
      'x-ratelimit-reset-tokens': '1m0s',
    },
    retryAfterMs: 0,
  })
})

it('says nothing of what is not limited', async () => {
  const { admit } = open()
  const { headers } = await admit({ tenant: 'acme', limits: { tokensPerMinute: 5 } })
  const names = ['limit', 'remaining', 'reset'].map((what) => `x-ratelimit-${what}-tokens`)
  expect(Object.keys(headers)).toEqual(names)
})

it.each([
  [0, '1m0s'],
  [1, '59.999s'],
  [21_360, '38.64s'],
  [59_000, '1s'],
  [59_880, '120ms'],
  [59_999, '1ms'],
])('writes the time to the end of the minute, %d ms into it, as %s', async (into, written) => {
  const { admit, advance } = open()
  advance(into)
  const { headers } = await admit({ tenant: 'acme', limits: { requestsPerMinute: 5 } })
  expect(headers['x-ratelimit-reset-requests']).toBe(written)
})

it('refuses one request too many, and says when to come again', async () => {
  const { admit, advance } = open()
  const who = { tenant: 'acme', limits: { requestsPerMinute: 2 } }
  await admit(who)
  await admit(who)
  advance(57_500)
  expect(await admit(who)).toEqual({
    allowed: false,
    why: 'requests',
    retryAfterMs: 2_500,
    headers: {
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '2.5s',
      'retry-after': '3',
      'retry-after-ms': '2500',
    },
  })
  advance(2_500)
  expect(await admit(who)).toMatchObject({ allowed: true })
})

it('refuses when no tokens are left, and takes no request for that', async () => {
  const { admit, charge } = open()
  const who = { tenant: 'acme', limits: { requestsPerMinute: 10, tokensPerMinute: 100 } }
  await admit(who)
  await charge(who, 'miss', 99)
  expect(await admit(who)).toMatchObject({ allowed: true })
  await charge(who, 'miss', 500)
  for (let again = 0; again < 2; again++)
    expect(await admit(who)).toMatchObject({
      allowed: false,
      why: 'tokens',
      headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-remaining-requests': '8' },
    })
})

it.each([
  ['tenant', { requestsPerMinute: 2 }, { requestsPerMinute: 9 }],
  ['key', { requestsPerMinute: 9 }, { requestsPerMinute: 2 }],
])('holds a caller to the limits of the %s if those are tighter', async (_, limits, keyLimits) => {
  const { admit } = open()
  const who = { tenant: 'acme', keyId: 'k1', limits, keyLimits }
  expect(await admit(who)).toMatchObject({
    headers: { 'x-ratelimit-limit-requests': '2', 'x-ratelimit-remaining-requests': '1' },
  })
  await admit(who)
  expect(await admit(who)).toMatchObject({ allowed: false, why: 'requests' })
})

it('does not let one key use up what others may have by what it is refused itself', async () => {
  const { admit } = open()
  const limits = { requestsPerMinute: 10 }
  for (let asked = 0; asked < 50; asked++)
    await admit({ tenant: 'acme', keyId: 'k1', limits, keyLimits: { requestsPerMinute: 3 } })
  expect(await admit({ tenant: 'acme', keyId: 'k2', limits })).toMatchObject({
    allowed: true,
    headers: { 'x-ratelimit-remaining-requests': '6' },
  })
})

it('counts tenants and keys apart, even of one name', async () => {
  const { admit } = open()
  const limits = { requestsPerMinute: 1 }
  expect(await admit({ tenant: 'acme', limits })).toMatchObject({ allowed: true })
  expect(await admit({ tenant: 'other', limits })).toMatchObject({ allowed: true })
  expect(await admit({ tenant: 'third', keyId: 'acme', limits: {}, keyLimits: limits })).toMatchObject({
    allowed: true,
  })
  expect(await admit({ tenant: 'acme', limits })).toMatchObject({ allowed: false })
})

it.each([
  ['nothing, if not told otherwise', {}, '1000'],
  ['the share that is told', { hitTokens: 0.25 }, '950'],
  ['as much as anything', { hitTokens: 1 }, '800'],
])("counts of a hit's tokens %s", async (_, more, remaining) => {
  const { admit, charge } = open()
  const who = { tenant: 'acme', limits: { tokensPerMinute: 1_000, ...more } }
  await charge(who, 'hit', 200)
  expect(await admit(who)).toMatchObject({ headers: { 'x-ratelimit-remaining-tokens': remaining } })
})

it('charges the tenant and the key, each by its own share of hits', async () => {
  const { admit, charge } = open()
  const limits = { tokensPerMinute: 1_000 }
  const who = { tenant: 'acme', keyId: 'k1', limits, keyLimits: { ...limits, hitTokens: 1 } }
  await charge(who, 'miss', 100)
  await charge(who, 'hit', 50)
  const leaving = (remaining: string) => ({ headers: { 'x-ratelimit-remaining-tokens': remaining } })
  expect(await admit(who)).toMatchObject(leaving('850'))
  expect(await admit({ tenant: 'acme', limits })).toMatchObject(leaving('900'))
})

it('lets everyone in while the limiter fails, and keeps that to itself', async () => {
  const { admit, charge } = createLimits({ limiter: failing(), clock: () => 0 })
  const who = { tenant: 'acme', limits: { requestsPerMinute: 1, tokensPerMinute: 1 } }
  for (let asked = 0; asked < 3; asked++) expect(await admit(who)).toEqual(UNLIMITED)
  await expect(charge(who, 'miss', 5)).resolves.toBeUndefined()
})

it('lets in whoever would have to wait for longer than its patience', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const never = () => new Promise<never>(() => {})
  const { admit } = createLimits({ limiter: { take: never, charge: never }, clock: () => 0 })
  let admission: unknown
  void admit({ tenant: 'acme', limits: { requestsPerMinute: 1 } }).then((given) => (admission = given))
  await vi.advanceTimersByTimeAsync(99)
  expect(admission).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(admission).toEqual(UNLIMITED)
})

/** At the beginning of a minute. */
function open() {
  let now = 28_333_333 * 60_000
  const clock = () => now
  return { ...createLimits({ limiter: localLimiter({ clock }), clock }), advance: (ms: number) => void (now += ms) }
}

function failing(): Limiter {
  const fail = () => Promise.reject(new Error('down'))
  return { take: fail, charge: fail }
}
