import { expect, it } from 'vitest'
import { examples, direction } from '../../../src/matching/objections/direction.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(direction.objects(read(asked), read(known))).toBe(true)
  expect(direction.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(direction.objects(read(asked), read(known))).toBe(false)
  expect(direction.objects(read(known), read(asked))).toBe(false)
})
