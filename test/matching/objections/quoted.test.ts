import { expect, it } from 'vitest'
import { examples, quoted } from '../../../src/matching/objections/quoted.ts'
import { read } from '../../../src/matching/reading.ts'

it.each(examples.objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
  expect(quoted.objects(read(asked), read(known))).toBe(true)
  expect(quoted.objects(read(known), read(asked))).toBe(true)
})

it.each(examples.accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
  expect(quoted.objects(read(asked), read(known))).toBe(false)
  expect(quoted.objects(read(known), read(asked))).toBe(false)
})
