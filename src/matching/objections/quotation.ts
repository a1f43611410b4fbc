import { facet, type Reading } from '../reading.ts'

/** The text in lower case, with single spaces. */
export const flat = facet(({ text }) => flatten(text))

const flatten = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim()

/** What stands between two of a mark. */
export function enclosed({ text }: Reading, mark: string): string[] {
  if (!text.includes(mark)) return []
  const parts = text.split(mark, 2 * enough)
  // Every second part lies between two marks, but not the last: nothing closes it.
  return parts.filter((part, at) => at % 2 === 1 && at < parts.length - 1 && part.trim() !== '').map(flatten)
}

/** Quotations looked at. Each is searched for in the whole other question, so there has to be an end. */
const enough = 64
