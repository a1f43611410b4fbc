import { expect, it } from 'vitest'
import { examples, language } from '../../../src/matching/objections/language.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(language.objects(read(asked), read(known))).toBe(true)
  expect(language.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(language.objects(read(asked), read(known))).toBe(false)
  expect(language.objects(read(known), read(asked))).toBe(false)
})
