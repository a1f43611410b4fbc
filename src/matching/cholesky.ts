/**
 * Solves a symmetric, positive definite system, given by its lower triangle, by Cholesky's method. Works in place: both
 * are used up, and `side` is the solution.
 */
export function solve(matrix: readonly Float64Array[], side: Float64Array): Float64Array {
  const { length } = side
  for (let row = 0; row < length; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row]![column]!
      for (let at = 0; at < column; at++) sum -= matrix[row]![at]! * matrix[column]![at]!
      matrix[row]![column] = row === column ? Math.sqrt(sum) : sum / matrix[column]![column]!
    }
  }
  for (let row = 0; row < length; row++) {
    for (let at = 0; at < row; at++) side[row]! -= matrix[row]![at]! * side[at]!
    side[row]! /= matrix[row]![row]!
  }
  for (let row = length - 1; row >= 0; row--) {
    for (let at = row + 1; at < length; at++) side[row]! -= matrix[at]![row]! * side[at]!
    side[row]! /= matrix[row]![row]!
  }
  return side
}
