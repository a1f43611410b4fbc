import { expect, it } from 'vitest'
import { solve } from '../../src/matching/tridiagonal.ts'

it('finds the vector that the matrix makes the right side of', () => {
  const [diagonal, beside, vector] = [[4, 5, 6, 7], -1.5, [1, -2, 3, -4]]
  const right = vector.map(
    (some, at) => diagonal[at]! * some + beside * ((vector[at - 1] ?? 0) + (vector[at + 1] ?? 0)),
  )
  solve({ diagonal, beside }, right).forEach((found, at) => expect(found).toBeCloseTo(vector[at]!, 10))
})

it('takes a single number for a matrix, too', () => {
  expect(solve({ diagonal: [4], beside: -1 }, [2])).toEqual([0.5])
})
