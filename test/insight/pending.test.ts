import { expect, it } from 'vitest'
import { createPending } from '../../src/insight/pending.ts'
import type { Addition } from '../../src/ports.ts'
import { HOUR, MINUTE, START } from './counting.ts'

const acme = { tenant: 'acme', namespace: 'faq', model: 'gpt-4o', keyId: 'k' }

it('adds to a minute, its hour and its day', () => {
  const { pending, pass } = waiting()
  pass(25 * HOUR + 61 * MINUTE + 1)
  pending.of(acme)('requests', 1)
  const field = '["faq","gpt-4o","k","requests"]'
  expect(pending.take(10).map(({ keepUntil: _, ...addition }) => addition)).toEqual([
    { tally: `acme/minute/${START + 26 * HOUR + MINUTE}`, field, amount: 1 },
    { tally: `acme/hour/${START + 26 * HOUR}`, field, amount: 1 },
    { tally: `acme/day/${START + 24 * HOUR}`, field, amount: 1 },
  ])
})

it('adds the minutes of an hour up before they are sent', () => {
  const { pending, pass } = waiting()
  pending.of(acme)('requests', 1)
  pass(MINUTE)
  pending.of(acme)('requests', 2)
  expect(amounts(pending.take(10), 'minute')).toEqual([1, 2])
  pending.of(acme)('requests', 1)
  pass(MINUTE)
  pending.of(acme)('requests', 2)
  expect(amounts(pending.take(10), 'hour')).toEqual([3])
})

it('takes out so many at a time, the oldest first, until there are none', () => {
  const { pending, pass } = waiting()
  for (const metric of ['a', 'b', 'c']) pending.of(acme)(metric, 1)
  pass(MINUTE)
  pending.of(acme)('d', 1)
  expect(pending.size()).toBe(4)
  const taken = [pending.take(2), pending.take(1), pending.take(2), pending.take(2)]
  expect(taken.map((some) => [...new Set(some.map(metricOf))])).toEqual([['a', 'b'], ['c'], ['d'], []])
  expect(pending.size()).toBe(0)
})

it('does not mistake a model for another caller, whatever its name', () => {
  const { pending } = waiting()
  pending.of({ ...acme, keyId: '', model: 'k\nm' })('requests', 1)
  pending.of({ ...acme, keyId: 'k', model: 'm' })('requests', 1)
  expect(amounts(pending.take(10), 'day')).toEqual([1, 1])
})

it('cuts off the name of a model that is longer than any', () => {
  const { pending } = waiting()
  pending.of({ ...acme, model: 'm'.repeat(1_000_000) })('requests', 1)
  expect(pending.take(10)[0]!.field.length).toBeLessThan(150)
})

it('tells so many namespaces and models of a tenant apart, and counts the others together', () => {
  const { pending, pass } = waiting()
  for (let n = 0; n < 600; n++) pending.of({ ...acme, namespace: `n-${n}` })('requests', 1)
  pending.of({ ...acme, tenant: 'other' })('requests', 1)
  const requests = pending.take(10_000).filter(({ tally }) => tally.startsWith('acme/day/'))
  expect(requests).toHaveLength(501)
  expect(requests.find(({ field }) => field === '["*","*","k","requests"]')?.amount).toBe(100)
  pass(24 * HOUR)
  pending.of({ ...acme, namespace: 'n-600' })('requests', 1)
  expect(pending.take(10)[0]!.field).toContain('n-600')
})

it('gives up minutes when there is little room, then hours, then counting; and counts that', () => {
  const { pending, pass } = waiting(10)
  const spread = (name: string) => {
    for (let n = 0; n < 5; n++) {
      pending.of({ ...acme, namespace: `${name}-${n}` })(name, 1)
      pass(MINUTE)
    }
  }
  for (const name of ['fine', 'good', 'fair', 'poor', 'lost']) spread(name)
  expect(pending.size()).toBeLessThanOrEqual(21)

  const taken = pending.take(100)
  const periodsOf = (metric: string) => [
    ...new Set(taken.filter((one) => metricOf(one) === metric).map(({ tally }) => tally.split('/')[1])),
  ]
  expect(periodsOf('fine')).toEqual(['minute', 'hour', 'day'])
  expect(periodsOf('good')).toEqual(['minute', 'hour', 'day'])
  expect(periodsOf('fair')).toEqual(['hour', 'day'])
  expect(periodsOf('poor')).toEqual(['day'])
  expect(periodsOf('lost')).toEqual([])
  // What was given up is a sum as well, and takes its place.
  const service = taken.filter(({ tally }) => tally.startsWith('_service/day/'))
  expect(service.map(({ field, amount }) => [JSON.parse(field)[3], amount])).toEqual([
    ['failure.usage.coarse', 9],
    ['failure.usage.dropped', 6],
  ])
})

it('does not rank entries when there is little room', () => {
  const { pending } = waiting(1)
  pending.hit('acme', 'faq', 'ent_1')
  pending.hit('acme', 'faq', 'ent_2')
  expect(pending.take(10).map(({ field }) => field)).toEqual(['["faq","ent_1"]'])
})

it('takes minutes again once there is room', () => {
  const { pending } = waiting(2)
  for (const metric of ['a', 'b', 'c']) pending.of(acme)(metric, 1)
  pending.take(100)
  pending.of(acme)('d', 1)
  expect(amounts(pending.take(100), 'minute')).toEqual([1])
})

function waiting(room?: number) {
  let now = START
  return {
    pending: createPending(() => now, room),
    pass(ms: number): void {
      now += ms
    },
  }
}

const metricOf = ({ field }: Addition) => (JSON.parse(field) as string[])[3]!

const amounts = (additions: readonly Addition[], period: string) =>
  additions.filter(({ tally }) => tally.includes(`/${period}/`)).map(({ amount }) => amount)
