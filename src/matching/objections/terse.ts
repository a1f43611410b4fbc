import { facet, list } from '../reading.ts'
import { isEnglish } from './language.ts'

/**
 * True of commands and search terms ("play some soul music", "pandas merge examples"), in which every word says what is
 * wanted; whole questions have many words that could as well be others,
 * and statements tell a story.
 */
export const isTerse = facet((reading) => {
  const { text, words } = reading
  const [first, second] = [words[0]?.text ?? '', words[1]?.text ?? '']
  if (text.includes('?') || words.length > enough || asking.has(first)) return false
  if (!isEnglish(reading)) return false
  if (first === 'i') return wanting.has(second)
  if (first === 'how') return second === 'to'
  return !text.endsWith('.') && !words.some(({ text }) => stating.has(text))
})

const asking = new Set(
  list(`what which who whom whose when where why is are am was were do does did can could should would will shall has
    have had may might if my`),
)
const wanting = new Set(list('need want would'))

const stating = new Set(list('is are am was were been has have had did does'))

/** Words of the longest command. */
const enough = 16
