import type { Vector } from '../../src/ports.ts'

/** The cosine of two vectors of unit length. */
export function similarity(a: Vector, b: Vector): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
