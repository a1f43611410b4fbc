import { expect, it } from 'vitest'
import { createGate } from '../../src/labels/gate.ts'

it('lets in so many at a time', () => {
  const gate = createGate({ clock: () => 0, atOnce: 2, perSecond: 1, inARow: 10 })
  expect([gate.enter(), gate.enter(), gate.enter()]).toEqual([true, true, false])
  gate.leave()
  expect([gate.enter(), gate.enter()]).toEqual([true, false])
})

it('lets in so many in a row, and so many a second from then on', () => {
  let now = 0
  const gate = createGate({ clock: () => now, atOnce: 100, perSecond: 2, inARow: 3 })
  const admitted = () => Array.from({ length: 10 }, () => gate.enter()).filter(Boolean).length
  expect(admitted()).toBe(3)
  now += 1_000
  expect(admitted()).toBe(2)
  now += 60_000
  expect(admitted()).toBe(3)
})

it('does not mind a clock that is set back', () => {
  let now = 5_000
  const gate = createGate({ clock: () => now, atOnce: 100, perSecond: 2, inARow: 1 })
  gate.enter()
  now = 0
  expect(gate.enter()).toBe(false)
  now = 1_000
  expect(gate.enter()).toBe(true)
})
