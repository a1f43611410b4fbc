/**
 * Trains the scorer of the static embedder's space:
 * `npm run train:scorer -- --data <folder> --askubuntu <folder> [--out <file>]`; README.md beside this says on what.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadModel } from '../../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../../src/adapters/static-embedder/static-embedder.ts'
import { BINS, binOf, floorOf, middleOf, zeros } from '../../src/matching/bins.ts'
import type { Evidence } from '../../src/matching/evidence.ts'
import { shareOf, tilted } from '../../src/matching/recalibrate.ts'
import { FEATURES, createFeatures } from '../../src/matching/features.ts'
import { type Trained, scoreOf } from '../../src/matching/scorer.ts'
import { type Candidate, ofPairs, ofStream } from './candidates.ts'
import { type Example, type Side, fit } from './logistic.ts'
import { type Arrival, dice, intents, pairs, titles } from './sources.ts'

const { values } = parseArgs({
  options: {
    /** The labelled sets. */
    data: { type: 'string' },
    /** corpora/askubuntu/noclue of nlx-group/Duplicate-Question-Detection. */
    askubuntu: { type: 'string' },
    out: { type: 'string' },
  },
})
const { data, askubuntu } = values
if (!data || !askubuntu) throw new Error('Say with --data and --askubuntu where the questions are.')

const SEED = 20
const RIDGE = 1
/** What traps teach: they were chosen because they look alike, so that how near they are says nothing. */
const TAUGHT_BY_TRAPS = /^(alone|turned|names-left|figures-left|one-asks-yes-or-no|other-question-word|doubt\..*)$/
/** Each set counts as if it had so many pairs that are the same, times its weight. */
const SAME_PAIRS = 1_000

const embedder = staticEmbedder(await loadModel())
const describe = createFeatures(embedder.wordVector)
const random = dice(SEED)

interface Source {
  readonly name: string
  readonly weight: number
  /** True if its labels are whole enough to tell how often a score is right. */
  readonly measures: boolean
  readonly candidates: readonly Candidate[]
}

/** Questions as people ask them, */
const streams: readonly Source[] = [
  // Of two titles that nobody has linked, some are duplicates all the same.
  { ...(await stream('askubuntu', 0.5, titles(['train', 'test'].map(file), random))), measures: false },
  // Of a few dozen clusters, nearly everything near is right; that is no measure for others.
  { ...(await stream('stackfaq', 0.3, intents(data, 'stackfaq', Infinity, random))), weight: 0 },
  ...(await Promise.all(['banking77', 'clinc150', 'hwu64'].map(intentStream))),
]
/** and pairs that look alike and are not. */
const traps: readonly Source[] = [
  await trap('redis_langcache_gen'),
  await trap('snips_slotpairs'),
  { ...(await trap('paws_wiki_en')), measures: false },
]
const sources = [...streams, ...traps]
const all = sources.flatMap(({ candidates }) => candidates)
const columns = FEATURES.map(([name, side], at) => {
  const values = all.map(({ features }) => features[at]!)
  const mean = total(values) / values.length
  const variance = total(values.map((value) => (value - mean) ** 2)) / values.length
  return { name, side: side as Side, mean, deviation: Math.sqrt(variance) || 1 }
})

// What is said of a question is measured with weights that have not seen it.
const halves = [0, 1].map((half) => ({ half, apart: trainedOn(({ question }) => question % 2 !== half) }))
const asTrained = measured((weights) => weights)
const logits = zeros().map((_, bin) => -middleOf(bin))
const platt = lineThrough(logits, tilted(logits, asTrained))
const weights = calibrated(trainedOn(() => true))
const evidence = measured(calibrated)

const learned = {
  bias: rounded(weights[0]!),
  features: columns.map(({ name, mean, deviation }, at) => ({
    name,
    mean: rounded(mean),
    deviation: rounded(deviation),
    weight: rounded(weights[at + 1]!),
  })),
  evidence,
}
const name = createHash('sha256').update(JSON.stringify(learned)).digest('hex').slice(0, 12)
const trained: Trained = { space: embedder.space, name, ...learned }
const out = values.out ?? new URL('../../src/matching/trained.json', import.meta.url)
writeFileSync(out, `${JSON.stringify(trained, null, 2)}\n`)
for (const { name, candidates } of sources) {
  console.log(`${name}: ${candidates.length} pairs, ${candidates.filter(({ right }) => right).length} of them the same`)
}
for (const { name, weight } of trained.features) console.log(`${weight.toFixed(2).padStart(7)} ${name}`)
for (let bin = 0; bin < BINS; bin += 2) {
  const [right, wrong] = [evidence.right, evidence.wrong].map((counts) => counts[bin]! + counts[bin + 1]!)
  console.log(`from a score of ${floorOf(bin).toFixed(2)} on: ${right} right, ${wrong} wrong`)
}

