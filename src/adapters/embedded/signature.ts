/**
 * Writes the signature of a vector into `words` from `at` on: the signs of its coordinates after a turn of the whole
 * space. Two signatures differ in the more bits the wider the angle between their vectors. The turn spreads whatever
 * few coordinates a sparse vector has over all bits; without it, every zero would be a bit that says nothing.
 */
export function sign(vector: Float32Array, words: Uint32Array, at: number): void {
  const turned = turn(vector)
  for (let word = 0; word < wordsFor(vector.length); word++) {
    let bits = 0
    for (let bit = 0; bit < 32; bit++) if (turned[word * 32 + bit]! > 0) bits |= 1 << bit
    words[at + word] = bits
  }
}

/** How many 32-bit words hold the signature of a vector of so many dimensions. */
export function wordsFor(dimensions: number): number {
  return Math.min(widthFor(dimensions), maxBits) / 32
}

/** In how many bits each of the signatures in `words`, one after the other, differs from the one asked about. */
export function distances(words: Uint32Array, asked: Uint32Array): Uint16Array {
  const found = new Uint16Array(words.length / asked.length)
  for (let row = 0, at = 0; row < found.length; row++) {
    let bits = 0
    for (let word = 0; word < asked.length; word++, at++) bits += bitsIn(words[at]! ^ asked[word]!)
    found[row] = bits
  }
  return found
}

/** After the turn any part of the coordinates speaks for all of them, and this many are enough. */
const maxBits = 512

/** A Hadamard transform of the vector, some of its coordinates flipped: a rotation, but for its scale. */
function turn(vector: Float32Array): Float32Array {
  const turned = new Float32Array(widthFor(vector.length))
  for (let i = 0; i < vector.length; i++) turned[i] = isFlipped(i) ? -vector[i]! : vector[i]!
  for (let half = 1; half < turned.length; half *= 2) {
    for (let start = 0; start < turned.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const left = turned[i]!
        const right = turned[i + half]!
        turned[i] = left + right
        turned[i + half] = left - right
      }
    }
  }
  return turned
}

function widthFor(dimensions: number): number {
  return Math.max(32, 2 ** Math.ceil(Math.log2(dimensions)))
}

/** A coin for each coordinate that always falls the same, so that no vector is in line with the transform by design. */
function isFlipped(coordinate: number): boolean {
  const scrambled = Math.imul(coordinate + 1, 0x9e3779b1)
  return (Math.imul(scrambled ^ (scrambled >>> 15), 0x85ebca6b) & 0x10000) !== 0
}

/** Adds up neighbouring bits, then pairs, then nibbles; the product gathers the four bytes in the topmost. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
