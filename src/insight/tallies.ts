const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The spans of time (UTC) that usage is summed over, and how long each sum is kept. */
export const PERIODS = {
  minute: { lengthMs: MINUTE_MS, keptMs: 2 * DAY_MS },
  hour: { lengthMs: HOUR_MS, keptMs: 40 * DAY_MS },
  day: { lengthMs: DAY_MS, keptMs: 731 * DAY_MS },
} as const
export type Period = keyof typeof PERIODS

/** How long it is kept which entries were asked for most, by the day. */
export const TOP_KEPT_MS = 40 * DAY_MS

/** What happened to the service itself is under this name, which no tenant has. */
export const SERVICE = '_service'

/** Stands for all the namespaces and models of a tenant that are too many to be told apart. */
export const OTHERS = '*'

/** One sum, and when it may be forgotten. */
export interface Tally {
  readonly tally: string
  readonly keepUntil: number
}

/** When the minute, hour or day began in which something happened. */
export function startOf(period: Period, at: number): number {
  const { lengthMs } = PERIODS[period]
  return Math.floor(at / lengthMs) * lengthMs
}

/** What a tenant used within the span of time that begins then; fields are those of `fieldOf`. */
export function usageTally(tenant: string, period: Period, start: number): Tally {
  const { lengthMs, keptMs } = PERIODS[period]
  return { tally: `${tenant}/${period}/${start}`, keepUntil: start + lengthMs + keptMs }
}

/** How often each of a tenant's entries was a hit on the day that begins then; fields are `[namespace, id]`. */
export function topTally(tenant: string, start: number): Tally {
  return { tally: `${tenant}/top/${start}`, keepUntil: start + DAY_MS + TOP_KEPT_MS }
}

/** How long labels are gone by. */
export const LABEL_DAYS = 14

/** What was learned on the day that begins then of a tenant's answers, and of those that were nearly served. */
export function labelTally(tenant: string, start: number): Tally {
  return { tally: `${tenant}/labels/${start}`, keepUntil: start + (LABEL_DAYS + 1) * DAY_MS }
}

/** Of what a tenant used: where, of which model, with which key, what. */
export interface Field {
  readonly namespace: string
  readonly model: string
  /** Empty for requests without one. */
  readonly key: string
  readonly metric: string
  /** Of a trial: `on`, `control` or `shadow`; empty where nothing is being tried out. */
  readonly arm: string
}

export function fieldOf({ namespace, model, key, metric, arm }: Field): string {
  return JSON.stringify([namespace, model, key, metric, ...(arm === '' ? [] : [arm])])
}

export function parseField(text: string): Field {
  const [namespace, model, key, metric, arm = ''] = JSON.parse(text) as [string, string, string, string, string?]
  return { namespace, model, key, metric, arm }
}
