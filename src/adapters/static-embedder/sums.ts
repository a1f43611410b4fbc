/** Adds parts of the rows of a table, which begin `from` numbers into a row of `width`, each times its weight. */
export function addRows(
  sum: Float64Array,
  table: Int8Array,
  from: number,
  width: number,
  rows: Int32Array,
  weights: Float64Array,
): void {
  const odd = rows.length % 4
  for (let at = 0; at < odd; at++) addRow(sum, table, rows[at]! * width + from, weights[at]!)
  for (let at = odd; at < rows.length; at += 4) {
    const [a, b] = [rows[at]! * width + from, rows[at + 1]! * width + from]
    const [c, d] = [rows[at + 2]! * width + from, rows[at + 3]! * width + from]
    addFour(sum, table, a, b, c, d, weights[at]!, weights[at + 1]!, weights[at + 2]!, weights[at + 3]!)
  }
}

function addRow(sum: Float64Array, table: Int8Array, from: number, weight: number): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += weight * table[from + at]!
}

// Half the time of four times one, for the sum is read and written once.
function addFour(
  sum: Float64Array,
  table: Int8Array,
  fromA: number,
  fromB: number,
  fromC: number,
  fromD: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  for (let at = 0; at < sum.length; at++)
    sum[at]! += a * table[fromA + at]! + b * table[fromB + at]! + c * table[fromC + at]! + d * table[fromD + at]!
}

/** Adds the lines of a table, each times its weight; a multiple of four of them. */
export function addLines(sum: Float64Array, table: Float64Array, weights: Float64Array): void {
  const width = sum.length
  for (let line = 0, from = 0; line < weights.length; line += 4, from += 4 * width) {
    const [a, b, c, d] = [weights[line]!, weights[line + 1]!, weights[line + 2]!, weights[line + 3]!]
    for (let at = 0, one = from, two = one + width, three = two + width, four = three + width; at < width; at++)
      sum[at]! += a * table[one + at]! + b * table[two + at]! + c * table[three + at]! + d * table[four + at]!
  }
}

/** Towards a corner of the cube, as a number draws it: far from whatever another number draws. */
export function addDirection(sum: Float64Array, seed: number, norm: number): void {
  const side = norm / Math.sqrt(sum.length)
  let state = seed | 1
  for (let at = 0; at < sum.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    sum[at]! += state < 0 ? -side : side
  }
}
