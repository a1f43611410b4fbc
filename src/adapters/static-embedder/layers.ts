import type { Widths } from './rows.ts'

/** What is the same for all tokens. */
export interface Layers {
  /** What stands before the first word, and after the last. */
  readonly start: Float32Array
  readonly end: Float32Array
  /** Added to what three words in a row say, to what the text says, and to its topic. */
  readonly windowBias: Float32Array
  readonly bagBias: Float32Array
  readonly contextBias: Float32Array
  /** How much a word weighs by what it says with its neighbours. */
  readonly attention: Float32Array
  /** A row for each number that windows and bag make: what it adds to the vector, times its scale. */
  readonly output: Int8Array
  readonly outputScales: Float32Array
}

const numbersOf = ({ window, bag, context }: Widths): number => 5 * window + 2 * bag + context

export const layersBytes = (widths: Widths): number => 4 * numbersOf(widths) + (widths.window + widths.bag) * widths.dim

/** Out of float32 numbers in the order of `Layers`, the scales among them, and then the int8 rows. */
export function layersOf(bytes: Uint8Array, widths: Widths): Layers {
  const { window, bag, context } = widths
  const length = numbersOf(widths)
  // Copied, for in the file they need not stand where floats may.
  const numbers = new Float32Array(Uint8Array.from(bytes.subarray(0, 4 * length)).buffer)
  let from = 0
  const next = (count: number): Float32Array => numbers.subarray(from, (from += count))
  return {
    start: next(window),
    end: next(window),
    windowBias: next(window),
    bagBias: next(bag),
    contextBias: next(context),
    attention: next(window),
    outputScales: next(window + bag),
    output: new Int8Array(Uint8Array.from(bytes.subarray(4 * length)).buffer),
  }
}
