import { expect, it } from 'vitest'
import { middleOf, zeros } from '../../src/matching/bins.ts'
import type { Evidence } from '../../src/matching/evidence.ts'
import { recalibrated, shareOf, tilted } from '../../src/matching/recalibrate.ts'

/** What scores say of themselves, in logits of being wrong. */
const says = zeros().map((_, bin) => -middleOf(bin))

/** So many labels in each bin up to a score, as a world gives them in which scores are off by a slope and a level. */
function labelled(each: number, upTo: number, slope = 1, level = 0): Evidence {
  const wrong = zeros().map((_, bin) => (middleOf(bin) > upTo ? 0 : each * shareOf(level - slope * middleOf(bin))))
  const right = wrong.map((some, bin) => (middleOf(bin) > upTo ? 0 : each - some))
  return { right, wrong, judged: zeros() }
}

it('leaves a belief as it is that nobody has looked at', () => {
  tilted(says, labelled(0, 10)).forEach((logit, bin) => expect(logit).toBeCloseTo(says[bin]!, 6))
})

it('leaves a belief as it is that labels bear out', () => {
  tilted(says, labelled(100, 10)).forEach((logit, bin) => expect(logit).toBeCloseTo(says[bin]!, 2))
})

it('finds from low scores what is to be expected of high ones', () => {
  const believed = tilted(says, labelled(200, 2, 1.4, -0.5))
  const top = believed.length - 8
  expect(believed[top]).toBeLessThan(says[top]! - 1)
  expect(believed[top]).toBeGreaterThan(1.4 * says[top]! - 1.5)
})

it('trusts few labels little', () => {
  const few = tilted(says, labelled(1, 2, 1, 2))
  const many = tilted(says, labelled(100, 2, 1, 2))
  expect(few[10]! - says[10]!).toBeLessThan((many[10]! - says[10]!) / 2)
})

it('never takes a higher score for a worse one', () => {
  const upsideDown = tilted(says, labelled(500, 10, -1))
  upsideDown.slice(1).forEach((logit, bin) => expect(logit).toBeLessThan(upsideDown[bin]!))
})

it('corrects a belief most where labels are, and less the farther away', () => {
  const { logits } = recalibrated(says, labelled(200, 0, 1, 1.5), { sd: 0.7, reach: 3 })
  const shifts = logits.map((logit, bin) => logit - says[bin]!)
  expect(shifts[4]).toBeGreaterThan(0.8)
  expect(shifts[20]).toBeLessThan(shifts[8]!)
  expect(shifts[40]).toBeLessThan(0.5)
})
