import { facet, type Reading } from '../reading.ts'
import { own } from './meaning.ts'
import { synonymous } from './synonyms.ts'

/** The words of meaning that each of two questions has for itself and that nothing in the other is like, as stems. */
export interface Leftovers {
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

/** What two questions say differently, once endings, slips of the pen, acronyms and synonyms are made up for. */
export function leftovers(asked: Reading, known: Reading): Leftovers {
  const last = lastLeft(asked)
  if (last.other !== known) {
    last.other = known
    last.left = made(asked, known)
  }
  return last.left
}

const lastLeft = facet((): { other?: Reading; left: Leftovers } => ({ left: none }))

const none: Leftovers = { ours: [], theirs: [] }

function made(asked: Reading, known: Reading): Leftovers {
  const [ours, theirs] = [own(asked, known), own(known, asked)]
  if (ours.length === 0 || theirs.length === 0 || ours.length + theirs.length > enough) return { ours, theirs }
  if (akin(ours.join(''), theirs.join('')) || short(ours, known) || short(theirs, asked)) return none
  return {
    ours: ours.filter((one) => !theirs.some((other) => alike(one, other))),
    theirs: theirs.filter((other) => !ours.some((one) => alike(one, other))),
  }
}

/** True if all that is left is an acronym of what the other question spells out. */
const short = ([only, ...more]: readonly string[], other: Reading): boolean =>
  more.length === 0 && only !== undefined && only.length > 1 && only.length <= 6 && initials(other).includes(only)

/** The first letters, in which "WHO" is found in "World Health Organization". */
export const initials = facet(({ words }) => words.map(({ text }) => text[0]).join(''))

/** True of stems that may say the same. */
export const alike = (one: string, other: string): boolean => akin(one, other) || synonymous(one, other)

/** True if two words differ by an ending or a slip of the pen: India and Indian, Quora and Qoura. */
export function akin(one: string, other: string): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one]
  if (one[0] !== other[0]) return false
  let head = 1
  while (head < shorter.length && one[head] === other[head]) head++
  if (head >= 4 && longer.length - head <= 3) return true
  if (shorter.length < 5 || longer.length - shorter.length > 1) return false
  let tail = 0
  while (tail < shorter.length - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++
  const left = longer.length - head - tail
  return left <= 1 || (left === 2 && one[head] === other[head + 1] && one[head + 1] === other[head])
}

/** Beyond this many words two questions are not worded alike, whatever is made up for. */
const enough = 16
