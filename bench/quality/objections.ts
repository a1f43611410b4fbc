/**
 * What each objection and each doubt is worth on labelled pairs and on the natural mix of a stream, for which each prompt
 * is paired with the eight nearest before it: `node bench/quality/objections.ts --data <folder> [--set mqp] [--errors negation]`
 */
import { parseArgs } from 'node:util'
import type { Objection } from '../../src/matching/objection.ts'
import { doubts, objections } from '../../src/matching/objections/index.ts'
import { read } from '../../src/matching/reading.ts'
import { type Arrival, type Pair, readPairs, readStreams } from './data.ts'
import { subjectOf } from './embedders.ts'
import type { Rule } from './rules.ts'
import { judgeStream } from './streams.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    /** Names of files in the folder, without their ending. */
    set: {
      type: 'string',
      multiple: true,
      default: 'qqp mqp paws_qqp redis_langcache_gen snips_slotpairs atis_slotpairs qqp_stream'.split(' '),
    },
    /** Also print the pairs that this one gets wrong; `chain` for those of all objections together. */
    errors: { type: 'string' },
    /** Also print different pairs that this one does not object to. */
    misses: { type: 'string' },
  },
})
if (!values.data) throw new Error('Say with --data where the labelled questions are.')

const chain: Objection = {
  name: 'chain',
  objects: (asked, known) => objections.some((objection) => objection.objects(asked, known)),
}

const sets = readPairs(values.data, values.set, Infinity)
const stream = readStreams(values.data, values.set, Infinity).get('qqp_stream natural')
if (stream) {
  const candidates = await candidatesOf(stream)
  sets.set(
    'qqp_stream natural, the nearest',
    candidates.flatMap(([nearest]) => nearest ?? []),
  )
  sets.set('qqp_stream natural, the 8 nearest', candidates.flat())
}
for (const [name, pairs] of sets) print(name, pairs)
const long = [...sets.values()].flat().filter(({ a, b }) => [a, b].every((text) => Math.abs(wordsIn(text) - 30) <= 5))
if (long.length > 0) timing(long.slice(0, 500))

/** Each prompt with the nearest earlier ones, nearest first. */
async function candidatesOf(arrivals: readonly Arrival[]): Promise<Pair[][]> {
  const seen: Pair[][] = []
  const collecting: Rule = {
    name: 'collecting',
    choose(question, matches) {
      const cluster = arrivals[seen.length]!.cluster
      const isLike = (id: string) => cluster !== undefined && arrivals[Number(id)]!.cluster === cluster
      seen.push(matches.map(({ key, question: b }) => ({ a: question, b, same: isLike(key.id), language: 'en' })))
      return undefined
    },
  }
  await judgeStream(arrivals, await subjectOf('static', ''), [collecting])
  return seen
}

function print(set: string, pairs: readonly Pair[]): void {
  const readings = pairs.map(({ a, b, same }) => ({ asked: read(a), known: read(b), same }))
  const votes = (voters: readonly Objection[]) =>
    voters.map(({ objects }) => readings.map(({ asked, known }) => objects(asked, known)))
  const [hard, soft] = [votes(objections), votes(doubts)]
  const [all, allSoft] = [readings.map((_, at) => hard.some((vote) => vote[at])), readings.map(() => false)]
  console.log(`\n# ${set}: ${pairs.length} pairs, ${pairs.filter(({ same }) => same).length} same`)
  console.log('                    caught of the different     lost of the same   precision   alone: caught  lost')
  const row = (name: string, vote: readonly boolean[], others: readonly (readonly boolean[])[]) => {
    const alone = vote.map((objected, at) => objected && others.every((other) => other === vote || !other[at]))
    const [caught, lost] = [false, true].map((same) => share(pairs, vote, same))
    const [caughtAlone, lostAlone] = [false, true].map((same) => share(pairs, alone, same).count)
    const total = caught!.count + lost!.count
    const precision = total > 0 ? percent(caught!.count, total) : '–'
    const cells = [caught!.text.padStart(24), lost!.text.padStart(20), precision.padStart(11)]
    console.log(name.padEnd(20), ...cells, `${caughtAlone}`.padStart(15), `${lostAlone}`.padStart(5))
    if (values.errors === name) list(pairs, (pair, at) => pair.same && vote[at]!)
    if (values.misses === name) list(pairs, (pair, at) => !pair.same && !vote[at])
  }
  for (const [at, { name }] of objections.entries()) row(name, hard[at]!, hard)
  row('chain', all, [])
  for (const [at, { name }] of doubts.entries()) row(`${name} (doubt)`, soft[at]!, [all, allSoft])
}

function share(pairs: readonly Pair[], vote: readonly boolean[], same: boolean) {
  const count = pairs.filter((pair, at) => pair.same === same && vote[at]).length
  const total = pairs.filter((pair) => pair.same === same).length
  return { count, text: `${count} (${percent(count, total)})` }
}

function list(pairs: readonly Pair[], belongs: (pair: Pair, at: number) => boolean): void {
  for (const [at, pair] of pairs.entries()) if (belongs(pair, at)) console.log(`    ${pair.a}\n      | ${pair.b}`)
}

/** The chain on pairs it has nothing against runs to its end; both questions are read anew, as for a first candidate. */
function timing(pairs: readonly Pair[]): void {
  const quiet = pairs.filter(({ a, b }) => !chain.objects(read(a), read(b)))
  const best = (work: (pair: Pair) => unknown) => {
    let least = Infinity
    for (let round = 0; round < 300; round++) {
      const begun = performance.now()
      for (const pair of quiet) work(pair)
      least = Math.min(least, performance.now() - begun)
    }
    return (1_000 * least) / quiet.length
  }
  const reading = best(({ a, b }) => [read(a), read(b)])
  const both = best(({ a, b }) => chain.objects(read(a), read(b)))
  console.log(`\n${quiet.length} pairs of about 30 words each, the best of 300 rounds:`)
  console.log(`reading ${(reading / 2).toFixed(1)} µs a question, the chain ${(both - reading).toFixed(1)} µs a pair`)
}

function wordsIn(text: string): number {
  return text.split(' ').length
}

function percent(count: number, total: number): string {
  return `${((100 * count) / total).toFixed(1)} %`
}
