import { expect, it } from 'vitest'
import { type Bucket, cover } from '../../src/insight/cover.ts'
import { PERIODS, type Period } from '../../src/insight/tallies.ts'
import { DAY, HOUR, MINUTE, START } from './counting.ts'

/** Thursday, 13:30:20. */
const NOW = START + 900 * DAY + 13 * HOUR + 30 * MINUTE + 20_000
const TODAY = START + 900 * DAY

it('reads today as one day, for nothing has been counted yet of its rest', () => {
  expect(cover(TODAY, NOW + 1, 'total', NOW)).toEqual({
    since: TODAY,
    until: TODAY + DAY,
    spans: [{ period: 'day', start: TODAY }],
  })
})

it('takes whole days, and hours and minutes at the edges', () => {
  const from = TODAY - 2 * DAY + 22 * HOUR + 58 * MINUTE
  const to = TODAY + 2 * HOUR + 2 * MINUTE
  expect(shortly(from, to, 'total')).toEqual(['2 minute', '1 hour', '1 day', '2 hour', '2 minute'])
})

it.each([
  ['minute', ['62 minute']],
  ['hour', ['1 hour', '2 minute']],
  ['day', ['1 hour', '2 minute']],
] as const)('takes nothing wider than a %s if that is the bucket', (bucket, spans) => {
  expect(shortly(TODAY + HOUR, TODAY + 2 * HOUR + 2 * MINUTE, bucket)).toEqual(spans)
})

it('takes the minutes that the bounds are in whole', () => {
  const { since, until } = cover(TODAY + HOUR + 1, TODAY + HOUR + MINUTE + 1, 'minute', NOW)
  expect([since, until]).toEqual([TODAY + HOUR, TODAY + HOUR + 2 * MINUTE])
})

it('takes the hours that the bounds are in whole, where minutes are kept no more', () => {
  const from = TODAY - 10 * DAY + 5 * HOUR + 30 * MINUTE
  expect(cover(from, from + HOUR, 'total', NOW)).toEqual({
    since: from - 30 * MINUTE,
    until: from + 90 * MINUTE,
    spans: [
      { period: 'hour', start: from - 30 * MINUTE },
      { period: 'hour', start: from + 30 * MINUTE },
    ],
  })
})

it('takes the days that the bounds are in whole, where hours are kept no more', () => {
  const from = TODAY - 100 * DAY + 5 * HOUR
  expect(cover(from, from + HOUR, 'total', NOW)).toMatchObject({
    since: TODAY - 100 * DAY,
    until: TODAY - 99 * DAY,
    spans: [{ period: 'day', start: TODAY - 100 * DAY }],
  })
})

it.each<[Bucket, number]>([
  ['minute', 10 * HOUR],
  ['hour', 30 * DAY],
  ['day', 731 * DAY],
  ['total', 731 * DAY],
])('by the %s, covers all of the time without a gap or overlap, from sums that are kept', (bucket, length) => {
  const oldest = { minute: 2, hour: 40, day: 731, total: 731 }[bucket] * DAY
  for (let n = 0; n < 300; n++) {
    const from = NOW - ((n * 7_919 * 86_413) % oldest)
    const to = Math.min(from + 1 + ((n * 104_729 * 6_311) % length), NOW + 1)
    const { since, spans } = cover(from, to, bucket, NOW)
    let at = since
    const sound = spans.every(({ period, start }) => {
      const joins = start === at
      at += PERIODS[period].lengthMs
      return joins && isKept(period, start)
    })
    expect({ from, to, sound }).toEqual({ from, to, sound: true })
    expect(since).toBeLessThanOrEqual(from)
    expect(at).toBeGreaterThanOrEqual(to)
    expect(spans.length).toBeLessThanOrEqual(800)
  }
})

it.each<[string, number, number, Bucket, string]>([
  ['minutes that are kept no more', NOW - 3 * DAY, NOW, 'minute', 'from'],
  ['hours that are kept no more', NOW - 41 * DAY, NOW, 'hour', 'from'],
  ['days that are kept no more', NOW - 800 * DAY, NOW, 'day', 'from'],
  ['more than is kept in all', 0, NOW, 'total', 'from'],
  ['time that runs backwards', NOW, NOW - 1, 'total', 'from'],
  ['no time at all', NOW, NOW, 'total', 'from'],
  ['the future', NOW + 1, NOW + DAY, 'total', 'from'],
  ['too many minutes', NOW - 14 * HOUR, NOW, 'minute', 'bucket'],
  ['too many hours', NOW - 34 * DAY, NOW, 'hour', 'bucket'],
])('refuses %s', (_, from, to, bucket, param) => {
  expect(() => cover(from, to, bucket, NOW)).toThrow(expect.objectContaining({ status: 400, param }))
})

function isKept(period: Period, start: number): boolean {
  return start + PERIODS[period].lengthMs + PERIODS[period].keptMs > NOW
}

function shortly(from: number, to: number, bucket: Bucket): string[] {
  const runs: [Period, number][] = []
  for (const { period } of cover(from, to, bucket, NOW).spans) {
    const last = runs.at(-1)
    if (last?.[0] === period) last[1]++
    else runs.push([period, 1])
  }
  return runs.map(([period, count]) => `${count} ${period}`)
}
