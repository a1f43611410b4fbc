/** A word of a question. Contractions are spelt out: "don't" reads as the two words "do" and "not". */
export interface Word {
  /** In lower case, without the points of an acronym or the 's of an owner. */
  readonly text: string
  /** As it was written. */
  readonly surface: string
  /** Where it begins in the reading's text. */
  readonly at: number
}

/** What the objections know of a question. */
export interface Reading {
  /** The question in Unicode's compatibility form, with straight quotes; case and layout are as asked. */
  readonly text: string
  /** In order; Chinese characters one by one. */
  readonly words: readonly Word[]
  /** Kept by facets, each at a place of its own. */
  readonly derived: { readonly value: unknown }[]
}

/** Prepares a question for the objections, in time linear in its length. */
export function read(text: string): Reading {
  const plain = straighten(text)
  const words: Word[] = []
  for (const found of plain.matchAll(wordForm)) {
    const [surface] = found
    for (const text of spell(surface.toLowerCase())) words.push({ text, surface, at: found.index })
  }
  return { text: plain, words, derived: Array<{ readonly value: unknown }>(facets) }
}

/**
 * The same, for a text that is likely to be read again soon, as what is kept is: for each question that is near it. All
 * that was derived from it is there as well.
 */
export function reread(text: string): Reading {
  const known = lately.get(text)
  if (known) {
    // To the end of the line, of which the beginning goes first.
    lately.delete(text)
    lately.set(text, known)
    return known
  }
  const reading = read(text)
  if (text.length > LONGEST) return reading
  lately.set(text, reading)
  for (const oldest of lately.keys()) {
    if (lately.size <= MOST) break
    lately.delete(oldest)
  }
  return reading
}

/** A reading with all that is derived from it takes some kilobytes. */
const MOST = 1_000
const LONGEST = 500
const lately = new Map<string, Reading>()

/** Derives something from a reading when it is first asked for, and only once. */
export function facet<T>(derive: (reading: Reading) => T): (reading: Reading) => T {
  const place = facets++
  return (reading) => {
    // In a weak map this took a fifth of all the time. What is at this place was put there by this very line.
    const derived = (reading.derived[place] ??= { value: derive(reading) }) as { readonly value: T }
    return derived.value
  }
}

let facets = 0

/** True of most questions, and quick to find out. */
export const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text)

/** Words written as prose, so that tables are pleasant to read. */
export const list = (words: string): string[] => words.split(/\s+/).filter(Boolean)

// In turn: acronyms with points; words, with the hyphen of "e-mail", digits as in "v3.2", inner apostrophes and the
// signs of C++ and C#; numbers, with the letters that hang on them. No part can give back much of what it took.
const wordForm =
  /(?:\p{L}\.)+\p{L}?(?!\p{L})|(?:[extEXT]-)?\p{L}[\p{L}\p{M}\p{N}_]*(?:(?<=\p{N})\.\p{N}+)*(?:'\p{L}+)*(?:\+\+|#)?|\p{N}+(?:[.,]\p{N}+)*\p{L}*/gu

function straighten(text: string): string {
  if (isAscii(text)) return text
  return text
    .normalize('NFKC')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/\p{Script=Han}/gu, ' $& ')
}

function spell(word: string): readonly string[] {
  const known = spelt.get(word)
  if (known) return known
  const mark = word.indexOf("'")
  if (mark < 0) return [/^\p{L}[.-]/u.test(word) ? word.replace(/[.-]/g, '') : word]
  if (word.endsWith("n't")) return [word.slice(0, -3), 'not']
  const [head, tail] = [word.slice(0, mark), word.slice(mark + 1)]
  if (tail === 's') return contracting.has(head) ? [head, 'is'] : [head]
  const verb = verbs.get(tail)
  return verb ? [head, verb] : [head + tail]
}

const contracting = new Set(list('what who where when why how that this it he she here there'))
const verbs = new Map([
  ['m', 'am'],
  ['re', 'are'],
  ['ll', 'will'],
  ['ve', 'have'],
  ['d', 'would'],
])
const spelt = new Map<string, readonly string[]>([
  ...list('do does did is are was were has have had would could should').map((verb) => fused(`${verb}nt`, verb, 'not')),
  ...list("can't cant cannot").map((form) => fused(form, 'can', 'not')),
  ...list("won't wont").map((form) => fused(form, 'will', 'not')),
  fused("shan't", 'shall', 'not'),
  fused("ain't", 'is', 'not'),
  fused("n't", 'not'),
  fused("let's", 'let', 'us'),
  fused('whats', 'what', 'is'),
  fused('im', 'i', 'am'),
])

function fused(form: string, ...words: string[]): [form: string, words: readonly string[]] {
  return [form, words]
}
