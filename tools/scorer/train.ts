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
import { BINS, binOf, zeros } from '../../src/matching/bins.ts'
import { FEATURES, createFeatures } from '../../src/matching/features.ts'
import { type Trained, scoreOf } from '../../src/matching/scorer.ts'
import { type Candidate, ofPairs, ofStream } from './candidates.ts'
import { type Example, type Side, fit } from './logistic.ts'
import { dice, intents, pairs, titles } from './sources.ts'

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
/** Each set counts as if it had so many pairs that are the same, times its weight. */
const SAME_PAIRS = 1_000

const embedder = staticEmbedder(await loadModel())
const describe = createFeatures(embedder.wordVector)
const random = dice(SEED)
const stream = async (name: string, again: number, arrivals: Parameters<typeof ofStream>[0]) =>
  [name, await ofStream(arrivals, embedder, describe, again, random)] as const
const trap = async (name: string) => [name, await ofPairs(pairs(data, name), embedder, describe)] as const

/** Streams of questions as people ask them, and pairs that look alike and are not. */
const trainedOn = [
  [
    1,
    await stream(
      'askubuntu',
      0.5,
      titles(
        ['train', 'test'].map((part) => join(askubuntu, `${part}_titles.tsv`)),
        random,
      ),
    ),
  ],
  [1, await trap('redis_langcache_gen')],
  [1, await trap('snips_slotpairs')],
  [3, await trap('paws_wiki_en')],
] as const
/** Not trained on: how often a score is right there is what is believed of it before anything has been learned. */
const measuredOn = [
  await stream('stackfaq', 0.3, intents(data, 'stackfaq', Infinity, random)),
  await stream('banking77', 0.15, intents(data, 'banking77', 2_500, random)),
  await stream('clinc150', 0.15, intents(data, 'clinc150', 2_500, random)),
  await stream('hwu64', 0.15, intents(data, 'hwu64', 2_500, random)),
]

const rows = trainedOn.flatMap(([weight, [, candidates]]) => {
  const same = candidates.filter(({ right }) => right).length
  return candidates.map(({ features, right }) => ({ features, right, weight: (weight * SAME_PAIRS) / same }))
})
const columns = FEATURES.map(([name, side], at) => {
  const values = rows.map(({ features }) => features[at]!)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { name, side: side as Side, mean, deviation: Math.sqrt(variance) || 1 }
})
const scaled = (features: Float64Array) =>
  Float64Array.of(1, ...columns.map(({ mean, deviation }, at) => (features[at]! - mean) / deviation))
const usual = rows.reduce((sum, { weight }) => sum + weight, 0) / rows.length
const examples: Example[] = rows.map(({ features, right, weight }) => ({
  features: scaled(features),
  right,
  weight: weight / usual,
}))
const weights = fit(examples, ['either', ...columns.map(({ side }) => side)], RIDGE)

const evidence = { right: zeros(), wrong: zeros(), judged: zeros() }
for (const [name, candidates] of measuredOn) {
  const best = likeliest(candidates)
  const above = best.filter(({ score }) => score >= 2)
  const wrong = above.filter(({ right }) => !right).length
  console.log(
    `${name}: ${best.length} questions with a candidate; from a score of 2 on ${above.length}, ${wrong} of them wrong`,
  )
  for (const { score, right } of best) {
    const bin = binOf(score)
    if (bin === undefined) continue
    evidence[right ? 'right' : 'wrong'][bin]!++
    evidence.judged[bin]!++
  }
}

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
console.log(`${examples.length} examples, ${examples.filter(({ right }) => right).length} of them right; ${BINS} bins`)
for (const { name, weight } of trained.features) console.log(`${weight.toFixed(2).padStart(7)} ${name}`)

/** Of each question the candidate that would be served first. */
function likeliest(candidates: readonly Candidate[]): { readonly score: number; readonly right: boolean }[] {
  const best = new Map<number, { score: number; right: boolean }>()
  for (const { question, features, right } of candidates) {
    const score = scoreOf(scaled(features), weights)
    if (score > (best.get(question)?.score ?? -Infinity)) best.set(question, { score, right })
  }
  return [...best.values()]
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
