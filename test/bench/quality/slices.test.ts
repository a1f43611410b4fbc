import { expect, it } from 'vitest'
import { slices } from '../../../bench/quality/slices.ts'

it.each([
  [['number'], 'convert 100 USD', 'convert 250 USD'],
  [[], 'convert 100 USD', 'turn 100 USD'],
  [['negation'], 'Can I cancel?', "Can't I cancel?"],
  [['entity'], 'flights to Rome', 'flights to Paris'],
  [[], 'How do I pay?', 'May one pay?'],
  [['direction'], 'from Rome to Paris', 'from Paris to Rome'],
  [[], 'Reset it', 'reset it?'],
])('is in %j what is told by %j and %j', (expected, a, b) => {
  expect(Object.keys(slices).filter((name) => slices[name]!(a, b, 'en'))).toEqual(expected)
})

it('goes by the language that a set is in', () => {
  expect(slices['language']!('重置', '重置', 'zh')).toBe(true)
})
