import type { Match, Pointer, Vector } from '../../ports.ts'
import { distances, sign, wordsFor } from './signature.ts'

/** A pointer as it is held, beside its vector. */
export interface Row extends Omit<Match, 'similarity'> {
  /** Where in its partition it is; changes when another leaves. */
  at: number
}

export type Rows = ReturnType<typeof partition>

/** The vectors that may be compared with one another, side by side in memory. All of them are of unit length. */
export function partition(dimensions: number) {
  const words = wordsFor(dimensions)
  const rows: Row[] = []
  let vectors = new Float32Array(0)
  let signatures = new Uint32Array(0)
  let expiresAt = new Float64Array(0)
  let keepUntil = new Float64Array(0)

  return {
    dimensions,
    isEmpty: () => rows.length === 0,
    add(pointer: Pointer, unit: Vector): Row {
      const { key, aliasOf, says, question, createdAt } = pointer
      const row = {
        key,
        question,
        createdAt,
        expiresAt: pointer.expiresAt,
        at: rows.length,
        ...(aliasOf && { aliasOf }),
        ...(says && { says }),
      }
      if (row.at === expiresAt.length) resize(Math.max(1, row.at * 2))
      vectors.set(unit, row.at * dimensions)
      sign(unit, signatures, row.at * words)
      expiresAt[row.at] = pointer.expiresAt
      keepUntil[row.at] = pointer.keepUntil
      rows.push(row)
      return row
    },
    remove,
    /** Removes the rows past `keepUntil`, and says which they were. */
    removeDead(now: number): Row[] {
      const dead: Row[] = []
      for (let at = 0; at < rows.length; at++) if (keepUntil[at]! <= now) dead.push(rows[at]!)
      dead.forEach(remove)
      return dead
    },
    nearest(unit: Vector, limit: number, expiringAfter: number): Match[] {
      const wanted = Math.max(minCandidates, limit * candidatesPerMatch)
      const candidates = rows.length > wanted ? likeliest(unit, wanted, expiringAfter) : every(expiringAfter)
      return candidates
        .map((at) => ({ at, similarity: similarity(unit, at) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, limit)
        .map(({ at, similarity }) => matchOf(rows[at]!, similarity))
    },
  }

  function every(expiringAfter: number): number[] {
    return [...rows.keys()].filter((at) => expiresAt[at]! > expiringAfter)
  }

  /** At least `wanted` rows, if so many are eligible, with the signatures nearest to the vector's. */
  function likeliest(unit: Vector, wanted: number, expiringAfter: number): number[] {
    const asked = new Uint32Array(words)
    sign(unit, asked, 0)
    const bits = words * 32
    const found = distances(signatures.subarray(0, rows.length * words), asked)
    const counts = new Uint32Array(bits + 2)
    for (let at = 0; at < rows.length; at++) {
      // Before the choice, not after: what has expired must not crowd out what has not.
      if (expiresAt[at]! <= expiringAfter) found[at] = bits + 1
      counts[found[at]!]!++
    }
    let within = 0
    for (let seen = counts[0]!; seen < wanted && within < bits; seen += counts[within]!) within++
    const chosen: number[] = []
    for (let at = 0; at < rows.length; at++) if (found[at]! <= within) chosen.push(at)
    return chosen
  }

  /** Both are of unit length, so this is the cosine; the clamp takes off what rounding put on. */
  function similarity(unit: Vector, at: number): number {
    let sum = 0
    for (let i = 0, j = at * dimensions; i < dimensions; i++, j++) sum += unit[i]! * vectors[j]!
    return Math.max(-1, Math.min(1, sum))
  }

  function remove(row: Row): void {
    const last = rows.length - 1
    const moved = rows.pop()!
    if (moved === row) return shrink()
    const { at } = row
    rows[at] = moved
    moved.at = at
    vectors.copyWithin(at * dimensions, last * dimensions, (last + 1) * dimensions)
    signatures.copyWithin(at * words, last * words, (last + 1) * words)
    expiresAt[at] = expiresAt[last]!
    keepUntil[at] = keepUntil[last]!
    shrink()
  }

  function shrink(): void {
    if (rows.length < expiresAt.length / 4) resize(expiresAt.length >> 1)
  }

  function resize(capacity: number): void {
    vectors = refit(vectors, new Float32Array(capacity * dimensions))
    signatures = refit(signatures, new Uint32Array(capacity * words))
    expiresAt = refit(expiresAt, new Float64Array(capacity))
    keepUntil = refit(keepUntil, new Float64Array(capacity))
  }
}

// Measured on dense and sparse vectors: among so many, none is missing that is near enough to matter.
const candidatesPerMatch = 16
const minCandidates = 128

function matchOf({ at: _, ...row }: Row, similarity: number): Match {
  return { ...row, similarity }
}

function refit<T extends Float32Array | Float64Array | Uint32Array>(from: T, into: T): T {
  into.set(from.subarray(0, into.length))
  return into
}
