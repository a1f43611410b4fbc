import { expect, it } from 'vitest'
import { glob } from '../../src/tenancy/glob.ts'

it.each([
  ['gpt-4o', 'gpt-4o', true],
  ['gpt-4o', 'gpt-4o-mini', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['gpt-*', 'gpt-', true],
  ['gpt-*', 'a-gpt-4', false],
  ['*mini', 'gpt-4o-mini', true],
  ['*mini', 'gpt-4o-mini-2024', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a**c', 'ac', true],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['*ab*ab*', 'ab', false],
  ['gpt.4', 'gpt-4', false],
  ['[a-z]*', 'gpt', false],
  ['', '', true],
  ['', 'a', false],
])('%j on %j is %j', (pattern, text, matches) => {
  expect(glob(pattern)(text)).toBe(matches)
})

it('takes no longer for a name that was thought up to take long', () => {
  const matches = glob(`${'a*'.repeat(60)}b`)
  const startedAt = performance.now()
  expect(matches('a'.repeat(1_000_000))).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
