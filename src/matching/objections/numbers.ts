import { facet, list, type Reading } from '../reading.ts'
import { anyOf } from './lexicon.ts'

/** The numbers of a question, each in figures. */
export interface Numbers {
  /** Have to be found in the other question. */
  readonly sure: string[]
  /** From words such as "one" and "second", which often mean no number, but may answer to a sure one. */
  readonly perhaps: string[]
}

/** Reads "5,000", "5k", "five thousand", "3rd", "v3.12", "World War II" and "the eighties". */
export const numbers = facet((reading: Reading): Numbers => {
  const { text, words } = reading
  if (!counts(reading) && !/\p{N}/u.test(text)) return none
  const found: Numbers = { sure: signs(text), perhaps: [] }
  let pending: string | undefined
  for (let at = 0; at < words.length; at++) {
    const { text: word, surface } = words[at]!
    if (pending === undefined && !counting.has(word) && !/\d/.test(word)) continue
    if (word === 'and' && pending?.endsWith('00') && spoken.has(words[at + 1]?.text ?? '')) continue
    const longer: string | undefined = pending && continued(pending, word)
    if (!longer && pending) found.sure.push(pending)
    pending = longer ?? said(word) ?? written(word) ?? roman.get(surface)
    if (!longer && uncertain.has(word)) found.perhaps.push(String(uncertain.get(word)))
    if (spelled.has(word)) found.perhaps.push(spelled.get(word)!)
  }
  if (pending) found.sure.push(pending)
  return found
})

/** "two hundred", "5 million", "twenty one", "hundred and five": the number so far and the next word as one number. */
function continued(sofar: string, word: string): string | undefined {
  const scale = scales.get(word)
  if (scale) return String(Number(sofar) * scale)
  const more = spoken.get(word) ?? uncertain.get(word) ?? 0
  const room = sofar.endsWith('00') ? 100 : /^[2-9]0$/.test(sofar) ? 10 : 0
  return more > 0 && more < room ? String(Number(sofar) + more) : undefined
}

const said = (word: string): string | undefined => (spoken.get(word) ?? scales.get(word))?.toString()

function written(word: string): string | undefined {
  if (!/\d/.test(word)) return undefined
  const [, figure, hanging] = /^\p{L}*?(\d+(?:[.,]\d+)*)(\p{L}*)/u.exec(word) ?? []
  if (figure === undefined) return undefined
  const plain = figure.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.')
  const scale = scales.get(hanging ?? '')
  if (hanging === 's' && /^19\d0$/.test(plain)) return plain.slice(2)
  return scale ? String(Number(plain) * scale) : plain.replace(/\.00$/, '')
}

function signs(text: string): string[] {
  if (!/[+*×÷^=<>]/.test(text)) return []
  return Array.from(text.matchAll(/[\p{L}\p{N})]\s*([+*×÷^=<>])\s*(?=\p{N})/gu), ([, sign]) => sign ?? '')
}

const cardinals = list(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
  sixteen seventeen eighteen nineteen`)
const ordinals = list(`zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
  thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`)
const tens = list('twenty thirty forty fifty sixty seventy eighty ninety')

const spelled = new Map([
  ...list('plus sum add').map((word) => [word, '+'] as const),
  ...list('times product multiply').map((word) => [word, '*'] as const),
])

const uncertain = new Map([
  ['one', 1],
  ['first', 1],
  ['second', 2],
])

const spoken = new Map(
  [
    ...[cardinals, ordinals].flatMap((words) => words.map((word, value) => [word, value] as const)),
    ...tens.flatMap((word, at) =>
      [word, word.replace(/y$/, 'ieth'), word.replace(/y$/, 'ies')].map((form) => [form, 20 + 10 * at] as const),
    ),
  ].filter(([word]) => !uncertain.has(word)),
)

const none: Numbers = { sure: [], perhaps: [] }

// Not I, V and X, which are other things as well.
const roman = new Map(list('_ _ II III IV _ VI VII VIII IX').map((figure, at) => [figure, String(at)]))

const scales = new Map([
  ...list('dozen dozens').map((word) => [word, 12] as const),
  ['hundred', 100],
  ...list('k thousand').map((word) => [word, 1e3] as const),
  ...list('lakh lakhs lac').map((word) => [word, 1e5] as const),
  ...list('mn million').map((word) => [word, 1e6] as const),
  ...list('crore crores').map((word) => [word, 1e7] as const),
  ...list('bn billion').map((word) => [word, 1e9] as const),
  ['trillion', 1e12],
])

const counting = new Set(
  [spoken, scales, uncertain, spelled].flatMap((words) => [...words.keys()]).concat(list('ii iii iv vi vii viii ix')),
)
const counts = anyOf(counting)
