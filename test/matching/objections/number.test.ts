import { expect, it } from 'vitest'
import { examples, number } from '../../../src/matching/objections/number.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(number.objects(read(asked), read(known))).toBe(true)
  expect(number.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(number.objects(read(asked), read(known))).toBe(false)
  expect(number.objects(read(known), read(asked))).toBe(false)
})
