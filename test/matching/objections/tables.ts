import { expect, it } from 'vitest'
import type { Objection } from '../../../src/matching/objection.ts'
import type { Examples } from '../../../src/matching/objections/examples.ts'
import { read } from '../../../src/matching/reading.ts'

/** Holds an objection and its doubt to the table of their file, in both orders. */
export function keeps(examples: Examples, objection: Objection | undefined, doubt?: Objection): void {
  const { objected = [], doubted = [], accepted } = examples
  const says = (one: Objection | undefined, asked: string, known: string) => [
    one?.objects(read(asked), read(known)) ?? false,
    one?.objects(read(known), read(asked)) ?? false,
  ]

  it.each(objected)('objects to "%s" for "%s", and the other way round', (asked, known) => {
    expect(says(objection, asked, known)).toEqual([true, true])
  })

  it.each(doubted)('only doubts "%s" for "%s", and the other way round', (asked, known) => {
    expect(says(objection, asked, known)).toEqual([false, false])
    expect(says(doubt, asked, known)).toEqual([true, true])
  })

  it.each(accepted)('accepts "%s" for "%s", and the other way round', (asked, known) => {
    expect(says(objection, asked, known)).toEqual([false, false])
    expect(says(doubt, asked, known)).toEqual([false, false])
  })
}
