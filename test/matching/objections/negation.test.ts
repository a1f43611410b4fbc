import { expect, it } from 'vitest'
import { examples, negation } from '../../../src/matching/objections/negation.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(negation.objects(read(asked), read(known))).toBe(true)
  expect(negation.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(negation.objects(read(asked), read(known))).toBe(false)
  expect(negation.objects(read(known), read(asked))).toBe(false)
})
