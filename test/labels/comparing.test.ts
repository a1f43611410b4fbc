import { expect, it } from 'vitest'
import { loadModel } from '../../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../../src/adapters/static-embedder/static-embedder.ts'
import type { Call } from '../../src/call.ts'
import { createComparing } from '../../src/labels/comparing.ts'
import type { Embedder } from '../../src/ports.ts'

/** A call whose completions are what they say. */
const call = { dialect: { tell: (text: string) => ({ text }) } } as unknown as Call

const plants = 'Plants turn the energy of light into sugar, which feeds them.'
const refund = 'Your refund will arrive on your card within a few days.'

/** Gives the second text it is asked about a vector that has a cosine with the first's. */
function embedderOf(cosine: number, unrelated?: number): Embedder {
  const vectors = [Float32Array.of(1, 0), Float32Array.of(cosine, Math.sqrt(1 - cosine ** 2))]
  const own = unrelated === undefined ? {} : { unrelated }
  return { near: true, space: 'two', threshold: 0.9, ...own, fits: () => true, embed: async () => vectors.shift() }
}

it('tells answers apart that have nothing to do with one another, by the shipped embedder', async () => {
  const compare = createComparing({ embedder: staticEmbedder(await loadModel()) })
  expect(await compare(call, plants, refund, false)).toBe('different')
  expect(await compare(call, plants, 'Plants feed on sugar, which they make with the energy of light.', false)).toBe(
    'unknown',
  )
})

it.each([
  ['a space in which such answers have no likeness', 0.45, undefined, 'unknown'],
  ['one in which they have as much as that', 0.45, 0.45, 'different'],
  ['one in which they have a little less', 0.55, 0.45, 'unknown'],
])('holds their cosine against what is usual in %s', async (_, cosine, unrelated, said) => {
  const compare = createComparing({ embedder: embedderOf(cosine, unrelated) })
  expect(await compare(call, plants, refund, false)).toBe(said)
})
