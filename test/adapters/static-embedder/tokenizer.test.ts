import { describe, expect, it } from 'vitest'
import { tokenizer } from '../../../src/adapters/static-embedder/tokenizer.ts'
import { vocabulary } from '../../../src/adapters/static-embedder/vocabulary.ts'

const tokens = [
  '[UNK]',
  'a',
  'i',
  'un',
  '##aff',
  '##able',
  '##a',
  'unaff',
  'able',
  '!',
  '+',
  "'",
  'don',
  't',
  'wie',
  'andere',
]
const more = ['如', '何', '4', '##2', 'q', '##x', '##z', '€', 'ab']
const lines = [...tokens, ...more]
const pieces = vocabulary(`${lines.join('\n')}\n`, '##')
const settings = { lowercase: true, stripAccents: true, maxWordChars: 12 }
const tokenize = tokenizer(pieces, settings)
const read = (text: string, split = tokenize) => Array.from(split(text).ids, (id) => lines[id] ?? '?')

describe('the tokenizer', () => {
  it.each([
    ['unaffable', ['unaff', '##able']],
    ['affable', ['?']],
    ['un affable able', ['un', '?', 'able']],
    ['A!able', ['a', '!', 'able']],
    ["don't", ['don', "'", 't']],
    ['a+a', ['a', '+', 'a']],
    ['\ta\n\u00a0 i ', ['a', 'i']],
    ['Wie ÄNDERE', ['wie', 'andere']],
    ['a\u0301ble', ['able']],
    ['如何a', ['如', '何', 'a']],
    ['a\u200bble', ['able']],
    ['a\0b', ['ab']],
    ['42 4', ['4', '##2', '4']],
    ['', []],
    [' \n', []],
  ])('reads %j', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it('takes the longest piece, even where a shorter one would have led further', () => {
    expect(read('unaffa')).toEqual(['unaff', '##a'])
    expect(read('unaffb')).toEqual(['?'])
  })

  it('keeps case and accents if the model was made with them', () => {
    const cased = tokenizer(vocabulary('A\na\nÄ\n', '##'), { ...settings, lowercase: false, stripAccents: false })
    expect(Array.from(cased('A a Ä ä').ids.slice(0, 3))).toEqual([0, 1, 2])
    expect(cased('ä').ids[0]).toBeLessThan(0)
  })

  it('looks up no word longer than the model allows', () => {
    expect(read('unaffaaaaaaa')).toHaveLength(8)
    expect(read('unaffaaaaaaaa')).toEqual(['?'])
  })

  it('knows a word again that it cannot spell, and takes no other for it', () => {
    const [one, other, again] = tokenize('👍 👎 👍').ids
    expect(one).toBeLessThan(0)
    expect(other).toBeLessThan(0)
    expect([one === other, one === again]).toEqual([false, true])
  })

  it('says of which word each piece is', () => {
    expect([...tokenize('unaffable a! affable').words]).toEqual([0, 0, 1, 2, 3])
  })

  it.each([
    ['able', 4, 0],
    ['a', 1, 0],
    ['42', 2, 0],
    ['!', 0, 0],
    ['qxz', 0, 3],
    ['如何', 0, 2],
    ['👍', 0, 2],
    ['able 👍!', 4, 2],
    ['unaffaa', 5, 2],
  ])('counts what it can read of %j', (text, known, spelt) => {
    expect(tokenize(text)).toMatchObject({ read: known, unread: spelt })
  })

  it('reads a text of any length, and the next one after it', () => {
    expect(tokenize('able '.repeat(5_000)).ids).toHaveLength(5_000)
    expect(read('able')).toEqual(['able'])
  })

  it('leaves earlier texts as they were', () => {
    const { ids } = tokenize('able un')
    tokenize('a i')
    expect(Array.from(ids, (id) => lines[id])).toEqual(['able', 'un'])
  })
})
