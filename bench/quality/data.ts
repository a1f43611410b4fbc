import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Two texts, and whether one answer serves both. */
export interface Pair {
  readonly a: string
  readonly b: string
  readonly same: boolean
  readonly language: string
}

/** A prompt in order of arrival; prompts of one cluster may share an answer. */
export interface Arrival {
  readonly prompt: string
  /** Absent if it shares its answer with none. */
  readonly cluster: string | undefined
}

/** Every set of labelled pairs in a folder of JSON lines, of those named if any are. */
export function readPairs(folder: string, only: readonly string[], limit: number): Map<string, Pair[]> {
  const sets = new Map<string, Pair[]>()
  for (const name of PAIR_SETS) {
    const rows = lines<{ a: string; b: string; same: number; lang?: string }>(folder, name, only)
    if (!rows) continue
    const language = /_(zh|ko)$/.exec(name)?.[1] ?? 'en'
    const pairs = rows.map(({ a, b, same, lang = language }) => ({ a, b, same: same === 1, language: lang }))
    sets.set(name, pairs.slice(0, limit))
  }
  for (const name of INTENT_SETS) {
    const rows = lines<Intent>(folder, name, only)
    if (rows) sets.set(name, intentPairs(rows.filter(({ intent }) => intent !== 'oos')).slice(0, limit))
  }
  return sets
}

/** Every stream in a folder; what is labelled by intent arrives in the order of its file. */
export function readStreams(folder: string, only: readonly string[], limit: number): Map<string, Arrival[]> {
  const streams = new Map<string, Arrival[]>()
  const stream = lines<{ prompt: string; cluster: string; kind: string }>(folder, 'qqp_stream', only)
  if (stream) {
    streams.set('qqp_stream natural', stream.filter(({ kind }) => kind !== 'hardneg').slice(0, limit))
    streams.set('qqp_stream adversarial', stream.slice(0, limit))
  }
  for (const name of INTENT_SETS) {
    const rows = lines<Intent>(folder, name, only)
    const arrivals = rows?.map(({ text, intent }) => ({ prompt: text, cluster: intent === 'oos' ? undefined : intent }))
    if (arrivals) streams.set(`${name} as a stream`, arrivals.slice(0, limit))
  }
  return streams
}

interface Intent {
  readonly text: string
  readonly intent: string
}

const PAIR_SETS =
  `qqp mqp paws_qqp redis_langcache_gen atis_slotpairs snips_slotpairs paws_wiki_en mrpc stsb sick parade apt
  pawsx_multi qpair_ko lcqmc_zh afqmc_zh oppo_zh`.split(/\s+/)
const INTENT_SETS = ['stackfaq', 'banking77', 'clinc150', 'hwu64']

/** Each text with the next of its intent, and with the next of another. */
function intentPairs(rows: readonly Intent[]): Pair[] {
  return rows.flatMap(({ text, intent }, at) => {
    const later = rows.slice(at + 1)
    const [alike, other] = [true, false].map((same) => later.find((row) => (row.intent === intent) === same))
    return [alike, other].flatMap((row) =>
      row ? [{ a: text, b: row.text, same: row.intent === intent, language: 'en' }] : [],
    )
  })
}

function lines<Row>(folder: string, name: string, only: readonly string[]): Row[] | undefined {
  const path = join(folder, `${name}.jsonl`)
  if ((only.length > 0 && !only.includes(name)) || !existsSync(path)) return undefined
  const rows = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return rows.map((row) => JSON.parse(row) as Row)
}
