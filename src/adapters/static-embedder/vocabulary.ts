/** The pieces that words are made of, found without making a string for any of them. */
export interface Vocabulary {
  readonly size: number
  /**
   * The longest piece that `letters` begin with at `start` and that ends by `end`; -1 if there is none. A piece that goes
   * on with a word is not one that begins a word with the same letters.
   */
  longest(letters: Uint16Array, start: number, end: number, goesOn: boolean): number
  /** How many UTF-16 units a piece covers. */
  lengthOf(id: number): number
}

/** A vocabulary from its text, a token a line; those that go on with a word begin with `continuation`. */
export function vocabulary(text: string, continuation: string): Vocabulary {
  const size = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(size * 2 + 1))).fill(-1)
  const mask = slots.length - 1
  const units = new Uint16Array(text.length)
  const starts = new Int32Array(size + 1)
  const hashes = new Int32Array(size)
  let longestPiece = 0

  for (let id = 0, from = 0; id < size; id++) {
    const lineEnd = text.indexOf('\n', from)
    const to = lineEnd < 0 ? text.length : lineEnd
    const goesOn = to - from > continuation.length && text.startsWith(continuation, from)
    let hash = goesOn ? continuing : beginning
    let end = starts[id]!
    for (let at = goesOn ? from + continuation.length : from; at < to; at++) {
      const unit = text.charCodeAt(at)
      units[end++] = unit
      hash = extended(hash, unit)
    }
    starts[id + 1] = end
    hashes[id] = hash
    longestPiece = Math.max(longestPiece, end - starts[id]!)
    let slot = mixed(hash) & mask
    while (slots[slot]! >= 0) slot = (slot + 1) & mask
    slots[slot] = id
    from = to + 1
  }

  const lengthOf = (id: number): number => starts[id + 1]! - starts[id]!

  function isThere(id: number, letters: Uint16Array, start: number, length: number): boolean {
    if (lengthOf(id) !== length) return false
    for (let at = 0, from = starts[id]!; at < length; at++) if (units[from + at] !== letters[start + at]) return false
    return true
  }

  return {
    size,
    lengthOf,
    longest(letters, start, end, goesOn) {
      let found = -1
      let hash = goesOn ? continuing : beginning
      for (let at = start, last = Math.min(end, start + longestPiece); at < last; at++) {
        hash = extended(hash, letters[at]!)
        for (let slot = mixed(hash) & mask; slots[slot]! >= 0; slot = (slot + 1) & mask) {
          const id = slots[slot]!
          if (hashes[id] === hash && isThere(id, letters, start, at + 1 - start)) found = id
        }
      }
      return found
    },
  }
}

// FNV-1a, one UTF-16 unit a step, so that the hash of a longer piece goes on from that of the shorter one. The seed tells
// a piece within a word from one at its beginning: beyond it, equal hashes and equal letters are the same piece.
const beginning = 0x811c9dc5 | 0
const continuing = 0x9e3779b9 | 0
const extended = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193)

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return once ^ (once >>> 13)
}
