/** How many numbers a row has for each of its purposes. */
export interface Widths {
  /** What a token means by itself: what the vector is the weighted mean of. */
  readonly dim: number
  /** Three times as many: what it says as the word before, as the word itself, and as the word after. */
  readonly window: number
  /** What it says to the text as a whole. */
  readonly bag: number
  /** Twice as many: what it listens for, and what it says about the topic. */
  readonly context: number
}

/** A row for each token: whole numbers, and for each of its four kinds of numbers what they are to be multiplied by. */
export interface Rows {
  readonly values: Int8Array
  readonly scales: Float32Array
  readonly width: number
  /** Where in a row the numbers of each kind begin. */
  readonly at: Record<'own' | 'before' | 'itself' | 'after' | 'bag' | 'hears' | 'says', number>
}

/** Four of them a row, as many as there are kinds of numbers. */
export const SCALE = { own: 0, window: 1, bag: 2, context: 3, count: 4 } as const

export const widthOf = ({ dim, window, bag, context }: Widths): number => dim + 3 * window + bag + 2 * context

/** How many bytes the own parts of so many rows take, at six bits a number, and all the rest at four. */
export const bytesOfRows = (count: number, widths: Widths): { own: number; rest: number } => ({
  own: (count * widths.dim * 3) / 4,
  rest: (count * (widthOf(widths) - widths.dim)) / 2,
})

/** Takes rows out of the bits they are packed in, and their scales out of the upper half of a float32. */
export function unpackedRows(own: Uint8Array, rest: Uint8Array, shortScales: Uint8Array, widths: Widths): Rows {
  const { dim, window, bag, context } = widths
  const width = widthOf(widths)
  const count = own.length / (bytesOfRows(1, widths).own || 1)
  const values = new Int8Array(count * width)
  let [six, four] = [0, 0]
  for (let row = 0; row < count; row++) {
    const [start, afterOwn, end] = [row * width, row * width + dim, (row + 1) * width]
    for (let at = start; at < afterOwn; at += 4) {
      const bits = own[six++]! | (own[six++]! << 8) | (own[six++]! << 16)
      for (let next = 0; next < 4; next++) values[at + next] = STEP * (((bits >> (6 * next)) & 63) - STEPS)
    }
    for (let at = afterOwn; at < end; at += 2) {
      const bits = rest[four++]!
      values[at] = LEVELS[bits & 15]!
      values[at + 1] = LEVELS[bits >> 4]!
    }
  }
  const bits = new Uint32Array(shortScales.length / 2)
  for (let at = 0; at < bits.length; at++) bits[at] = (shortScales[2 * at]! << 16) | (shortScales[2 * at + 1]! << 24)
  const before = dim
  const bagAt = before + 3 * window
  const hears = bagAt + bag
  return {
    values,
    scales: new Float32Array(bits.buffer),
    width,
    at: {
      own: 0,
      before,
      itself: before + window,
      after: before + 2 * window,
      bag: bagAt,
      hears,
      says: hears + context,
    },
  }
}

// What a token means by itself is in even steps, 31 to either side: words of like meaning lose each other in coarser ones.
const [STEPS, STEP] = [31, 4]

// Where sixteen steps lie best for numbers that are normally distributed (Lloyd and Max), as parts of 127.
const LEVELS = Int8Array.of(-127, -96, -75, -58, -44, -31, -18, -6, 6, 18, 31, 44, 58, 75, 96, 127)
