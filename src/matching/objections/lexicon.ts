import { facet, list, type Reading } from '../reading.ts'
import { stem } from './stem.ts'

/** What is known of a word by itself. */
export interface Lexeme {
  readonly stem: string
  /** True of words that hold a sentence together and say little themselves. */
  readonly isGrammar: boolean
  /** The lists it is in, as bits. */
  readonly lists: number
}

/** The lexeme of each word, in order. */
export const lexemes = facet(({ words }) => words.map(({ text }) => lookUp(text)))

export const isGrammar = (word: string): boolean => grammar.has(word)

/**
 * Makes a test for readings that have one of some words. A reading looks up each of its words once for all lists, so that
 * an objection costs next to nothing where none of its words occur.
 */
export function anyOf(words: Iterable<string>): (reading: Reading) => boolean {
  if (made === MOST) throw new Error(`No more than ${MOST} lists of words fit into a number.`)
  const bit = 1 << made++
  for (const word of words) listed.set(word, (listed.get(word) ?? 0) | bit)
  known.clear()
  return (reading) => (lists(reading) & bit) !== 0
}

const MOST = 31
let made = 0
const listed = new Map<string, number>()

const lists = facet((reading) => {
  let bits = 0
  for (const lexeme of lexemes(reading)) bits |= lexeme.lists
  return bits
})

function lookUp(word: string): Lexeme {
  const before = known.get(word)
  if (before) return before
  const lexeme = { stem: stem(word), isGrammar: grammar.has(word), lists: listed.get(word) ?? 0 }
  // A longer part of a text may keep all of the text in memory.
  if (word.length > SHORT) return lexeme
  if (known.size >= ENOUGH) known.clear()
  known.set(word, lexeme)
  return lexeme
}

/** People ask in the same words, most of the time. */
const known = new Map<string, Lexeme>()
const ENOUGH = 20_000
const SHORT = 12

const grammar = new Set(
  list(`
    a an the this that these those some any all each every much many more most such own same other another
    i me my mine myself we us our ours you your yours yourself he him his she her hers it its they them their theirs
    one ones someone anyone everyone people person
    am is are was were be been being do does did doing done has have had having get gets got getting let
    can could should would will shall may might must
    what which who whom whose when where why how if whether and or but nor not no never as than then there here
    of to from in into on onto at by for with without about over under between before after during through via per
    out up off also just really so too quite very please
    tell give show find explain describe know want need help like way ways best good possible able`),
)
