import { expect, it } from 'vitest'
import { examples, antonym } from '../../../src/matching/objections/antonym.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(antonym.objects(read(asked), read(known))).toBe(true)
  expect(antonym.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(antonym.objects(read(asked), read(known))).toBe(false)
  expect(antonym.objects(read(known), read(asked))).toBe(false)
})
