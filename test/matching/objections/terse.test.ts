import { expect, it } from 'vitest'
import { isTerse } from '../../../src/matching/objections/terse.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(['play some soul music', 'pandas merge examples', 'how to revoke tokens', 'i want a ticket to Rome'])(
  'takes "%s" for a command or search terms',
  (text) => {
    expect(isTerse(read(text))).toBe(true)
  },
)

it.each([
  'How do I play soul music?',
  'how do I play soul music',
  'I have forgotten my password',
  'The bridge was built in 1900.',
  '北京的天气怎么样',
  '날씨가 어때요',
  'Wie lerne ich schnell Deutsch',
])('takes "%s" for neither', (text) => {
  expect(isTerse(read(text))).toBe(false)
})
