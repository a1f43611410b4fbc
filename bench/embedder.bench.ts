/**
 * How long the shipped embedder takes for a question and for a long prompt, and from its file to its first vector.
 * `npx vitest bench --run bench/embedder.bench.ts`
 */
import { it } from 'vitest'
import { lexicalEmbedder } from '../src/adapters/lexical-embedder/lexical-embedder.ts'
import { loadModel } from '../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../src/adapters/static-embedder/static-embedder.ts'

const QUESTION =
  'What is the best way to reset the password of my online banking account if I have lost access to the phone number and the email address that I used'
const PROMPT = Array.from({ length: 17 }, () => QUESTION)
  .join(' ')
  .split(' ')
  .slice(0, 500)
  .join(' ')
const embedder = staticEmbedder(await loadModel())
const lexical = lexicalEmbedder()

it.for([
  ['30 words', QUESTION],
  ['500 words', PROMPT],
] as const)('embeds %s', async ([, text], { bench }) => {
  await bench.compare(
    bench('static', () => {
      embedder.passage(text)
    }),
    bench('lexical', async () => {
      await lexical.embed(text)
    }),
  )
})

it('loads', async ({ bench }) => {
  await bench('static', async () => {
    staticEmbedder(await loadModel()).passage(QUESTION)
  }).run()
})
