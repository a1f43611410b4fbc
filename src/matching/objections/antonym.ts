import { facet, list, type Reading } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { apart, stem, stems } from './meaning.ts'
import { excludes } from './oppositions.ts'

/**
 * Objects when two questions worded alike differ by a word and its opposite: "enable" and "disable", "on" and "off",
 * "legal" and "illegal", "harmful" and "harmless".
 * Measured (in-sample): 67 % of its 21 objections on labelled pairs are right, catching 5.0 % of the different search-
 * term pairs and 0.2 % of the different Quora pairs; on the natural mix of a stream it loses 0.2 % of the right
 * nearest.
 */
export const antonym: Objection = {
  name: 'antonym',
  objects: (asked, known) => apart(asked, known) <= 2 && differ(asked, known),
}

/**
 * The same in questions that are worded differently.
 * Measured (in-sample): 65 % of its 34 doubts on labelled pairs are right, catching 5.0 % of the different search-term
 * pairs and 0.5 % of the different Quora pairs; on the natural mix of a stream it doubts 0.2 % of the right nearest.
 */
export const antonymDoubt: Objection = {
  name: 'antonym',
  objects: (asked, known) => apart(asked, known) <= 6 && differ(asked, known),
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
    ['Is it legal to fish here?', 'Is it illegal to fish here?'],
    ['are spiders harmful', 'are spiders harmless'],
    ['sort ascending', 'sort descending'],
  ],
  doubted: [
    ['How do I open a file?', 'How do I close the pores on my nose quickly?'],
    ['How do I lose weight quickly at home?', 'What should I eat to gain some weight in a month?'],
  ],
  accepted: [
    ['play music on netflix', 'play music off netflix'],
    ['Which is more harmful, tea or coffee?', 'Is tea less harmful than coffee?'],
    ['turn off 2FA', 'disable 2FA on GitHub'],
    ['turn on 2FA', 'enable 2FA'],
    ['turn off 2FA on GitHub', 'disable 2FA in GitHub'],
    ['sign in to the portal', 'log in to the portal'],
    ['remove a user', 'delete a user'],
    ['forgotten password', 'forgotten username'],
    ['advantages and disadvantages of wine', 'disadvantages and advantages of wine'],
  ],
}

function differ(asked: Reading, known: Reading): boolean {
  const [ours, theirs] = [terms(asked), terms(known)]
  const [onlyOurs, onlyTheirs] = [without(ours, theirs), without(theirs, ours)]
  // "Which is more harmful, this or that?" and "Is this less harmful than that?"
  if (onlyOurs.some((one) => choosing.has(one)) !== onlyTheirs.some((one) => choosing.has(one))) return false
  return onlyOurs.some((one) => onlyTheirs.some((other) => opposed(one, other)))
}

const without = (terms: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  Array.from(terms).filter((term) => !others.has(term) && /^\p{L}/u.test(term))

/** The stems of the words; a verb and its particle are one, so that "turn it off" reads as "disable it". */
const terms = facet((reading: Reading): ReadonlySet<string> => {
  const { words } = reading
  const all = stems(reading)
  const found = new Set<string>()
  let particle = -1
  for (let at = 0; at < words.length; at++) {
    if (at === particle) continue
    const { text } = words[at]!
    const meanings = phrasal.get(text)
    const far = meanings ? words.slice(at + 1, at + 5).findIndex((word) => meanings.has(word.text)) : -1
    // "On" and "off" are opposites at the end ("lights on"), and otherwise only with a verb ("turn on").
    if (far < 0 && power.has(text) && at < words.length - 1) continue
    if (far < 0) {
      found.add(all[at]!)
      continue
    }
    particle = at + 1 + far
    found.add(stem(meanings!.get(words[particle]!.text)!))
  }
  return found
})

const opposed = (one: string, other: string): boolean =>
  excludes(one, other) || undoes(one, other) || undoes(other, one)

const choosing = new Set(['which'])

/** "unlock" and "lock", "disconnect" and "connect", "invalid" and "valid". */
function undoes(word: string, plain: string): boolean {
  if (plain.length < 4 || word.length < plain.length) return false
  if (word.endsWith(plain)) return undoing.has(word.slice(0, -plain.length))
  return word.endsWith('less') && plain.endsWith('ful') && word.slice(0, -4) === plain.slice(0, -3)
}

const undoing = new Set(list('un in im il ir dis non de mis anti counter'))

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
