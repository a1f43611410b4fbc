import { objections } from './objections/index.ts'
import { read } from './reading.ts'

export type Sameness = 'same' | 'different' | 'unknown'

/**
 * Up to so many words an answer is one statement, and what an objection finds between two of them tells them apart.
 * Longer ones say many things, in one order or another, of which one may well name what the other leaves out.
 */
const SHORT = 25
/** Answers this near in wording say the same, if so many of their words are in the same order and nothing speaks against it. */
const SAME = 0.97
const IN_ORDER = 0.85
/** Longer ones are not looked through word by word. */
const LONG = 300
/** Answers of some length that have next to nothing in common say something else. */
const DIFFERENT = 0.1
const LONG_ENOUGH = 6

/**
 * Whether two answers say the same, as far as can be told without understanding them. In doubt it is unknown: a label
 * that is wrong does more harm than one that is missing. `likeness` compares the answers, where something can: the cosine,
 * of which 0 is that of texts that have nothing to do with one another.
 */
export function sameness(one: string, other: string, likeness?: number): Sameness {
  const [ours, theirs] = [plain(one), plain(other)]
  if (ours === theirs) return 'same'
  if (isYesOrNo(ours) && isYesOrNo(theirs) && firstOf(ours) !== firstOf(theirs)) return 'different'
  const [objection, lengths] = [objectionTo(one, other), [wordsOf(ours).length, wordsOf(theirs).length]]
  if (objection && tellsApart(objection, ours, theirs) && Math.max(...lengths) <= SHORT) return 'different'
  if (likeness === undefined || objection) return 'unknown'
  if (likeness >= SAME && figuresOf(ours) === figuresOf(theirs) && inOrder(ours, theirs) >= IN_ORDER) return 'same'
  return likeness <= DIFFERENT && Math.min(...lengths) >= LONG_ENOUGH ? 'different' : 'unknown'
}

/** What both say, one of them at greater length, is the same for all but those objections that a single word makes. */
function tellsApart(objection: string, ours: string, theirs: string): boolean {
  if (objection === UNREADABLE) return false
  return REVERSING.has(objection) || !(covers(ours, theirs) || covers(theirs, ours))
}

const REVERSING = new Set(['negation', 'antonym'])
const UNREADABLE = 'unreadable'

/** Letters, figures and the signs that change what they say; the rest is layout. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{S}%/-]+/gu, ' ')
    .replace(/(?<!\p{N})\s*-\s*(?!\p{N})/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const firstOf = (text: string): string => text.split(' ', 1)[0]!
const isYesOrNo = (text: string): boolean => ['yes', 'no'].includes(firstOf(text))
const wordsOf = (text: string): string[] => text.split(' ').filter(Boolean)
const figuresOf = (text: string): string =>
  wordsOf(text)
    .filter((word) => /\p{N}/u.test(word))
    .sort()
    .join(' ')

/** The share of the longer one's words that both have in the same order; many an embedder takes no notice of order. */
function inOrder(one: string, other: string): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)]
  const longest = Math.max(ours.length, theirs.length)
  if (longest > LONG) return 0
  let lengths = Array<number>(theirs.length + 1).fill(0)
  for (const word of ours) {
    const before = lengths
    lengths = [0]
    theirs.forEach((their, at) => {
      lengths.push(their === word ? before[at]! + 1 : Math.max(before[at + 1]!, lengths[at]!))
    })
  }
  return lengths[theirs.length]! / longest
}

/** True if the one has all that the other says: its figures, and its words but for the shortest. */
function covers(one: string, other: string): boolean {
  const has = new Set(wordsOf(one))
  return wordsOf(other).every((word) => has.has(word) || (word.length <= 3 && !/\p{N}/u.test(word)))
}

function objectionTo(one: string, other: string): string | undefined {
  try {
    const [ours, theirs] = [read(one), read(other)]
    return objections.find((objection) => objection.objects(ours, theirs))?.name
  } catch {
    return UNREADABLE
  }
}
