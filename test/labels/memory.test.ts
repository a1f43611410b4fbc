import { expect, it } from 'vitest'
import type { Label } from '../../src/labels/label.ts'
import { MOST_ALIASES, type Memory, bounded, learned, withAlias, withLabel } from '../../src/labels/memory.ts'
import { hex } from '../contract/samples.ts'

const label = (question: string, right = false, parts: Partial<Label> = {}): Label => ({
  tenant: 'acme',
  namespace: 'default',
  space: 'words-1',
  entry: 'ent_0',
  question: hex(question),
  score: 4,
  right,
  source: 'feedback',
  weight: 1,
  ...parts,
})
const after = (...labels: Label[]) =>
  labels.reduce<Memory | undefined>((memory, each, at) => withLabel(memory, each, at), undefined)!
const shortOf = (question: string) => hex(question).slice(0, 16)

it('remembers what was wrong, and how it was expected to be', () => {
  const { refused, right, wrong, expected, offset } = learned(after(label('a'), label('b', true), label('c')))
  expect(refused).toEqual(new Set([shortOf('a'), shortOf('c')]))
  expect({ right, wrong }).toEqual({ right: 1, wrong: 2 })
  expect(expected).toBeCloseTo(3 * 0.982, 3)
  expect(offset).toBeLessThan(-1)
})

it('is the very same after what it knows already', () => {
  const memory = after(label('a'))
  expect(withLabel(memory, label('a'), 5)).toBe(memory)
  expect(withLabel(memory, label('a', false, { question: shortOf('a') }), 5)).toBe(memory)
})

it('believes the latest word on a question', () => {
  expect(learned(after(label('a'), label('a', true))).refused.size).toBe(0)
  expect(learned(after(label('a', true), label('a'))).refused.size).toBe(1)
})

it('keeps the newest 200 that were wrong, and 50 that were right', () => {
  const wrong = Array.from({ length: 250 }, (_, nth) => label(`wrong ${nth}`))
  const right = Array.from({ length: 100 }, (_, nth) => label(`right ${nth}`, true))
  const said = learned(after(...wrong, ...right))
  expect({ right: said.right, wrong: said.wrong }).toEqual({ right: 50, wrong: 200 })
  expect(said.refused.has(shortOf('wrong 249'))).toBe(true)
  expect(said.refused.has(shortOf('wrong 49'))).toBe(false)
})

it('compares no scores of two spaces, and still knows what was wrong', () => {
  const memory = after(label('a', false, { score: -9 }), label('b', true, { space: 'words-2' }))
  expect(memory.verdicts).toEqual([
    [shortOf('a'), 0, null],
    [shortOf('b'), 1, 4],
  ])
})

it('drops entries that were never wrong first, then those touched longest ago', () => {
  const shard = new Map<string, Memory>()
  for (let nth = 0; nth < 300; nth++)
    shard.set(`ent_${nth}`, { ...after(label('a', nth % 2 === 0)), at: nth < 200 ? nth : -nth })
  const kept = [...bounded(shard)]
  expect(kept).toHaveLength(256)
  expect(kept.filter(([, { verdicts }]) => verdicts[0]![1] === 0)).toHaveLength(150)
  const right = kept.filter(([, { verdicts }]) => verdicts[0]![1] === 1).map(([, { at }]) => at)
  expect(right.toSorted((a, b) => a - b).slice(0, 7)).toEqual([-210, -208, -206, -204, -202, -200, 0])
})

it('stays small however much there is of each entry', () => {
  const one = after(...Array.from({ length: 200 }, (_, nth) => label(`wrong ${nth}`)))
  const shard = new Map(Array.from({ length: 100 }, (_, nth) => [`ent_${nth}`, { ...one, at: nth }] as const))
  const kept = bounded(new Map(shard))
  expect([...kept.keys()]).toEqual(Array.from({ length: 20 }, (_, nth) => `ent_${80 + nth}`))
  expect(JSON.stringify([...kept]).length).toBeLessThan(150_000)
})

it('grants an answer so many aliases and no more; the one that comes after it, as many', () => {
  let memory: Memory | undefined
  for (let nth = 0; nth < MOST_ALIASES; nth++) memory = withAlias(memory, 7, `${nth}`, nth)
  expect(withAlias(memory, 7, 'one more', 99)).toBeUndefined()
  expect(withAlias(memory, 7, '0', 99)).toBe(memory)
  expect(withAlias(memory, 8, 'one more', 99)?.aliases).toEqual({ of: 8, digests: ['one more'] })
})

it('leaves aliases as they are when something is learned', () => {
  const memory = withAlias(after(label('a')), 7, 'alias', 1)
  expect(withLabel(memory, label('b'), 2).aliases).toEqual({ of: 7, digests: ['alias'] })
})
