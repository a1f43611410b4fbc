import { describe, expect, it } from 'vitest'
import { type Scored, prAuc, rocAuc, wilson } from '../../../bench/quality/metrics.ts'

/** Scores from the highest; `+` is right, `-` is wrong, a bracket holds equal ones. */
const ranked = (text: string): Scored[] =>
  (text.match(/\(.*?\)|[+-]/g) ?? []).flatMap((group, at) =>
    [...group.replace(/[()]/g, '')].map((sign) => ({ score: -at, right: sign === '+' })),
  )

describe('rocAuc', () => {
  it.each([
    ['++--', 1],
    ['--++', 0],
    ['+-+-', 3 / 4],
    ['-++', 0],
    ['(+-)', 1 / 2],
    ['+(+-)-', 7 / 8],
  ])('of %s is %d', (text, area) => {
    expect(rocAuc(ranked(text))).toBeCloseTo(area, 12)
  })

  it('does not mind in which order it is told', () => {
    expect(rocAuc(ranked('+-+-+').toReversed())).toBeCloseTo(1 / 2, 12)
  })

  it('puts what is never served last', () => {
    expect(
      rocAuc([
        { score: -Infinity, right: true },
        { score: -1, right: false },
      ]),
    ).toBe(0)
  })
})

describe('prAuc', () => {
  it.each([
    ['++--', 1],
    ['-+', 1 / 2],
    ['+-+', (1 + 2 / 3) / 2],
    ['(+-)+', (1 / 2 + 2 / 3) / 2],
  ])('of %s is %d', (text, area) => {
    expect(prAuc(ranked(text))).toBeCloseTo(area, 12)
  })
})

describe('wilson', () => {
  // By hand, with z² = 3.84146: (0 + 1.92073) / 13.84146 ± 1.92073 / 13.84146, and so on.
  it.each([
    [0, 10, 0, 0.27753],
    [10, 10, 0.72247, 1],
    [5, 10, 0.23659, 0.76341],
    [10, 1_000, 0.00544, 0.0183],
  ])('%i of %i lie between %d and %d', (count, total, low, high) => {
    expect(wilson(count, total)).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)])
  })

  it('knows nothing if nothing was seen', () => {
    expect(wilson(0, 0)).toEqual([0, 1])
  })
})
