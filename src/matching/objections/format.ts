import { facet, list, type Reading } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { anyOf } from './lexicon.ts'
import { leftovers } from './likeness.ts'

/**
 * Objects when two questions want their answers of different length, form, audience or tone: "in one sentence" and "in
 * detail", "as JSON" and "as a table", "for a beginner" and "for an expert".
 * Measured: 100 % of its 4 objections on labelled pairs are right, catching 2.2 % of the different search-term pairs;
 * on the natural mix of a stream it loses 0.0 % of the right nearest.
 */
export const format: Objection = {
  name: 'format',
  objects(asked, known) {
    const [ours, theirs] = [wishes(asked), wishes(known)]
    if (ours.size === 0 || theirs.size === 0) return false
    const { ours: one, theirs: other } = leftovers(asked, known)
    if (Math.max(one.length, other.length) > 4) return false
    return Array.from(ours).some(([of, wish]) => theirs.has(of) && theirs.get(of) !== wish)
  },
}

/**
 * A wish that only one question has.
 * Measured: 58 % of its 219 doubts on labelled pairs are right, catching 5.0 % of the different search-term pairs and
 * 3.6 % of the different Quora pairs; on the natural mix of a stream it doubts 1.1 % of the right nearest.
 */
export const formatDoubt: Objection = {
  name: 'format',
  objects(asked, known) {
    const [ours, theirs] = [wishes(asked), wishes(known)]
    return differ(ours, theirs) || differ(theirs, ours)
  },
}

export const examples: Examples = {
  objected: [
    ['define photosynthesis in one sentence', 'explain photosynthesis in detail'],
    ["Define 'entropy' (short)", 'Detailed explanation of entropy'],
    ['What is Docker? (beginner)', 'Explain Docker for an expert'],
    ['list the planets as JSON', 'list the planets as a table'],
    ['Write a poem about autumn', 'Write an essay about autumn'],
    ['write a formal letter of complaint', 'write an informal letter of complaint'],
    ['Explain gravity to a five year old', 'Explain gravity to a physics student'],
    ['summarise it in a paragraph', 'summarise it in a sentence'],
  ],
  doubted: [
    ['What is recursion?', 'What is recursion? Answer briefly.'],
    ['show me the numbers', 'show me the numbers in a table'],
  ],
  accepted: [
    ['explain it briefly', 'explain it in short'],
    ['give it as a list', 'list it in bullets'],
    ['How do I parse JSON?', 'How can I parse JSON?'],
    ['Explain it to a kid', 'Explain it to a child'],
    ['What is the short answer to a long question?', 'What is the short answer to a long question'],
  ],
}

type Wishes = ReadonlyMap<string, string>

const differ = (ours: Wishes, theirs: Wishes): boolean => Array.from(ours).some(([of, wish]) => theirs.get(of) !== wish)

/** What is wished of the answer: for each respect in which answers differ, the first wish. */
const wishes = facet((reading: Reading): Wishes => {
  const found = new Map<string, string>()
  if (!isWishing(reading)) return found
  const { words } = reading
  for (let at = 0; at < words.length; at++) {
    const { text } = words[at]!
    const wish = forms.get(text)
    if (!wish || found.has(wish.of)) continue
    // Most words are wishes only as such: "as JSON", "in a table", "write a poem", "for a beginner", "(short)".
    if (wish.always || leads(words, at) || reading.text[words[at]!.at - 1] === '(') found.set(wish.of, wish.name)
  }
  return found
})

/** True if a word such as "as" or "write" comes before, with small words and at most one other between. */
function leads(words: Reading['words'], at: number): boolean {
  let others = 0
  for (let before = at - 1; before >= 0 && before >= at - 4 && others < 2; before--) {
    const { text } = words[before]!
    if (leading.has(text)) return true
    if (!small.has(text)) others++
  }
  return false
}

const small = new Set(list('a an the one two three five ten single long simple complete my some year old'))
const leading = new Set(
  list('as in into to for like with write compose create make give draft return output produce answer'),
)

interface Wish {
  readonly of: string
  readonly name: string
  /** True if it is a wish wherever it stands. */
  readonly always: boolean
}

const forms = new Map<string, Wish>()
// A slash parts words for the same; an exclamation mark says that a word is always a wish.
for (const [of, lines] of Object.entries({
  length: `short/brief!/briefly!/concise!/concisely!/tldr!/nutshell/summary sentence word/words paragraph page/pages
    detail/details/detailed!/depth/length/thorough!/thoroughly!/comprehensive!/extensively!`,
  form: `json xml yaml csv table/tabular list/bullets/bullet/bulleted/points markdown html prose poem/poems/verse
    essay/essays story/stories email/mail letter tweet haiku song/lyrics code/script diagram/chart/graph rap limerick speech
    blog`,
  audience: `beginner/beginners/novice/newbie/dummies/layman/layperson expert/experts/professional/professionals/advanced
    child/kid/kids/children/toddler/year student/students`,
  tone: `formal!/formally! informal!/informally!/casual!/casually! funny!/humorous!/sarcastic! friendly! polite!/politely!`,
})) {
  for (const names of list(lines).map((line) => line.split('/'))) {
    for (const name of names) {
      const [form, always] = [name.replace('!', ''), name.endsWith('!')]
      forms.set(form, { of, name: names[0]!, always })
    }
  }
}

const isWishing = anyOf(forms.keys())
