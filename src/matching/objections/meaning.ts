import { facet, list, type Reading } from '../reading.ts'

/** The words without their order. */
export const vocabulary = facet(({ words }) => new Set(words.map(({ text }) => text)))

/** The stems of all words, in order. */
export const stems = facet(({ words }) => words.map(({ text }) => stem(text)))

/** The stems of the words that carry meaning, in order. */
export const content = facet((reading) => stems(reading).filter((_, at) => !isGrammar(reading.words[at]?.text ?? '')))

/** The words of meaning, figures aside, that one question has and the other lacks. */
export function own(reading: Reading, other: Reading): readonly string[] {
  const last = lastOwn(reading)
  if (last.other !== other) {
    const theirs = meaning(other)
    last.other = other
    last.words = Array.from(meaning(reading)).filter((stem) => !theirs.has(stem))
  }
  return last.words
}

/** How far two questions are from being worded alike: the larger number of words that one has for itself. */
export const apart = (asked: Reading, known: Reading): number =>
  Math.max(own(asked, known).length, own(known, asked).length)

/** True of words that hold a sentence together and say little themselves. */
export const isGrammar = (word: string): boolean => grammar.has(word)

/** True of words that begin with a digit. */
export const isFigure = (word: string): boolean => word.charCodeAt(0) >= 48 && word.charCodeAt(0) <= 57

/** Makes the forms of a word alike ("converts", "converting", "converted"); crude, but the same for both questions. */
export function stem(word: string): string {
  const known = stemmed.get(word)
  if (known !== undefined) return known
  // People ask in the same words, most of the time.
  if (stemmed.size >= 20_000) stemmed.clear()
  const stem = word.length > 40 ? word : cut(word)
  stemmed.set(word, stem)
  return stem
}

const stemmed = new Map<string, string>()

function cut(word: string): string {
  const endings = word.length < 4 ? undefined : endingsBy.get(word.charAt(word.length - 1))
  if (!endings) return word
  for (const [ending, instead] of endings) {
    if (word.length < ending.length + 3 || !word.endsWith(ending)) continue
    if (ending === instead) return word
    const base = word.slice(0, word.length - ending.length) + instead
    return undoubled(base, ending).replace(/e$/, '')
  }
  return word
}

/** "running" leaves "runn", which is "run"; but "apps" leaves "app", which is "app". */
function undoubled(base: string, ending: string): string {
  const last = base.charAt(base.length - 1)
  const doubled = ending !== 's' && last === base.charAt(base.length - 2) && 'bgmnprt'.includes(last)
  return doubled ? base.slice(0, -1) : base
}

/** Most objections ask the same of the same two questions, one after the other. */
const lastOwn = facet((): { other?: Reading; words: readonly string[] } => ({ words: [] }))

const meaning = facet((reading) => new Set(content(reading).filter((stem) => !isFigure(stem))))

// By the last letter. The first that fits is taken; one that stays as it is keeps those after it from fitting.
const endingsBy = new Map<string, readonly (readonly [ending: string, instead: string])[]>([
  ['e', [['e', '']]],
  ['g', [['ing', '']]],
  [
    'd',
    [
      ['ied', 'y'],
      ['eed', 'eed'],
      ['ed', ''],
    ],
  ],
  [
    's',
    [
      ['ies', 'y'],
      ['sses', 'ss'],
      ['xes', 'x'],
      ['ches', 'ch'],
      ['shes', 'sh'],
      ['ss', 'ss'],
      ['us', 'us'],
      ['is', 'is'],
      ['s', ''],
    ],
  ],
])

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
