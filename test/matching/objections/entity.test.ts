import { expect, it } from 'vitest'
import { examples, entity } from '../../../src/matching/objections/entity.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(entity.objects(read(asked), read(known))).toBe(true)
  expect(entity.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(entity.objects(read(asked), read(known))).toBe(false)
  expect(entity.objects(read(known), read(asked))).toBe(false)
})
