import { expect, it } from 'vitest'
import { BINS, binOf, floorOf, middleOf } from '../../src/matching/bins.ts'

it('tells scores apart by quarters of a logit', () => {
  expect([-2, -1.76, -1.75, 0, 3.9].map(binOf)).toEqual([0, 0, 1, 8, 23])
})

it('knows no bin for what is too low to be of interest, or no number', () => {
  expect([-2.01, -Infinity, Number.NaN].map(binOf)).toEqual([undefined, undefined, undefined])
})

it('puts everything above into the last', () => {
  expect([9.9, 25, Infinity].map(binOf)).toEqual([BINS - 1, BINS - 1, BINS - 1])
})

it('finds each bin again by its lowest score and by the one in its middle', () => {
  const bins = Array.from({ length: BINS }, (_, bin) => bin)
  expect(bins.map((bin) => binOf(floorOf(bin)))).toEqual(bins)
  expect(bins.map((bin) => binOf(middleOf(bin)))).toEqual(bins)
})