console.log(
  `expected calibration error: ${calibrationError(asTrained).toFixed(3)} as trained, ${calibrationError(evidence).toFixed(3)} calibrated`,
)

async function stream(name: string, again: number, arrivals: readonly Arrival[]): Promise<Source> {
  const candidates = await ofStream(arrivals, embedder, describe, again, random)
  return { name, weight: 1, measures: true, candidates }
}

/** One intent may take several answers, and one answer may serve several intents: so much the less they count. */
async function intentStream(name: string): Promise<Source> {
  const asked = intents(data!, name, 2_500, random)
  return { ...(await stream(name, 0.15, asked)), weight: 0.05, measures: false }
}

async function trap(name: string): Promise<Source> {
  return { name, weight: 0.3, measures: true, candidates: await ofPairs(pairs(data!, name), embedder, describe) }
}

function file(part: string): string {
  return join(askubuntu!, `${part}_titles.tsv`)
}

function measured(as: (weights: Float64Array) => Float64Array) {
  const evidence = { right: zeros(), wrong: zeros(), judged: zeros() }
  for (const { half, apart } of halves) {
    for (const { measures, candidates } of sources) {
      if (!measures) continue
      const asked = candidates.filter(({ question }) => question % 2 === half)
      for (const { score, right } of likeliest(asked, as(apart))) {
        const bin = binOf(score)
        if (bin === undefined) continue
        evidence[right ? 'right' : 'wrong'][bin]!++
        evidence.judged[bin]!++
      }
    }
  }
  return evidence
}

/** Scores as the logits that they stand for (Platt, 1999). */
function calibrated(weights: Float64Array): Float64Array {
  return weights.map((weight, at) => platt.slope * weight - (at === 0 ? platt.level : 0))
}

function lineThrough(from: readonly number[], to: readonly number[]) {
  const slope = (to[1]! - to[0]!) / (from[1]! - from[0]!)
  return { slope, level: to[0]! - slope * from[0]! }
}

function scaled(features: Float64Array): Float64Array {
  return Float64Array.of(1, ...columns.map(({ mean, deviation }, at) => (features[at]! - mean) / deviation))
}

function trainedOn(isIn: (candidate: Candidate) => boolean): Float64Array {
  const sides: Side[] = ['either', ...columns.map(({ side }) => side)]
  const [ofStreams, ofTraps] = [streams, traps].map((sources) => sources.flatMap((source) => examplesOf(source, isIn)))
  const usual = ofStreams!.reduce((sum, { weight }) => sum + weight, 0) / ofStreams!.length
  const balanced = (examples: readonly Example[]) =>
    examples.map((example) => ({ ...example, weight: example.weight / usual }))
  const weights = fit(balanced(ofStreams!), sides, RIDGE)
  const isFree = (at: number) => at > 0 && TAUGHT_BY_TRAPS.test(columns[at - 1]!.name)
  return fit(balanced([...ofStreams!, ...ofTraps!]), sides, RIDGE, { weights, isFree })
}

function examplesOf({ weight, candidates }: Source, isIn: (candidate: Candidate) => boolean): Example[] {
  if (weight === 0) return []
  const some = candidates.filter(isIn)
  const same = some.filter(({ right }) => right).length
  return some.map(({ features, right }) => ({
    features: scaled(features),
    right,
    weight: (weight * SAME_PAIRS) / same,
  }))
}

/** Of each question the candidate that would be served first; of a trap, where it is likelier: among others, or alone. */
function likeliest(candidates: readonly Candidate[], weights: Float64Array) {
  const best = new Map<number, { score: number; right: boolean }>()
  for (const { question, features, right } of candidates) {
    const score = scoreOf(scaled(features), weights)
    if (score > (best.get(question)?.score ?? -Infinity)) best.set(question, { score, right })
  }
  return [...best.values()]
}

/** The mean distance between how often a score was right and how often it says it is, over the questions measured. */
function calibrationError({ wrong, judged }: Evidence): number {
  const off = judged.map((count, bin) => Math.abs(wrong[bin]! - count * shareOf(-middleOf(bin))))
  return total(off) / total(judged)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
