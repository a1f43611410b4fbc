import { content, stem } from './objections/meaning.ts'
import { type Reading, facet } from './reading.ts'

/** So many letters of a text are looked at. */
const ENOUGH = 600

/** How much alike two texts are spelt: Dice's coefficient of their groups of three letters, 0 to 1. */
export function spelledAlike(asked: Reading, known: Reading): number {
  const [ours, theirs] = [trigrams(asked), trigrams(known)]
  let shared = 0
  for (let one = 0, other = 0; one < ours.length && other < theirs.length;) {
    const apart = ours[one]! - theirs[other]!
    if (apart === 0) shared++
    if (apart <= 0) one++
    if (apart >= 0) other++
  }
  const all = ours.length + theirs.length
  return all > 0 ? (2 * shared) / all : 1
}

/** The share of neighbouring words that are neighbours in the other text as well, 0 to 1. */
export function inStep(asked: Reading, known: Reading): number {
  const [ours, theirs] = [neighbours(asked), neighbours(known)]
  let both = 0
  for (const pair of ours) if (theirs.has(pair)) both++
  const most = Math.max(ours.size, theirs.size)
  return most > 0 ? both / most : 1
}

/** True if the words of meaning are the same, and in the same order, or one part of them has moved as a whole. */
export function sameInOrder(asked: Reading, known: Reading): boolean {
  const [ours, theirs] = [content(asked), content(known)]
  return ours.length === theirs.length && ` ${[...ours, ...ours].join(' ')} `.includes(` ${theirs.join(' ')} `)
}

/** A number for each, which others rarely have, in order; those that come twice are there twice. */
const trigrams = facet(({ words }: Reading): Uint32Array => {
  let letters = ' '
  for (const { text } of words) {
    letters += `${text} `
    if (letters.length > ENOUGH) break
  }
  const found = new Uint32Array(Math.max(0, letters.length - 2))
  for (let at = 0; at < found.length; at++) {
    const [one, two, three] = [letters.charCodeAt(at), letters.charCodeAt(at + 1), letters.charCodeAt(at + 2)]
    found[at] = Math.imul(Math.imul(one, 65_599) + two, 65_599) + three
  }
  return found.sort()
})

const neighbours = facet(({ words }: Reading): ReadonlySet<string> => {
  const stems = words.map(({ text }) => stem(text))
  return new Set(stems.slice(1).map((word, at) => `${stems[at]} ${word}`))
})
