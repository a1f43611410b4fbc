import { describe, expect, it } from 'vitest'
import { replicas } from './replicas.ts'

describe('rules', () => {
  it('get finds what is there, and nothing where nothing is', async () => {
    const { ours, put } = replicas()
    await put('tenant/acme', 'text')
    expect(await ours.get('tenant/acme')).toBe('text')
    expect(await ours.get('tenant/other')).toBeUndefined()
  })

  it('get asks once, and then remembers what is there and what is not', async () => {
    const { ours, put, calls } = replicas()
    await put('tenant/acme', 'text')
    for (let nth = 0; nth < 100; nth++) {
      expect(await ours.get('tenant/acme')).toBe('text')
      expect(await ours.get('key/unknown')).toBeUndefined()
    }
    expect(calls).toEqual(['version', 'get tenant/acme', 'get key/unknown'])
  })

  it('many who get the same at once ask once', async () => {
    const { ours, put, calls } = replicas()
    await put('tenant/acme', 'text')
    const found = await Promise.all(Array.from({ length: 50 }, () => ours.get('tenant/acme')))
    expect(new Set(found)).toEqual(new Set(['text']))
    expect(calls).toEqual(['version', 'get tenant/acme'])
  })

  it('get sees what another replica has changed at once, where the bus tells it', async () => {
    const { ours, theirs } = replicas()
    await theirs.change('tenant/acme', () => 'before')
    expect(await ours.get('tenant/acme')).toBe('before')
    await theirs.change('tenant/acme', () => 'after')
    expect(await ours.get('tenant/acme')).toBe('after')
    await theirs.change('tenant/acme', () => undefined)
    expect(await ours.get('tenant/acme')).toBeUndefined()
    await theirs.change('tenant/acme', () => 'again')
    expect(await ours.get('tenant/acme')).toBe('again')
  })

  it('get sees what another replica has changed a second ago, where the bus is cut', async () => {
    const { ours, theirs, cut, advance } = replicas()
    await theirs.change('tenant/acme', () => 'before')
    await ours.get('tenant/acme')
    await ours.get('key/1')
    cut()
    await theirs.change('tenant/acme', () => 'after')
    await theirs.change('key/1', () => 'new')
    advance(1_000)
    expect(await ours.get('tenant/acme')).toBe('after')
    expect(await ours.get('key/1')).toBe('new')
  })

  it('get reads again what has changed only', async () => {
    const { ours, put, advance, calls } = replicas()
    await put('tenant/acme', 'text')
    await ours.get('tenant/acme')
    for (let second = 0; second < 10; second++) {
      advance(1_000)
      await ours.get('tenant/acme')
    }
    expect(calls.filter((call) => call !== 'version')).toEqual(['get tenant/acme'])
  })

  it('get rejects when the records cannot be asked, and not before it has to ask', async () => {
    const { ours, put, advance, breakDown, mend } = replicas()
    await put('tenant/acme', 'text')
    await ours.get('tenant/acme')
    breakDown()
    advance(999)
    expect(await ours.get('tenant/acme')).toBe('text')
    advance(1)
    await expect(ours.get('tenant/acme')).rejects.toThrow('down')
    mend()
    expect(await ours.get('tenant/acme')).toBe('text')
  })

  it('lastKnown gives what was found last, however long ago', async () => {
    const { ours, put, advance, breakDown } = replicas()
    expect(ours.lastKnown('tenant/acme')).toBeUndefined()
    await put('tenant/acme', 'text')
    await ours.get('tenant/acme')
    breakDown()
    advance(86_400_000)
    await expect(ours.get('tenant/acme')).rejects.toThrow('down')
    expect(ours.lastKnown('tenant/acme')).toBe('text')
  })

  it('lastKnown gives nothing of what was found gone', async () => {
    const { ours, theirs } = replicas()
    await theirs.change('tenant/acme', () => 'text')
    await ours.get('tenant/acme')
    await theirs.change('tenant/acme', () => undefined)
    await ours.get('tenant/acme')
    expect(ours.lastKnown('tenant/acme')).toBeUndefined()
  })

  it('peek gives what get would give without asking', async () => {
    const { ours, put, advance, calls } = replicas()
    await put('tenant/acme', 'text')
    expect(ours.peek('tenant/acme')).toBeUndefined()
    await ours.get('tenant/acme')
    advance(999)
    calls.length = 0
    expect(ours.peek('tenant/acme')).toBe('text')
    advance(1)
    expect(ours.peek('tenant/acme')).toBeUndefined()
    expect(calls).toEqual([])
  })

  it('peek gives nothing that the bus has called into doubt', async () => {
    const { ours, theirs, put } = replicas()
    await put('tenant/acme', 'text')
    await ours.get('tenant/acme')
    await theirs.change('tenant/other', () => 'text')
    expect(ours.peek('tenant/acme')).toBeUndefined()
    await ours.get('tenant/other')
    expect(ours.peek('tenant/acme')).toBeUndefined()
  })

  it('list always asks', async () => {
    const { ours, put } = replicas()
    await put('tenant/b', 'text')
    await put('key/1', 'text')
    expect(await ours.list('tenant/')).toEqual([{ id: 'tenant/b', text: 'text' }])
    await put('tenant/a', 'text')
    expect((await ours.list('tenant/')).map(({ id }) => id)).toEqual(['tenant/a', 'tenant/b'])
  })

  it('remembers those that are there, however many are asked for that are not', async () => {
    const { ours, put, calls } = replicas()
    await put('key/1', 'text')
    await ours.get('key/1')
    for (let guess = 0; guess < 6_000; guess++) await ours.get(`key/guess-${guess}`)
    calls.length = 0
    await ours.get('key/1')
    await ours.get('key/guess-5999')
    expect(calls).toEqual([])
    await ours.get('key/guess-0')
    expect(calls).toEqual(['get key/guess-0'])
  })
})
