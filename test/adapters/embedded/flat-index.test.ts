import { describe, expect, it } from 'vitest'
import { flatIndex } from '../../../src/adapters/embedded/flat-index.ts'
import type { Vector } from '../../../src/ports.ts'
import { indexContract } from '../../contract/index.contract.ts'
import { aKey, aPointer, direction, hex } from '../../contract/samples.ts'
import { stoppedClock } from './support.ts'

indexContract({
  name: 'flat index',
  async create() {
    const { clock } = stoppedClock()
    return { clock, index: flatIndex({ clock }) }
  },
})

describe('flat index', () => {
  const { space, key } = aPointer(0, direction(2, 0))
  const within = { ...key, space }

  it.each([
    ['dense', (random: () => number) => random() - 0.5],
    ['sparse', (random: () => number) => (random() < 0.88 ? 0 : random() - 0.5)],
    ['sparse and never negative', (random: () => number) => (random() < 0.88 ? 0 : random())],
    ['spiky', (random: () => number) => (random() < 0.03 ? 1 : (random() - 0.5) / 10)],
  ])('finds the same eight of two thousand %s vectors as a full scan does', async (_, coordinate) => {
    const random = seeded(1)
    const direction = () => Float32Array.from({ length: 256 }, () => coordinate(random))
    const topics = Array.from({ length: 250 }, direction)
    const nearTopic = (nth: number) => {
      const noise = direction()
      return topics[nth % topics.length]!.map((value, at) => value + 0.8 * noise[at]!)
    }
    const index = flatIndex({ clock: () => 0 })
    const vectors = Array.from({ length: 2000 }, (_, nth) => nearTopic(nth))
    for (const [nth, vector] of vectors.entries()) await index.add(pointerTo(nth, vector))
    for (let nth = 0; nth < 50; nth++) {
      const asked = nearTopic(nth)
      const ranked = vectors
        .map((vector, nth) => ({ question: `${nth}`, similarity: cosine(asked, vector) }))
        .sort((a, b) => b.similarity - a.similarity)
      const found = await index.nearest(within, asked, 8, 0)
      expect(found.map(({ question }) => question)).toEqual(ranked.slice(0, 8).map(({ question }) => question))
      expect(found[0]?.similarity).toBeCloseTo(ranked[0]!.similarity, 6)
    }
  })

  it('keeps each vector with its pointer while others come and go', async () => {
    const random = seeded(2)
    const index = flatIndex({ clock: () => 0 })
    const held = new Map<number, Vector>()
    for (let step = 0; step < 3000; step++) {
      const nth = Math.floor(random() * 400)
      if (random() < 0.55) {
        const vector = Float32Array.from({ length: 32 }, () => random() - 0.5)
        held.set(nth, vector)
        await index.add(pointerTo(nth, vector))
        continue
      }
      held.delete(nth)
      await index.delete(pointerTo(nth, direction(2, 0)).key)
    }
    expect(await index.size()).toBe(held.size)
    for (const [nth, vector] of held) {
      const [match] = await index.nearest(within, vector, 1, 0)
      expect(match?.question).toBe(`${nth}`)
      expect(match?.similarity).toBeCloseTo(1, 5)
    }
  })

  it('does not rely on vectors being of unit length', async () => {
    const index = flatIndex({ clock: () => 0 })
    await index.add(
      pointerTo(
        1,
        direction(2, 60).map((value) => value * 7),
      ),
    )
    const [match] = await index.nearest(within, new Float32Array([0.2, 0]), 1, 0)
    expect(match?.similarity).toBeCloseTo(0.5, 6)
  })

  it('never reports a cosine beyond 1', async () => {
    const random = seeded(3)
    const index = flatIndex({ clock: () => 0 })
    for (let nth = 0; nth < 100; nth++) {
      const vector = Float32Array.from({ length: 32 }, () => random() - 0.5)
      await index.add(pointerTo(nth, vector))
      const [match] = await index.nearest(within, vector, 1, 0)
      expect(match?.question).toBe(`${nth}`)
      expect(match?.similarity).toBeLessThanOrEqual(1)
    }
  })

  it('holds a vector of zeros to be like nothing', async () => {
    const index = flatIndex({ clock: () => 0 })
    await index.add(pointerTo(1, new Float32Array(2)))
    expect(await index.nearest(within, direction(2, 0), 1, 0)).toMatchObject([{ similarity: 0 }])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('rejects a vector with %d in it', async (value) => {
    const index = flatIndex({ clock: () => 0 })
    await expect(index.add(pointerTo(1, new Float32Array([1, value])))).rejects.toThrow('has no place')
    expect(await index.size()).toBe(0)
  })

  it('rejects a vector that cannot be compared with its neighbours, and keeps what it replaces', async () => {
    const index = flatIndex({ clock: () => 0 })
    await index.add(pointerTo(1, direction(2, 0)))
    await expect(index.add(pointerTo(1, direction(3, 0)))).rejects.toThrow('3 dimensions')
    expect(await index.nearest(within, direction(2, 0), 1, 0)).toHaveLength(1)
  })

  it('rejects a question that cannot be compared with what is there', async () => {
    const index = flatIndex({ clock: () => 0 })
    await index.add(pointerTo(1, direction(2, 0)))
    await expect(index.nearest(within, direction(3, 0), 1, 0)).rejects.toThrow('3 dimensions')
  })

  it('rejects a question in words, for it does not embed', async () => {
    const index = flatIndex({ clock: () => 0 })
    const refusal = new RangeError('a question in words has no place here: this index does not embed')
    await expect(index.nearest(within, 'in words', 1, 0)).rejects.toThrow(refusal)
    await expect(index.add({ ...pointerTo(1, direction(2, 0)), probe: 'in words' })).rejects.toThrow(refusal)
    expect(await index.size()).toBe(0)
  })

  it('takes vectors of another size once a partition is empty', async () => {
    const index = flatIndex({ clock: () => 0 })
    await index.add(pointerTo(1, direction(2, 0)))
    await index.delete(pointerTo(1, direction(2, 0)).key)
    await index.add(pointerTo(1, direction(3, 0)))
    expect(await index.nearest(within, direction(3, 0), 1, 0)).toHaveLength(1)
  })

  it('lets go of pointers past keepUntil when it meets them', async () => {
    const { clock, advance } = stoppedClock()
    const index = flatIndex({ clock })
    for (const nth of [1, 2, 3]) {
      const keepUntil = clock() + 1000 * nth
      await index.add({ ...pointerTo(nth, direction(2, nth)), expiresAt: clock(), keepUntil })
    }
    advance(2000)
    expect(await index.nearest(within, direction(2, 0), 8, 0)).toMatchObject([{ question: '3' }])
    expect(await index.size()).toBe(1)
  })

  it('takes vectors of another size once the last pointer is past keepUntil', async () => {
    const { clock, advance } = stoppedClock()
    const index = flatIndex({ clock })
    await index.add({ ...pointerTo(1, direction(2, 0)), keepUntil: clock() + 1 })
    advance(1)
    expect(await index.nearest(within, direction(2, 0), 1, 0)).toEqual([])
    await index.add(pointerTo(1, direction(3, 0)))
    expect(await index.nearest(within, direction(3, 0), 1, 0)).toHaveLength(1)
  })

  it('keeps the times of a pointer with it when another leaves', async () => {
    const { clock, advance } = stoppedClock()
    const index = flatIndex({ clock })
    const shortLived = { ...pointerTo(1, direction(2, 1)), expiresAt: clock() + 1, keepUntil: clock() + 1 }
    const longLived = { ...pointerTo(2, direction(2, 2)), expiresAt: clock() + 2000, keepUntil: clock() + 2000 }
    await index.add(shortLived)
    await index.add(longLived)
    await index.delete(shortLived.key)
    advance(1000)
    expect(await index.nearest(within, direction(2, 0), 8, clock())).toMatchObject([{ question: '2' }])
  })

  it('moves a key that is added in another space', async () => {
    const index = flatIndex({ clock: () => 0 })
    await index.add(pointerTo(1, direction(2, 0)))
    await index.add({ ...pointerTo(1, direction(3, 0)), space: 'other@1' })
    expect(await index.nearest(within, direction(2, 0), 1, 0)).toEqual([])
    expect(await index.nearest({ ...within, space: 'other@1' }, direction(3, 0), 1, 0)).toHaveLength(1)
    expect(await index.size()).toBe(1)
  })
})

function pointerTo(nth: number, vector: Vector) {
  const key = aKey({ digest: hex(`${nth}`) })
  return aPointer(0, vector, { key, question: `${nth}`, expiresAt: 1e15, keepUntil: 1e15 })
}

function cosine(a: Vector, b: Vector): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!
    aa += a[i]! * a[i]!
    bb += b[i]! * b[i]!
  }
  return ab / Math.sqrt(aa * bb)
}

/** The same numbers from 0 to 1 in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
