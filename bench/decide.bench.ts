/** What deciding costs a lookup, with eight candidates: by a plain threshold, and within an error budget. `npx vitest bench --run bench/decide.bench.ts` */
import { it } from 'vitest'
import { loadModel } from '../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../src/adapters/static-embedder/static-embedder.ts'
import { scorerFor } from '../src/engines/scorer.ts'
import { decide } from '../src/matching/decide.ts'
import { matchOf } from './quality/rules.ts'

const embedder = staticEmbedder(await loadModel())
const { scorer } = scorerFor(embedder)
const experience = { bar: 3.5, offsetOf: () => 0, refuses: () => false }

const SHORT = 'How can I reset the password of my online account if I have lost my phone?'
const LONG = `${SHORT} I have tried the link in your mail twice, but it says that it has expired already.`
const ENDINGS = ['today', 'in Spain', 'for my daughter', 'without a code', 'by mail', 'at work', 'on a Mac', 'again']

it.for([
  ['15 words', SHORT],
  ['33 words', LONG],
] as const)('decides about a question of %s', async ([, question], { bench }) => {
  const matches = ENDINGS.map((ending, at) => matchOf(`${question} It is ${ending}.`, 0.95 - at * 0.015, `${at}`))
  await bench.compare(
    bench('by a threshold', () => {
      decide(question, matches, { threshold: 0.5 })
    }),
    bench('within a budget', () => {
      decide(question, matches, { scorer, experience })
    }),
  )
})
