import { ServiceError } from '../errors.ts'
import { DAY_MS, PERIODS, type Period, startOf } from './tallies.ts'

/** What a report tells apart in time. */
export type Bucket = Period | 'total'

export interface Span {
  readonly period: Period
  readonly start: number
}

export interface Cover {
  /** As near to what was asked for as what is kept allows; `until` itself is not part of it, and may be yet to come. */
  readonly since: number
  readonly until: number
  /** Side by side, and none wider than the bucket. */
  readonly spans: readonly Span[]
}

/** So many sums are read for one report: a month of hours, two years of days. */
export const MOST_SPANS = 800

/** The fewest sums that a stretch of time is made of: whole days, and hours and minutes at its edges. */
export function cover(from: number, to: number, bucket: Bucket, now: number): Cover {
  const widest = bucket === 'total' ? 'day' : bucket
  const oldest = startOf(widest, now - PERIODS[widest].keptMs)
  if (from < oldest) {
    const days = PERIODS[widest].keptMs / DAY_MS
    throw invalid('from', `is too long ago: by the ${widest}, counts are kept for ${days} days`)
  }
  if (from >= to) throw invalid('from', 'must be before `to`')
  if (from > now) throw invalid('from', 'is in the future')

  const sinceFinest = finest(now, () => from)
  const since = startOf(sinceFinest, from)
  const untilFinest = finest(now, (wider) => Math.max(since, startOf(wider, to - 1)))
  // Nothing has been counted yet beyond now, so that the bucket under way may as well be read whole.
  const until = to > startOf('minute', now) ? endOf(widest, now + 1) : endOf(untilFinest, to)
  const spans = [...split(since, until, widest)]
  if (spans.length > MOST_SPANS) {
    throw invalid('bucket', `makes ${spans.length} of this time, and ${MOST_SPANS} is the most; take a wider one`)
  }
  return { since, until, spans }
}

/** The finest sums that are kept still, all the way to the bounds of the next wider ones. */
function finest(now: number, reach: (wider: Period) => number): Period {
  const isKept = (period: Period, at: number) => at >= startOf(period, now - PERIODS[period].keptMs)
  if (isKept('minute', reach('hour'))) return 'minute'
  return isKept('hour', reach('day')) ? 'hour' : 'day'
}

/** The end of the period that `at` is in, or `at` itself if one ends there. */
function endOf(period: Period, at: number): number {
  return startOf(period, at - 1) + PERIODS[period].lengthMs
}

const WIDEST_FIRST = ['day', 'hour', 'minute'] as const

function* split(since: number, until: number, widest: Period): Generator<Span> {
  const periods = WIDEST_FIRST.slice(WIDEST_FIRST.indexOf(widest))
  for (let start = since; start < until;) {
    const fits = (period: Period) =>
      startOf(period, start) === start && (period === 'minute' || start + PERIODS[period].lengthMs <= until)
    const period = periods.find(fits)!
    yield { period, start }
    start += PERIODS[period].lengthMs
  }
}

function invalid(param: string, message: string): ServiceError {
  return new ServiceError(400, 'invalid_request', `${param} ${message}`, { param })
}
