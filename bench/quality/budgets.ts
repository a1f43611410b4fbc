/**
 * What the service serves by itself at an error budget, and how much of it is wrong: streams in several orders, with and
 * without audits and feedback, and pairs that look alike and are not. It decides with what it has learned so far.
 * `npm run bench:budgets -- --data <folder> [--embedder static] [--budget 0.02] [--orders 3] [--set qqp_stream] [--mix natural]`
 */
import { parseArgs } from 'node:util'
import { seeded } from '../fleet.ts'
import { type Arrival, readPairs, readStreams } from './data.ts'
import { wilson } from './metrics.ts'
import { type Terms, playPairs, playStream } from './service.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    embedder: { type: 'string', multiple: true, default: ['static'] },
    budget: { type: 'string', multiple: true, default: ['0.02', '0.05'] },
    audit: { type: 'string', multiple: true, default: ['0.02'] },
    feedback: { type: 'string', multiple: true, default: ['0'] },
    /** The first is that of the file; others are drawn. */
    orders: { type: 'string', default: '1' },
    /** Also as if no two answers could be compared. */
    incomparable: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true, default: ['qqp_stream'] },
    /** Of a stream: all of it, or without the questions that only look alike. */
    mix: { type: 'string', multiple: true, default: ['natural', 'adversarial'] },
    limit: { type: 'string', default: 'Infinity' },
  },
})
if (!values.data) throw new Error('Say with --data where the labelled questions are.')
const limit = Number(values.limit)
const [pairs, streams] = [readPairs(values.data, values.set, limit), readStreams(values.data, values.set, limit)]

for (const [set, rows] of pairs) {
  for (const terms of allTerms(1)) {
    const { different, differentServed, same, sameServed } = await playPairs(rows, terms)
    const [wrong, right] = [shown(differentServed, different), shown(sameServed, same)]
    console.log(`${set}, ${said(terms)}: served ${wrong} of the different, ${right} of the same`)
  }
}
for (const [set, arrivals] of streams) {
  if (!values.mix.some((mix) => set.endsWith(mix))) continue
  for (const terms of allTerms(Number(values.orders))) {
    const { requests, hits, wrong, possible, right, audited } = await playStream(ordered(arrivals, terms.seed), terms)
    console.log(
      [
        `${set}, ${said(terms)}:`,
        `hit rate ${percent(hits, requests)}`,
        `recall ${shown(right, possible)}`,
        `wrong/hit ${shown(wrong, hits)}`,
        `wrong/request ${percent(wrong, requests)}`,
        `audits ${audited.right} right, ${audited.wrong} wrong`,
      ].join('  '),
    )
  }
}

function* allTerms(orders: number): Generator<Terms> {
  for (const embedder of values.embedder) {
    for (const budget of values.budget.map(Number)) {
      for (const auditShare of values.audit.map(Number)) {
        for (const feedback of values.feedback.map(Number)) {
          for (const comparable of values.incomparable ? [true, false] : [true]) {
            for (let seed = 0; seed < orders; seed++) {
              yield { embedder, maxWrongHitRate: budget, auditShare, feedback, comparable, seed }
            }
          }
        }
      }
    }
  }
}

function said({ embedder, maxWrongHitRate, auditShare, feedback, comparable, seed }: Terms): string {
  const more = [
    `audits ${percent(auditShare, 1)}`,
    ...(feedback > 0 ? [`feedback ${percent(feedback, 1)}`] : []),
    ...(comparable ? [] : ['answers that cannot be compared']),
    ...(seed > 0 ? [`order ${seed}`] : []),
  ]
  return `${embedder}, budget ${percent(maxWrongHitRate, 1)}, ${more.join(', ')}`
}

function ordered(arrivals: readonly Arrival[], seed: number): Arrival[] {
  const order = [...arrivals]
  if (seed === 0) return order
  const random = seeded(seed)
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order
}

function shown(count: number, total: number): string {
  const [low, high] = wilson(count, total)
  return `${percent(count, total)} [${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}]`
}

function percent(count: number, total: number): string {
  return total === 0 ? '–' : `${((100 * count) / total).toFixed(1)} %`
}
