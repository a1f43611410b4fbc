import { kindOf } from './kind.ts'
import { doubts } from './objections/index.ts'
import { type Reading, read } from './reading.ts'
import { inStep, sameInOrder, spelledAlike } from './spelling.ts'
import { type Term, type WordVector, cosine, createTerms, residue, together, weigh } from './terms.ts'

/** A match with its cosine. */
export interface Near {
  readonly similarity: number
  /** Which entry's answer it would be; that of no other unless given. */
  readonly answer?: string | undefined
  /** Needed only of those within reach of the nearest. */
  readonly known?: Reading | undefined
}

/**
 * What a match is weighed by, in this order, and which way each can count: a feature that speaks for a match never
 * lowers its score. "Most" is of the question that has more of it, "least" of the other one; content words are those
 * that say what a question is about, frame words those that hold it together.
 */
export const FEATURES = [
  ['cosine', 'for'],
  /** How much farther it is than the nearest match: none, or a negative number. */
  ['behind-nearest', 'for'],
  /** How much nearer than the next, if it is the nearest. */
  ['ahead-of-next', 'for'],
  /** How many other matches are as near, or nearly so, and would be answered otherwise. */
  ['crowd', 'against'],
  ['words', 'either'],
  ['spelling', 'for'],
  ['content', 'for'],
  ['frame', 'for'],
  /** What content words say for themselves, when each is set against the nearest of the other question. */
  ['residue-share-most', 'against'],
  ['residue-least', 'against'],
  ['residue-of-one-word', 'against'],
  ['left-of-one-word', 'against'],
  /** What the content words left on both sides say, as a whole, compared. */
  ['left-cosine', 'for'],
  ['left-on-one-side', 'against'],
  ['frame-words-left', 'against'],
  ['nothing-left', 'for'],
  /** The same words, in another order. */
  ['turned', 'against'],
  /**
   * How few other matches there are at all, near or far, for then nobody can know how usual it is to be so near; none
   * of what says the very same.
   */
  ['alone', 'against'],
  ['same-kind', 'for'],
  ['one-asks-yes-or-no', 'against'],
  ['other-question-word', 'against'],
  ['same-last-word', 'for'],
  ['names-left', 'against'],
  ['figures-left', 'against'],
  /** What is no reason to refuse a match, and a reason to think twice. */
  ...doubts.map(({ name }) => [`doubt.${name}`, 'against'] as const),
] as const

/** What cannot be read is described as if nothing were said; it will be objected to. */
const NOTHING = read('')
/** Matches that are less near than the one in question by no more than this crowd it. */
const CROWD = 0.03
/** Matches that are farther behind the nearest than this are not worth a look; but that they are far says something. */
const REACH = 0.12
/** Where there is no next match, one might have been as near as this. */
const NEXT_AT_LEAST = 0.65
/** With so many others, a match is not alone at all. */
const COMPANY = 7

/** How many of matches, nearest first, are near enough to be described. */
export function withinReach(matches: readonly { readonly similarity: number }[], floor = -1): number {
  const least = Math.max(floor, (matches[0]?.similarity ?? 0) - REACH)
  return matches.filter(({ similarity }) => similarity >= least).length
}

export type Describe = (asked: Reading, matches: readonly Near[], worth?: number) => Float64Array[]

/** Describes the nearest matches of a question, as many as are worth it, nearest first, by the features above. */
export function createFeatures(vectorOf: WordVector): Describe {
  const termsOf = createTerms(vectorOf)

  return (asked, matches, worth = withinReach(matches)) =>
    matches.slice(0, worth).map((match, rank) => {
      const known = match.known ?? NOTHING
      const rivals = matches.filter((other, at) => at !== rank && !saysTheSame(other, match))
      const next = Math.max(NEXT_AT_LEAST, rivals[0]?.similarity ?? 0)
      return Float64Array.of(
        match.similarity,
        match.similarity - matches[0]!.similarity,
        rank === 0 ? Math.max(0, match.similarity - next) : 0,
        rivals.filter(({ similarity }) => similarity > match.similarity - CROWD).length,
        Math.log1p(asked.words.length + known.words.length),
        ...compared(asked, known, Math.max(0, 1 - (matches.length - 1) / COMPANY)),
      )
    })

  function compared(asked: Reading, known: Reading, alone: number): number[] {
    const [ours, theirs] = [termsOf(asked), termsOf(known)]
    const left = { ours: without(ours.all, theirs.stems), theirs: without(theirs.all, ours.stems) }
    const [mine, yours] = [left.ours.filter(isContent), left.theirs.filter(isContent)]
    const shared = weigh(ours.all.filter((term) => isContent(term) && theirs.stems.has(term.stem)))
    const [residues, others] = [residuesOf(mine, yours), residuesOf(yours, mine)]
    const [most, least] = inOrder(residues.sum, others.sum)
    const whole = shared + Math.max(weigh(mine), weigh(yours))
    const [kind, other] = [kindOf(asked), kindOf(known)]
    const isOther = kind !== other
    const nothingLeft = mine.length + yours.length === 0
    return [
      spelledAlike(asked, known),
      cosine(ours.content, theirs.content),
      cosine(ours.frame, theirs.frame),
      whole > 0 ? most / whole : 0,
      least,
      Math.max(residues.most, others.most),
      whole > 0 ? Math.max(heaviest(mine), heaviest(yours)) / whole : 0,
      mine.length > 0 && yours.length > 0 ? cosine(together(mine), together(yours)) : 0,
      flag(mine.length > 0 !== yours.length > 0),
      Math.max(left.ours.length - mine.length, left.theirs.length - yours.length),
      flag(nothingLeft),
      nothingLeft ? 1 - inStep(asked, known) : 0,
      nothingLeft && sameInOrder(asked, known) ? 0 : alone,
      flag(!isOther),
      flag(isOther && (kind === 'yes' || other === 'yes')),
      flag(isOther && kind !== 'yes' && other !== 'yes' && kind !== 'other' && other !== 'other'),
      flag(ours.all.at(-1)?.stem === theirs.all.at(-1)?.stem),
      mine.filter(isName).length + yours.filter(isName).length,
      left.ours.filter(isFigure).length + left.theirs.filter(isFigure).length,
      ...doubts.map((doubt) => flag(doubt.objects(asked, known))),
    ]
  }
}

const saysTheSame = (one: Near, other: Near) => one.answer !== undefined && one.answer === other.answer
const without = (terms: readonly Term[], stems: ReadonlySet<string>) => terms.filter(({ stem }) => !stems.has(stem))
const isContent = ({ isFrame }: Term) => !isFrame
const isName = ({ isName }: Term) => isName
const isFigure = ({ isFigure }: Term) => isFigure
const flag = (is: boolean): number => (is ? 1 : 0)
const inOrder = (one: number, other: number) => [Math.max(one, other), Math.min(one, other)] as const
const heaviest = (terms: readonly Term[]) => terms.reduce((most, { weight }) => Math.max(most, weight), 0)

function residuesOf(terms: readonly Term[], others: readonly Term[]) {
  const residues = { sum: 0, most: 0 }
  for (const term of terms) {
    const own = residue(term, others)
    residues.sum += own
    residues.most = Math.max(residues.most, own)
  }
  return residues
}
