import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { replicas } from './replicas.ts'

describe('the version of rules', () => {
  it('get asks for the version twice a second, however often it is called', async () => {
    const { ours, advance, calls } = replicas()
    for (let ms = 0; ms < 10_000; ms += 10) {
      await Promise.all([ours.get('tenant/acme'), ours.get('key/1'), ours.get('purges/acme')])
      await turn()
      advance(10)
    }
    expect(calls.filter((call) => call === 'version')).toHaveLength(20)
  })

  it('get does not wait for a version that it asks for ahead of time', async () => {
    const { ours, put, advance, calls, hold } = replicas()
    await put('tenant/acme', 'text')
    await ours.get('tenant/acme')
    hold('version')
    advance(500)
    expect(await ours.get('tenant/acme')).toBe('text')
    expect(calls.filter((call) => call === 'version')).toHaveLength(2)
  })

  it('get waits for the version once the last is a second old', async () => {
    const { ours, put, advance, hold } = replicas()
    await put('tenant/acme', 'before')
    await ours.get('tenant/acme')
    const release = hold('version')
    await put('tenant/acme', 'after')
    advance(1_000)
    const found: unknown[] = []
    const getting = ours.get('tenant/acme').then((text) => found.push(text))
    await turn()
    expect(found).toEqual([])
    release()
    await getting
    expect(found).toEqual(['after'])
  })

  it('a version is as old as the question, not as the answer', async () => {
    const { ours, put, cut, advance, hold } = replicas()
    cut()
    await put('tenant/acme', 'before')
    const release = hold('version, answered late')
    const early = ours.get('tenant/acme')
    await turn()
    advance(999)
    await put('tenant/acme', 'after')
    release()
    await early
    advance(1)
    await put('tenant/acme', 'last')
    expect(await ours.get('tenant/acme')).toBe('last')
  })

  it('get does not join a question that has been hanging for a second', async () => {
    const { ours, advance, hold } = replicas()
    const release = hold('version')
    const hanging = ours.get('tenant/acme')
    await turn()
    advance(1_000)
    release({ onlyFuture: true })
    expect(await ours.get('tenant/acme')).toBeUndefined()
    release()
    expect(await hanging).toBeUndefined()
  })

  it('get believes no version that was asked for before the news of a change', async () => {
    const { ours, theirs, put, hold, advance } = replicas()
    await put('tenant/acme', 'before')
    await ours.get('tenant/acme')
    advance(1_000)
    const release = hold('version, answered late')
    const early = ours.get('tenant/acme')
    await turn()
    release({ onlyFuture: true })
    await theirs.change('tenant/acme', () => 'after')
    release()
    expect(await early).toBe('before')
    expect(await ours.get('tenant/acme')).toBe('after')
  })

  it('a text that comes late does not replace a later one', async () => {
    const { ours, theirs, put, hold } = replicas()
    await put('tenant/acme', 'before')
    const release = hold('get, answered late')
    const early = ours.get('tenant/acme')
    await turn()
    release({ onlyFuture: true })
    await theirs.change('tenant/acme', () => 'after')
    expect(await ours.get('tenant/acme')).toBe('after')
    release()
    expect(await early).toBe('before')
    expect(ours.lastKnown('tenant/acme')).toBe('after')
    expect(await ours.get('tenant/acme')).toBe('after')
  })
})
