import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A question in order of arrival; those of one cluster may share an answer. */
export interface Arrival {
  readonly question: string
  /** Absent if it shares its answer with none. */
  readonly cluster: string | undefined
}

/** Two questions, and whether one answer serves both. */
export interface Pair {
  readonly known: string
  readonly asked: string
  readonly same: boolean
}

/** A number from 0 up to 1, the same ones in every run. */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0
    return state / 2 ** 32
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items]
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order
}

/** Questions labelled by intent, as they might arrive. */
export function intents(folder: string, name: string, most: number, random: () => number): Arrival[] {
  const rows = lines<{ text: string; intent: string }>(join(folder, `${name}.jsonl`))
  const arrivals = rows.map(({ text, intent }) => ({ question: text, cluster: intent === 'oos' ? undefined : intent }))
  return shuffled(arrivals, random).slice(0, most)
}

export function pairs(folder: string, name: string): Pair[] {
  const rows = lines<{ a: string; b: string; same: number }>(join(folder, `${name}.jsonl`))
  return rows.map(({ a, b, same }) => ({ known: a, asked: b, same: same === 1 }))
}

/** The share of questions taken of those that have no duplicate. */
const SINGLES = 0.15
/** Larger ones are chains, in which the first and the last are no duplicates any more. */
const LARGEST = 8

/** Titles from Ask Ubuntu, in lines of a label and two of them; what is called duplicate, directly or not, is a cluster. */
export function titles(files: readonly string[], random: () => number): Arrival[] {
  const leader = new Map<string, string>()
  const leaderOf = (title: string): string => {
    let at = title
    for (let next = leader.get(at); next !== undefined && next !== at; next = leader.get(at)) at = next
    return at
  }
  for (const line of files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
    const [label, one, other] = line.split('\t')
    if (!one || !other) continue
    for (const title of [one, other]) if (!leader.has(title)) leader.set(title, title)
    if (label === 'duplicate') leader.set(leaderOf(one), leaderOf(other))
  }
  const clusters = Map.groupBy(leader.keys(), leaderOf)
  const chosen = shuffled([...clusters], random).filter(([, { length }]) =>
    length > 1 ? length <= LARGEST : random() < SINGLES,
  )
  const arrivals = chosen.flatMap(([cluster, all]) => all.map((question) => ({ question, cluster })))
  return shuffled(arrivals, random)
}

function lines<Row>(path: string): Row[] {
  const rows = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return rows.map((row) => JSON.parse(row) as Row)
}
