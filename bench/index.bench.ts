import { it } from 'vitest'
import { flatIndex } from '../src/adapters/embedded/flat-index.ts'
import type { Vector } from '../src/ports.ts'

const count = 10_000
const dimensions = 256
const limit = 8

it(`finds the ${limit} nearest of ${count} vectors of ${dimensions} dimensions`, async ({ bench }) => {
  const within = { tenant: 'acme', namespace: 'default', scope: 'scope', space: 'bench@1' }
  const index = flatIndex({ clock: () => 0 })
  const flat = new Float32Array(count * dimensions)
  for (let nth = 0; nth < count; nth++) {
    const vector = randomDirection()
    flat.set(vector, nth * dimensions)
    const key = { ...within, id: `${nth}`, digest: `${nth}` }
    await index.add({ key, space: within.space, probe: vector, question: '', createdAt: 0, expiresAt: 1, keepUntil: 1 })
  }
  const questions = Array.from({ length: 64 }, randomDirection)
  let turn = 0
  const nextQuestion = () => questions[turn++ % questions.length]!

  await bench.compare(
    bench('the index', async () => {
      await index.nearest(within, nextQuestion(), limit, 0)
    }),
    bench('a plain scan', () => {
      nearestByScan(flat, nextQuestion())
    }),
  )
})

function nearestByScan(flat: Vector, asked: Vector) {
  const best = Array.from({ length: limit }, () => ({ nth: -1, similarity: Number.NEGATIVE_INFINITY }))
  for (let nth = 0; nth < count; nth++) {
    let similarity = 0
    for (let i = 0, j = nth * dimensions; i < dimensions; i++, j++) similarity += asked[i]! * flat[j]!
    if (similarity <= best[limit - 1]!.similarity) continue
    best[limit - 1] = { nth, similarity }
    best.sort((a, b) => b.similarity - a.similarity)
  }
  return best
}

function randomDirection(): Vector {
  const vector = Float32Array.from({ length: dimensions }, () => Math.random() + Math.random() + Math.random() - 1.5)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
