import { describe, expect, it } from 'vitest'
import { frontier, mostWithin } from '../../../bench/quality/frontier.ts'

const scored = [
  { score: 0.9, right: true },
  { score: 0.8, right: false },
  { score: 0.8, right: true },
  { score: 0.7, right: true },
  { score: 0.6, right: false },
  { score: -Infinity, right: true },
]

describe('the frontier', () => {
  it('counts the hits and the wrong ones from each threshold on', () => {
    expect(frontier(scored)).toEqual([
      { threshold: 0.9, hits: 1, wrong: 0 },
      { threshold: 0.8, hits: 3, wrong: 1 },
      { threshold: 0.7, hits: 4, wrong: 1 },
      { threshold: 0.6, hits: 5, wrong: 2 },
    ])
  })

  it.each([
    [0, 0.9],
    [0.24, 0.9],
    [0.25, 0.7],
    [0.3, 0.7],
    [0.4, 0.7],
  ])('with at most %d of its hits wrong begins at %d', (share, threshold) => {
    expect(mostWithin(frontier(scored), share).threshold).toBe(threshold)
  })

  it('serves nothing if even the surest are wrong', () => {
    expect(mostWithin(frontier([{ score: 1, right: false }]), 0.05)).toEqual({ threshold: Infinity, hits: 0, wrong: 0 })
  })
})
