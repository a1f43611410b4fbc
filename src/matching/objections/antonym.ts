import { facet, list, type Reading } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { apart, stem } from './meaning.ts'

/**
 * Objects when two questions worded alike differ by a word and its opposite: "enable" and "disable", "on" and "off".
 * Quora question pairs, 10,000 development prompts: 74 % of its objections are right, 1.3 % of negatives caught.
 */
export const antonym: Objection = {
  name: 'antonym',
  objects(asked, known) {
    if (apart(asked, known) > 2) return false
    const [ours, theirs] = [terms(asked), terms(known)]
    const [onlyOurs, onlyTheirs] = [without(ours, theirs), without(theirs, ours)]
    return onlyOurs.some((one) => onlyTheirs.some((other) => opposed(one, other)))
  },
}

export const examples: Examples = {
  objected: [
    ['How do I enable 2FA?', 'How do I disable 2FA?'],
    ['turn on dark mode', 'turn off dark mode'],
    ['turn dark mode on', 'disable dark mode'],
    ['How do I log in?', 'How do I log out?'],
    ['Where can I buy used books?', 'Where can I sell used books?'],
    ['increase the font size', 'decrease the font size'],
    ['flights before noon', 'flights after noon'],
    ['the max of a list', 'the minimum of a list'],
    ['import contacts', 'export contacts'],
    ['starting the server', 'stopping the server'],
    ['lock a file', 'unlock a file'],
    ['weather today', 'weather tomorrow'],
    ['add a user', 'remove a user'],
  ],
  accepted: [
    ['turn off 2FA', 'disable 2FA on GitHub'],
    ['turn on 2FA', 'enable 2FA'],
    ['turn off 2FA on GitHub', 'disable 2FA in GitHub'],
    ['sign in to the portal', 'log in to the portal'],
    ['remove a user', 'delete a user'],
    ['forgotten password', 'forgotten username'],
    ['advantages and disadvantages of wine', 'disadvantages and advantages of wine'],
    ['How do I open a file?', 'How do I close the pores on my nose quickly?'],
  ],
}

const without = (terms: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  Array.from(terms).filter((term) => !others.has(term) && /^\p{L}/u.test(term))

/** The stems of the words; a verb and its particle are one, so that "turn it off" reads as "disable it". */
const terms = facet(({ words }: Reading): ReadonlySet<string> => {
  const found = new Set<string>()
  let particle = -1
  for (const [at, { text }] of words.entries()) {
    if (at === particle) continue
    const meanings = phrasal.get(text)
    const far = meanings ? words.slice(at + 1, at + 5).findIndex((word) => meanings.has(word.text)) : -1
    if (far < 0) {
      found.add(stem(text))
      continue
    }
    particle = at + 1 + far
    found.add(stem(meanings?.get(words[particle]?.text ?? '') ?? text))
  }
  return found
})

function opposed(one: string, other: string): boolean {
  const others = poles.get(other)
  const apart = poles
    .get(one)
    ?.some(({ pair, side }) => others?.some((pole) => pole.pair === pair && pole.side !== side))
  return apart || undoes(one, other) || undoes(other, one)
}

/** "unlock" and "lock", "disconnect" and "connect", "invalid" and "valid". */
function undoes(word: string, plain: string): boolean {
  if (plain.length < 4 || !word.endsWith(plain)) return false
  return undoing.has(word.slice(0, -plain.length))
}

const undoing = new Set(list('un in im il ir dis non de mis'))

const power = new Map([
  ['on', 'enable'],
  ['off', 'disable'],
])
const session = new Map([
  ['in', 'login'],
  ['into', 'login'],
  ['on', 'login'],
  ['out', 'logout'],
  ['off', 'logout'],
  ['up', 'signup'],
])
const phrasal = new Map([
  ...list('turn turns turning turned switch switching switched toggle power').map((verb) => [verb, power] as const),
  ...list('log logging logged sign signing signed').map((verb) => [verb, session] as const),
])

// A line for each opposition; whatever stands on two sides of a bar excludes the other.
const oppositions = `
  enable activate on | disable deactivate off
  login signin | logout signout
  open | close shut
  start begin launch | stop end quit finish
  increase raise grow maximize gain | decrease reduce lower shrink minimize lose
  add insert create install | remove delete uninstall erase
  buy purchase | sell
  before | after
  min minimum | max maximum
  import | export
  upload | download
  encode encrypt | decode decrypt
  push | pull
  send | receive
  lend | borrow
  accept allow approve grant | reject deny block decline revoke forbid
  show | hide
  join | leave quit
  arrive arrival | depart departure
  deposit | withdraw withdrawal
  pass | fail
  win | lose
  love like | hate
  most | least
  more | less fewer
  best | worst
  better | worse
  high | low
  higher | lower
  highest | lowest
  above over | below under
  up | down
  left | right
  old older oldest | new newer newest young younger youngest
  big large bigger larger biggest largest | small smaller smallest little
  long longer longest | short shorter shortest
  fast faster fastest quick | slow slower slowest
  cheap cheaper cheapest | expensive
  hot | cold
  early earlier earliest | late later latest
  north northern | south southern | east eastern | west western
  male man men boy guy | female woman women girl
  father dad husband | mother mom wife
  son brother | daughter sister
  pro advantage benefit | con disadvantage drawback
  true | false
  positive | negative
  public | private
  input | output
  internal inner | external outer
  manual | automatic
  past | future
  yesterday | today | tomorrow
  morning | afternoon | evening | night
  rich | poor
  strong | weak
  alive | dead
  theist | atheist`

const poles = new Map<string, { readonly pair: number; readonly side: number }[]>()
for (const [pair, line] of oppositions.trim().split('\n').entries()) {
  for (const [side, words] of line.split('|').entries()) {
    for (const word of list(words).map(stem)) poles.set(word, [...(poles.get(word) ?? []), { pair, side }])
  }
}
