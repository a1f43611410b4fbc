import { describe, expect, it } from 'vitest'
import { replicas } from './replicas.ts'

describe('a change of rules', () => {
  it('gives back the new text, and keeps it', async () => {
    const { ours, read } = replicas()
    expect(await ours.change('tenant/acme', (text) => `${text} 1`)).toBe('undefined 1')
    expect(await ours.change('tenant/acme', (text) => `${text} 2`)).toBe('undefined 1 2')
    expect(await read('tenant/acme')).toBe('undefined 1 2')
    expect(await ours.change('tenant/acme', () => undefined)).toBeUndefined()
    expect(await read('tenant/acme')).toBeUndefined()
  })

  it('is in our own view when it resolves, whatever we knew before', async () => {
    const { ours, put } = replicas()
    await put('tenant/acme', 'before')
    await ours.get('tenant/acme')
    await ours.change('tenant/acme', () => 'after')
    expect(ours.peek('tenant/acme')).toBe('after')
    expect(await ours.get('tenant/acme')).toBe('after')
    await ours.change('tenant/acme', () => undefined)
    expect(await ours.get('tenant/acme')).toBeUndefined()
  })

  it('is not called into doubt by the news of it, however late', async () => {
    const { ours, postpone } = replicas()
    const deliver = postpone()
    await ours.change('tenant/acme', () => 'text')
    deliver()
    expect(ours.peek('tenant/acme')).toBe('text')
  })

  it('is one even if nobody can be told', async () => {
    const { ours, read, cut } = replicas()
    cut({ loudly: true })
    expect(await ours.change('tenant/acme', () => 'text')).toBe('text')
    expect(await read('tenant/acme')).toBe('text')
  })

  it('is one even if it cannot be looked at', async () => {
    const { ours, read, breakDown } = replicas()
    const changed = ours.change('tenant/acme', () => {
      breakDown('version')
      return 'text'
    })
    expect(await changed).toBe('text')
    expect(await read('tenant/acme')).toBe('text')
  })

  it('that changes nothing is not written', async () => {
    const { ours, put, calls } = replicas()
    await put('tenant/acme', 'text')
    expect(await ours.change('tenant/acme', (text) => text)).toBe('text')
    expect(await ours.change('tenant/other', (text) => text)).toBeUndefined()
    expect(calls).toEqual(['get tenant/acme', 'get tenant/other'])
  })

  it('that cannot be thought of is not written', async () => {
    const { ours, put, read } = replicas()
    await put('tenant/acme', 'text')
    const changed = ours.change('tenant/acme', () => {
      throw new RangeError('no such policy')
    })
    await expect(changed).rejects.toThrow('no such policy')
    expect(await read('tenant/acme')).toBe('text')
  })

  it('is thought of anew when another replica was faster', async () => {
    const { ours, put, records } = replicas()
    const seen: unknown[] = []
    await put('tenant/acme', 'a')
    const text = await ours.change('tenant/acme', (text) => {
      if (seen.push(text) === 1) void records.swap('rules', 'tenant/acme', text, 'b')
      return `${text}!`
    })
    expect(text).toBe('b!')
    expect(seen).toEqual(['a', 'b'])
  })

  it('is never lost among many at once', async () => {
    const { ours, theirs, read } = replicas()
    const increase = (text = '0') => `${Number(text) + 1}`
    await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? ours : theirs).change('purges/acme', increase)))
    expect(await read('purges/acme')).toBe('20')
  })

  it('gives up when others are always faster', async () => {
    const { ours, records } = replicas()
    let tries = 0
    const changed = ours.change('tenant/acme', (text) => {
      void records.swap('rules', 'tenant/acme', text, `theirs ${++tries}`)
      return 'ours'
    })
    await expect(changed).rejects.toThrow('tenant/acme was changed by others 50 times in a row')
    expect(tries).toBe(50)
  })
})
