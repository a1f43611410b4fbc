import { z } from 'zod'
import { BINS, binOf, zeros } from '../matching/bins.ts'
import type { Evidence } from '../matching/evidence.ts'
import type { Hour, State } from './state.ts'

/** Where labels are summed up: scores of two spaces cannot be compared, and each namespace has its own budget. */
export interface Page {
  readonly namespace: string
  readonly space: string
}

/** Under which budget answers are served, and since when; what was served under another is not held against this one. */
export interface Terms {
  readonly maxWrongHitRate: number
  /** When its tenant's policy was last set; 0 if it never was. */
  readonly since: number
}

/** One number that is summed up: a question that was judged, a label, or how a served answer turned out. */
export type Cell =
  | readonly ['judged' | 'right' | 'wrong', bin: number]
  | readonly [`${'within' | 'tightened'}.${'right' | 'wrong'}`, terms: string, hour: number]

export const fieldOf = ({ namespace, space }: Page, cell: Cell): string => JSON.stringify([namespace, space, ...cell])

/** What the fields of a page begin with, and no others. Neither name has a quotation mark in it. */
export const prefixOf = ({ namespace, space }: Page): string => `["${namespace}","${space}"`

/** The prefix of a field. */
export const prefixIn = (field: string): string => field.slice(0, field.indexOf('","', field.indexOf('","') + 3) + 1)

/** The namespace that a field is about. */
export const namespaceIn = (field: string): string => field.slice(2, field.indexOf('"', 2))

export const termsOf = ({ maxWrongHitRate, since }: Terms): string => `${maxWrongHitRate}@${since}`

/** The cell of a score; none if it is of no interest. */
export function cellOf(kind: 'judged' | 'right' | 'wrong', score: number | undefined): Cell | undefined {
  const bin = score === undefined ? undefined : binOf(score)
  return bin === undefined ? undefined : [kind, bin]
}

/** Served answers under terms that hold no more, or in a state in which none are, count for nothing. */
export function servedCell(terms: Terms, state: State, right: boolean, hour: number): Cell | undefined {
  if (state === 'exact-only') return undefined
  return [`${state}.${right ? 'right' : 'wrong'}`, termsOf(terms), hour]
}

const Field = z.union([
  z.tuple([
    z.string(),
    z.string(),
    z.enum(['judged', 'right', 'wrong']),
    z
      .number()
      .int()
      .min(0)
      .max(BINS - 1),
  ]),
  z.tuple([
    z.string(),
    z.string(),
    z.enum(['within.right', 'within.wrong', 'tightened.right', 'tightened.wrong']),
    z.string(),
    z.number(),
  ]),
])

/** What is known of one page. */
export interface PageSums {
  readonly evidence: Evidence
  /** Changes, to what no other page has, when there is news of how answers turned out. */
  readonly version: number
  hoursUnder(terms: Terms): readonly Hour[]
  add(cell: Cell, amount: number): void
}

let versions = 0

/** The sums of one page, from its fields and their amounts; what cannot be read is left out. */
export function pageOf(page: Page, fields: Iterable<readonly [field: string, amount: number]>): PageSums {
  const evidence = { judged: zeros(), right: zeros(), wrong: zeros() }
  const hours = new Map<string, Map<number, Counts>>()
  let version = ++versions
  const add = (cell: Cell, amount: number) => {
    if (cell[0] !== 'judged') version = ++versions
    if (cell.length === 2) return void (evidence[cell[0]][cell[1]]! += amount)
    const [kind, terms, hour] = cell
    const under = hours.get(terms) ?? new Map<number, Counts>()
    const counts = under.get(hour) ?? { hour, within: { right: 0, wrong: 0 }, tightened: { right: 0, wrong: 0 } }
    const [state, turned] = kind.split('.') as ['within' | 'tightened', 'right' | 'wrong']
    counts[state][turned] += amount
    hours.set(terms, under.set(hour, counts))
  }
  for (const [field, amount] of fields) {
    const cell = cellIn(field, page)
    if (cell) add(cell, amount)
  }
  return {
    evidence,
    get version() {
      return version
    },
    hoursUnder: (terms) => [...(hours.get(termsOf(terms))?.values() ?? [])],
    add,
  }
}

interface Counts {
  readonly hour: number
  readonly within: { right: number; wrong: number }
  readonly tightened: { right: number; wrong: number }
}

function cellIn(text: string, { namespace, space }: Page): Cell | undefined {
  try {
    const field = Field.safeParse(JSON.parse(text)).data
    return field?.[0] === namespace && field[1] === space ? (field.slice(2) as unknown as Cell) : undefined
  } catch {
    return undefined
  }
}
