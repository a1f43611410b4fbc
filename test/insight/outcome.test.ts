import { expect, it } from 'vitest'
import { type Outcome, detailOf } from '../../src/insight/outcome.ts'
import { hit } from './hit.ts'

it.each<[string, Outcome]>([
  ['exact', hit('exact')],
  ['semantic', hit('semantic')],
  ['stale', { ...hit('exact'), stale: true }],
  ['stale', { ...hit('semantic'), stale: true }],
  ['joined', { kind: 'joined' }],
  ['below-threshold', { kind: 'miss', why: 'below-threshold', similarity: 0.4 }],
  ['objection.number', { kind: 'miss', why: 'objection.number' }],
  ['exact-only.tools', { kind: 'miss', why: 'exact-only.tools' }],
  ['no-store', { kind: 'bypass', why: 'no-store' }],
])('is in a word %s', (detail, outcome) => {
  expect(detailOf(outcome)).toBe(detail)
})
