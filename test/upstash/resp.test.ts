import { describe, expect, it } from 'vitest'
import { type Reply, createParser, encodeCommand, encodeReply } from '../support/upstash/resp.ts'

const text = (words: string) => Buffer.from(words)

describe('RESP2', () => {
  const cases: [string, Reply][] = [
    ['+OK\r\n', { status: 'OK' }],
    ['$2\r\nOK\r\n', text('OK')],
    ['-ERR no\r\n', { error: 'ERR no' }],
    [':-9223372036854775808\r\n', -9223372036854775808n],
    ['$-1\r\n', null],
    ['$0\r\n\r\n', text('')],
    ['*0\r\n', []],
    ['*3\r\n:1\r\n*2\r\n+a\r\n$-1\r\n-ERR b\r\n', [1n, [{ status: 'a' }, null], { error: 'ERR b' }]],
    ['$6\r\n\r\n+a\r\n\r\n', text('\r\n+a\r\n')],
  ]

  it.each(cases)('reads %j', (wire, reply) => {
    expect(createParser()(text(wire))).toEqual([reply])
  })

  it.each(cases)('writes %j again', (wire, reply) => {
    expect(encodeReply(reply).toString()).toBe(wire)
  })

  it('reads several replies, in whatever pieces they come', () => {
    const wire = text(cases.map(([wire]) => wire).join(''))
    for (let size = 1; size <= wire.length; size++) {
      const parse = createParser()
      const pieces = Array.from({ length: Math.ceil(wire.length / size) }, (_, at) => {
        return wire.subarray(at * size, (at + 1) * size)
      })
      expect(pieces.flatMap(parse)).toEqual(cases.map(([, reply]) => reply))
    }
  })

  it('reads the two ways to say nothing as one', () => {
    expect(createParser()(text('*-1\r\n$-1\r\n'))).toEqual([null, null])
  })

  it('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128])
    expect(createParser()(encodeReply(bytes))).toEqual([bytes])
    expect(encodeCommand([text('GET'), bytes])).toEqual(
      Buffer.concat([text('*2\r\n$3\r\nGET\r\n$5\r\n'), bytes, text('\r\n')]),
    )
  })

  it('refuses what is none of it', () => {
    expect(() => createParser()(text('%1\r\n'))).toThrow('not a RESP2 reply')
  })
})
