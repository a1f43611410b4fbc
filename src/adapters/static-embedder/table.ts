import type { Vector } from '../../ports.ts'

/** A vector for each token. */
export interface Table {
  readonly dimensions: number
  /** What a token adds to a sum. A word that is no token has a direction of its own, drawn by its number below zero. */
  row(id: number): Vector
  /** All of them together. */
  sum(ids: Int32Array): Vector
}

/** A table of int8 rows, each with a scale. */
export function table(rows: Int8Array, scales: Float32Array): Table {
  const dimensions = Math.trunc(rows.length / scales.length)
  const usualNorm = meanNorm()

  function sum(ids: Int32Array): Vector {
    const sum = new Float32Array(dimensions)
    const known = ids.filter((id) => id >= 0)
    const odd = known.length % 4
    for (let at = 0; at < odd; at++) addRow(sum, known[at]!)
    for (let at = odd; at < known.length; at += 4) addFour(sum, known, at)
    for (const id of ids) if (id < 0) addDirection(sum, ~id, usualNorm)
    return sum
  }

  function addRow(sum: Vector, id: number): void {
    const scale = scales[id]!
    for (let at = 0, from = id * dimensions; at < sum.length; at++) sum[at]! += scale * rows[from + at]!
  }

  // Half the time of four times one, for the sum is read and written once.
  function addFour(sum: Vector, ids: Int32Array, first: number): void {
    const [a, b, c, d] = [ids[first]!, ids[first + 1]!, ids[first + 2]!, ids[first + 3]!]
    const [scaleA, scaleB, scaleC, scaleD] = [scales[a]!, scales[b]!, scales[c]!, scales[d]!]
    const [fromA, fromB, fromC, fromD] = [a * dimensions, b * dimensions, c * dimensions, d * dimensions]
    for (let at = 0; at < sum.length; at++) {
      sum[at]! +=
        scaleA * rows[fromA + at]! +
        scaleB * rows[fromB + at]! +
        scaleC * rows[fromC + at]! +
        scaleD * rows[fromD + at]!
    }
  }

  function meanNorm(): number {
    let norms = 0
    for (let id = 0; id < scales.length; id += SAMPLED) {
      let squares = 0
      for (let at = id * dimensions; at < (id + 1) * dimensions; at++) squares += rows[at]! * rows[at]!
      norms += scales[id]! * Math.sqrt(squares)
    }
    return norms / Math.ceil(scales.length / SAMPLED)
  }

  return { dimensions, sum, row: (id) => sum(Int32Array.of(id)) }
}

// All of them would be a fifth of the time that a model takes to load.
const SAMPLED = 32

/** Towards a corner of the cube, as a number draws it: far from whatever another number draws. */
function addDirection(sum: Vector, seed: number, norm: number): void {
  const side = norm / Math.sqrt(sum.length)
  let state = seed | 1
  for (let at = 0; at < sum.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    sum[at]! += state < 0 ? -side : side
  }
}
