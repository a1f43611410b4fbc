import { expect, it } from 'vitest'
import { hitId, madeOf, readHitId, shortened } from '../../src/labels/hit-id.ts'
import { hex } from '../contract/samples.ts'

const ENTRY = `ent_${hex('entry').slice(0, 24)}`
const note = (score?: number) => ({
  entry: ENTRY,
  question: shortened(hex('question')),
  score,
  made: madeOf(Date.UTC(2026, 0, 1)),
})

it.each([undefined, 0, 3.875, -3.875, 2_000, -2_000])('an id says all of a hit of score %s', (score) => {
  expect(readHitId('acme', hitId('acme', note(score)))).toEqual(note(score))
})

it('rounds scores to a sixteenth, and takes none for one', () => {
  const score = (given: number) => readHitId('acme', hitId('acme', note(given)))?.score
  expect(score(3.9)).toBe(3.875)
  expect(score(1e9)).toBe(0x7fff / 16)
  expect(score(-Infinity)).toBe(-0x7fff / 16)
  expect(score(Number.NaN)).toBeUndefined()
})

it('is fresh each time, of one length, and safe in any log and URL', () => {
  const ids = Array.from({ length: 1_000 }, () => hitId('acme', note(1)))
  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^req_[A-Za-z0-9_.]{44}$/)
})

it('says nothing to another tenant', () => {
  const id = hitId('acme', note(1))
  for (const tenant of ['acme-2', 'acm', 'ACME', '', 'default']) expect(readHitId(tenant, id)).toBeUndefined()
})

it('says nothing once a single character is another one', () => {
  const id = hitId('acme', note(1))
  for (let at = 0; at < id.length; at++) {
    const garbled = id.slice(0, at) + (id[at] === 'A' ? 'B' : 'A') + id.slice(at + 1)
    expect(readHitId('acme', garbled), garbled).toBeUndefined()
  }
})

it.each([
  '',
  'req_',
  'req_0123456789abcdef0123456789abcdef',
  `req_${'A'.repeat(44)}`,
  `req_${'A'.repeat(100_000)}`,
  'ent_1',
  'req_🗼',
])('says nothing in %j, which is no hit’s', (id) => {
  expect(readHitId('acme', id.slice(0, 200))).toBeUndefined()
  expect(readHitId('acme', id)).toBeUndefined()
})

it('is understood in one spelling only', () => {
  const id = hitId('acme', note(1))
  for (const other of [`${id}=`, `${id}A`, ` ${id}`, id.toUpperCase(), id.slice(0, -1), `${id}\n`]) {
    expect(readHitId('acme', other), other).toBeUndefined()
  }
})
