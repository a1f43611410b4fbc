import { facet, type Reading } from '../reading.ts'
import type { Objection } from '../objection.ts'
import type { Examples } from './examples.ts'
import { apart } from './meaning.ts'

/**
 * Objects when something meant letter by letter stands in one question only: code, flags, paths, addresses,
 * identifiers; and quotations, if the questions are otherwise worded alike or quote different things.
 * Quora question pairs, 4,000 development rows: all 24 objections are right, 1 % of the negatives are caught.
 */
export const quoted: Objection = {
  name: 'quoted',
  objects(asked, known) {
    if (lacks(known, code(asked)) || lacks(asked, code(known))) return true
    const [theyLack, weLack] = [lacks(known, quotations(asked)), lacks(asked, quotations(known))]
    return (theyLack && weLack) || ((theyLack || weLack) && apart(asked, known) <= 2)
  },
}

export const examples: Examples = {
  objected: [
    ['What does "FYI" mean in chats?', 'How do the British use "ta" at work?'],
    ['what does --max-cost do', 'what does --max-heads do'],
    ['what does `a - b` do', 'what does `a + b` do'],
    ['fix ```x = 1```', 'fix ```x = 2```'],
    ['meaning of "break a leg"', 'meaning of "piece of cake"'],
    ['meaning of “break a leg”', 'meaning of “piece of cake”'],
    ['what is in /etc/passwd', 'what is in /etc/shadow'],
    ['summarise https://a.example/1', 'summarise https://a.example/2'],
    ['what does get_user return', 'what does set_user return'],
    ['what does getUser return', 'what does setUser return'],
    ['mail ann@example.com', 'mail bob@example.com'],
    ['revert commit 9fceb02', 'revert commit 9fceb03'],
    ['what does grep -v do', 'what does grep do'],
  ],
  accepted: [
    ['a 5" wide screen?', 'is a 5" screen wide'],
    ['Turn off the "did you mean" feature of Google', 'How can Google be made to search for my exact words?'],
    ['what does "idempotent" mean', 'what does idempotent mean'],
    ['what does `map` do', 'what does map do'],
    ['meaning of “break a leg”', 'meaning of "break a leg"'],
    ['see https://a.example/1.', 'see https://a.example/1'],
    ['price of an iPhone', 'price of a phone from Apple'],
    ['24/7 support and/or chat', 'chat and/or 24/7 support'],
  ],
}

const lacks = (reading: Reading, pieces: readonly string[]): boolean =>
  pieces.some((piece) => !flat(reading).includes(piece))

const flat = facet(({ text }) => flatten(text))

const flatten = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim()

const quotations = facet(({ text }) => enclosed(text, '"'))

const code = facet(({ text }: Reading) => {
  const pieces = [...enclosed(text, '```'), ...enclosed(text, '`')]
  if (!hint.test(text)) return pieces
  for (const [chunk] of text.matchAll(/\S+/g)) {
    if (pieces.length >= enough) break
    if (chunk.length > 500 || !hint.test(chunk)) continue
    const bare = chunk.replace(/^["'(<[{*]+/, '').replace(/["')>\]},.;:!?*]{1,9}$/, '')
    if (forms.some((form) => form.test(bare))) pieces.push(bare.toLowerCase())
  }
  return pieces
})

function enclosed(text: string, mark: string): string[] {
  if (!text.includes(mark)) return []
  const parts = text.split(mark, 2 * enough)
  // Every second part lies between two marks, but not the last: nothing closes it.
  return parts.filter((part, at) => at % 2 === 1 && at < parts.length - 1 && part.trim() !== '').map(flatten)
}

/** Pieces looked at. Each is searched for in the whole other question, so there has to be an end. */
const enough = 64

/** Something that no plain sentence has, not even at its end. */
const hint = /[-_/\\@]|\.\S|[a-z][A-Z]|\d[a-fA-F]|[a-fA-F]\d/

const forms = [
  /^(?:-[a-z]{1,3}|--[a-z][\w-]*)(?:=.*)?$/i, // a flag
  /^(?:https?:\/\/|www\.)/i,
  /^[^@]+@[^@]+\.[a-z]+$/i,
  /^(?:~|\.{0,2})\/[\w.-]+/, // a path
  /^[a-z]:\\/i,
  /^\w*[a-z\d]_[a-z\d]\w*$/i, // snake_case
  /^[a-z]{2,}\d*[A-Z]\w*$/, // camelCase, but not iPhone
  /^(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,}$/i, // a hexadecimal id
]
