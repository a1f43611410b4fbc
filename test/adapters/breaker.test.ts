import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Health, createBreaker, isLeftAlone } from '../../src/adapters/breaker.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const fails = () => Promise.reject(new Error('down'))
const works = async () => 'done'

/** A breaker over a dependency that has just gone down. */
async function down() {
  const changes: Health[] = []
  const breaker = createBreaker((health) => changes.push(health))
  for (let failure = 0; failure < 5; failure++) await breaker.run(fails).catch(() => {})
  return { breaker, changes }
}

it('passes calls through while all is well', async () => {
  const breaker = createBreaker()
  expect(await breaker.run(works)).toBe('done')
  expect(breaker.health()).toBe('up')
})

it('passes on what a failing call failed with', async () => {
  await expect(createBreaker().run(fails)).rejects.toThrow('down')
})

it('bears single failures', async () => {
  const breaker = createBreaker()
  for (let turn = 0; turn < 10; turn++) {
    await breaker.run(fails).catch(() => {})
    await breaker.run(works)
  }
  expect(breaker.health()).toBe('up')
})

it('leaves a dependency alone after five failures in a row', async () => {
  const { breaker } = await down()
  const call = vi.fn(works)
  const error = await breaker.run(call).catch((error: unknown) => error)
  expect(isLeftAlone(error)).toBe(true)
  expect(call).not.toHaveBeenCalled()
  expect(breaker.health()).toBe('down')
})

it('does not blame a dependency for what does not fit into it', async () => {
  const breaker = createBreaker()
  const tooLarge = () => Promise.reject(new RangeError('too large'))
  for (let turn = 0; turn < 10; turn++) await expect(breaker.run(tooLarge)).rejects.toThrow('too large')
  expect(breaker.health()).toBe('up')
})

it('does not take a failure for having been left alone', async () => {
  expect(
    isLeftAlone(
      await createBreaker()
        .run(fails)
        .catch((error: unknown) => error),
    ),
  ).toBe(false)
})

it('has one try again after a rest, and nobody wait for that, not even who made it', async () => {
  const { breaker } = await down()
  vi.advanceTimersByTime(5_000)
  const gate = Promise.withResolvers<string>()
  const trial = vi.fn(() => gate.promise)
  const other = vi.fn(works)
  for (const call of [trial, other]) {
    expect(isLeftAlone(await breaker.run(call).catch((error: unknown) => error))).toBe(true)
  }
  expect(breaker.health()).toBe('recovering')
  expect(trial).toHaveBeenCalledOnce()
  expect(other).not.toHaveBeenCalled()
  gate.resolve('done')
  await vi.waitFor(() => expect(breaker.health()).toBe('up'))
  expect(await breaker.run(works)).toBe('done')
})

it('goes on leaving it alone if that fails, too', async () => {
  const { breaker } = await down()
  vi.advanceTimersByTime(5_000)
  await breaker.run(fails).catch(() => {})
  expect(isLeftAlone(await breaker.run(works).catch((error: unknown) => error))).toBe(true)
})

it('says when a dependency goes down, is tried, and is up again', async () => {
  const { breaker, changes } = await down()
  vi.advanceTimersByTime(5_000)
  await breaker.run(works).catch(() => {})
  await vi.waitFor(() => expect(changes).toEqual(['down', 'recovering', 'up']))
})
