import { type Reading, facet, list } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { content, stems } from './meaning.ts'

/**
 * Objects when two questions are made of the very same words in another order: "Is it known to be new?" and "Is it new
 * to be known?". Not if one part has moved as a whole, or two have changed places around an "and". Of long questions
 * only the words of meaning have to be the same, and one of them may be another.
 *
 * Whether "How do A's differ from B's?" may be turned round its words do not tell, so that it is objected to as well.
 * Measured (in-sample): 78 % of its 279 objections to word-swapped Quora question pairs (development half) are right; it
 * alone catches 18 % of the different ones and loses 62 % of the same. On the natural mix of a stream it loses 11 of 3,390
 * right nearest: `node bench/quality/objections.ts --data <folder> --set paws_qqp --set qqp_stream`.
 */
export const order: Objection = {
  name: 'order',
  objects(asked, known) {
    return isReordered(asked, known) || isRearranged(asked, known)
  },
}

/** All words are the same, but for articles. */
function isReordered(asked: Reading, known: Reading): boolean {
  const [ours, theirs] = [worded(asked), worded(known)]
  if (ours.length !== theirs.length || sorted(asked) !== sorted(known)) return false
  const [first, last] = [ours.findIndex((stem, at) => stem !== theirs[at]), lastApart(ours, theirs)]
  if (first < 0) return false
  const [one, other] = [ours.slice(first, last + 1), theirs.slice(first, last + 1)]
  return !hasMoved(one, other) && !hasChangedPlaces(one, other)
}

/** So many words of meaning are the same, but for one at most: too many for all of them to be where they belong by chance. */
function isRearranged(asked: Reading, known: Reading): boolean {
  const [ours, theirs] = [said(asked), said(known)]
  if (Math.min(ours.length, theirs.length) < MANY || Math.abs(ours.length - theirs.length) > 1) return false
  const [one, other] = [shared(ours, theirs), shared(theirs, ours)]
  const most = Math.max(ours.length, theirs.length)
  if (one.length !== other.length || one.length < Math.max(MANY, most - 1)) return false
  return one.toSorted().join(' ') === other.toSorted().join(' ') && !hasMoved(one, other)
}

const MANY = 7

/** The words of meaning, each where it is said first. */
const said = facet((reading) => [...new Set(content(reading))])

function shared(ours: readonly string[], theirs: readonly string[]): string[] {
  const there = new Set(theirs)
  return ours.filter((stem) => there.has(stem))
}

export const examples: Examples = {
  objected: [
    ['Is it known to be new?', 'Is it new to be known?'],
    [
      'If you could choose one superpower, what would you have?',
      'If you could have one superpower, what would you choose?',
    ],
    ['Should a person do swimming to know diving?', 'Should person know swimming to do diving?'],
    ['Why are classic books harder than new books?', 'Why are new books harder than classic books?'],
    [
      'Is my card safe in this shop? Can I leave my address there, and will the parcel come quickly and undamaged?',
      'Is my card quickly safe in this shop? Can I leave an address there, and will my parcel come undamaged?',
    ],
  ],
  accepted: [
    ['Within 30 days of delivery, can I return shoes?', 'Can I return shoes within 30 days of delivery?'],
    ['How do I make myself happy and productive?', 'How do I make myself productive and happy?'],
    ['What will happen to oil prices in 2030?', 'In 2030, what will happen to oil prices?'],
    ['Can I pay online?', 'Can I pay online?'],
    ['Can I pay online?', 'Can I pay in cash?'],
    [
      'After a flight to Rome last summer my bag was lost. Who pays?',
      'Who pays? After the flight to Rome last summer my bag was lost.',
    ],
  ],
}

/** The words as they come, but for articles. */
const worded = facet((reading) => stems(reading).filter((stem) => !articles.has(stem)))
const articles = new Set(list('a an the'))
const sorted = facet((reading) => worded(reading).toSorted().join(' '))

function lastApart(ours: readonly string[], theirs: readonly string[]): number {
  let at = ours.length - 1
  while (at >= 0 && ours[at] === theirs[at]) at--
  return at
}

/** True if what differs is two parts that follow one another, the other way round. */
function hasMoved(one: readonly string[], other: readonly string[]): boolean {
  return ` ${[...one, ...one].join(' ')} `.includes(` ${other.join(' ')} `)
}

/** True if what differs is two parts with a word between them that joins them as equals, the other way round. */
function hasChangedPlaces(one: readonly string[], other: readonly string[]): boolean {
  const joints = one.flatMap((stem, at) => (joining.has(stem) ? [at] : [])).slice(0, ENOUGH)
  return joints.some((at) =>
    [...one.slice(at + 1), one[at], ...one.slice(0, at)].every((stem, to) => stem === other[to]),
  )
}

const joining = new Set(list('and or vs versus nor'))
const ENOUGH = 8
