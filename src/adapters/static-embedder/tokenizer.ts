import { KIND, characterKinds } from './characters.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface TokenizerSettings {
  readonly lowercase: boolean
  readonly stripAccents: boolean
  /** Longer words are not looked up. */
  readonly maxWordChars: number
}

/** A text in the pieces of a vocabulary. */
export interface Tokens {
  /** In order; a word that cannot be pieced together is one negative number, the same wherever the word is met. */
  readonly ids: Int32Array
  /** Of which word each of them is a part, from 0. */
  readonly words: Int32Array
  /** How many letters and digits are in pieces that can mean something. */
  readonly read: number
  /** How many are in words that the vocabulary cannot spell, or that it spells letter by letter. */
  readonly unread: number
}

/** Splits as BERT does: at spaces, around punctuation and ideographs, then each word into the longest pieces there are. */
export function tokenizer(vocabulary: Vocabulary, settings: TokenizerSettings): (text: string) => Tokens {
  const { lowercase, stripAccents, maxWordChars } = settings
  const { space, alone, nothing } = KIND
  const kindOf = characterKinds(stripAccents)
  // Kept from text to text, so that a text costs no more memory than its tokens.
  let letters = new Uint16Array(2 ** 10)
  let ids = new Int32Array(2 ** 10)
  let words = new Int32Array(2 ** 10)
  let [length, count, word, read, unread] = [0, 0, 0, 0, 0]

  function tokenize(text: string): Tokens {
    const spelling = plain(text)
    if (letters.length < spelling.length) {
      letters = new Uint16Array(spelling.length)
      // No word has more pieces than letters.
      ids = new Int32Array(spelling.length)
      words = new Int32Array(spelling.length)
    }
    length = count = word = read = unread = 0
    for (let at = 0; at < spelling.length; at++) {
      const code = spelling.codePointAt(at)!
      const kind = kindOf(code)
      if (kind === space || kind === alone) endWord()
      if (code > 0xffff) at++
      if (kind === space || kind === nothing) continue
      if (code > 0xffff) letters[length++] = spelling.charCodeAt(at - 1)
      letters[length++] = spelling.charCodeAt(at)
      if (kind === alone) endWord()
    }
    endWord()
    return { ids: ids.slice(0, count), words: words.slice(0, count), read, unread }
  }

  function plain(text: string): string {
    const apart = stripAccents && !isAscii.test(text) ? text.normalize('NFD') : text
    return lowercase ? apart.toLowerCase() : apart
  }

  function endWord(): void {
    if (length === 0) return
    const first = count
    if (length > maxWordChars || !pieceTogether()) {
      count = first
      ids[count++] = unknown(letters, length)
      unread += length
    }
    words.fill(word++, first, count)
    length = 0
  }

  function pieceTogether(): boolean {
    let spelt = 0
    let start = 0
    while (start < length) {
      const id = vocabulary.longest(letters, start, length, start > 0)
      if (id < 0) return false
      ids[count++] = id
      const covered = vocabulary.lengthOf(id)
      if (covered === 1 && !isDigit(letters[start]!)) spelt++
      start += covered
    }
    if (length === 1 && letters[0]! < 0x80) {
      // `a` and `7` are words, `?` is nothing to read.
      if (isLetterOrDigit(letters[0]!)) read++
      return true
    }
    read += length - spelt
    unread += spelt
    return true
  }

  return tokenize
}

const isAscii = /^[\0-\x7f]*$/

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39
const isLetterOrDigit = (unit: number): boolean => isDigit(unit) || ((unit | 0x20) - 0x61) >>> 0 < 26

/** FNV-1a; below zero, so that it is no piece's number. */
function unknown(letters: Uint16Array, length: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ letters[at]!, 0x01000193)
  return ~(hash & 0x7fffffff)
}
