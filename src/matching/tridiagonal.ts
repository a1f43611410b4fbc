/** A symmetric matrix of which only the diagonal, and one number on either side of it, is not zero. */
export interface Tridiagonal {
  readonly diagonal: readonly number[]
  readonly beside: number
}

/** The vector that the matrix makes `right` of: forwards and back, in time linear in its size. */
export function solve({ diagonal, beside }: Tridiagonal, right: readonly number[]): number[] {
  const size = right.length
  const [ratios, found] = [Array<number>(size).fill(0), Array<number>(size).fill(0)]
  for (let at = 0; at < size; at++) {
    const left = at > 0 ? beside : 0
    const pivot = diagonal[at]! - left * (ratios[at - 1] ?? 0)
    ratios[at] = beside / pivot
    found[at] = (right[at]! - left * (found[at - 1] ?? 0)) / pivot
  }
  for (let at = size - 2; at >= 0; at--) found[at] = found[at]! - ratios[at]! * found[at + 1]!
  return found
}
