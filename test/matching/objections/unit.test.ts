import { expect, it } from 'vitest'
import { examples, unit } from '../../../src/matching/objections/unit.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(unit.objects(read(asked), read(known))).toBe(true)
  expect(unit.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(unit.objects(read(asked), read(known))).toBe(false)
  expect(unit.objects(read(known), read(asked))).toBe(false)
})
