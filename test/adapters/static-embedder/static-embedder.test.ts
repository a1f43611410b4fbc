import { describe, expect, it } from 'vitest'
import { readModel } from '../../../src/adapters/static-embedder/model.ts'
import { staticEmbedder } from '../../../src/adapters/static-embedder/static-embedder.ts'
import { cosine, embedderContract, vectorOf } from '../../contract/embedder.contract.ts'
import { madeModel } from './making.ts'

const alphabet = [...'abcdefghijklmnopqrstuvwxyz']
const words =
  'how do i reset my password will it rain wie ich mein passwort andere two lines and tab said again word'.split(' ')
const vocabulary = [
  ...words,
  ...'?!,.1234567890'.split(''),
  ...alphabet,
  ...alphabet.map((letter) => `##${letter}`),
  '##2',
]
const bytes = madeModel({ vocabulary })
const create = async () => staticEmbedder(await readModel(bytes, 'model.bin'))
const embedder = await create()

embedderContract({
  name: 'the static embedder',
  near: true,
  create,
  illegible: ['ما هي عاصمة فرنسا؟', '如何重置密码？'],
})

describe('the static embedder', () => {
  it('names its model as its space', () => {
    expect(embedder.space).toBe('static/tiny-1')
  })

  it('sees neither case nor accents', async () => {
    expect(await similarity('reset my password', 'Reset MY Pässword')).toBeCloseTo(1, 6)
  })

  it('gives the mean of the rows of the tokens where the network says nothing', async () => {
    const rain = embedder.wordVector('rain')
    const sum = embedder.wordVector('will').map((value, at) => value + rain[at]!)
    const length = Math.hypot(...sum)
    const expected = [...sum].map((value) => expect.closeTo(value / length, 5))
    expect([...(await vectorOf(embedder, 'will rain'))]).toEqual(expected)
  })

  it('gives the same vector to the last bit, whatever came before', async () => {
    const first = await vectorOf(embedder, 'will it rain?')
    await embedder.embed('reset my password '.repeat(20))
    expect(await vectorOf(embedder, 'will it rain?')).toEqual(first)
  })

  it('tells apart what differs only in a word that it does not know', async () => {
    expect(await similarity('will it rain again 👍', 'will it rain again 👎')).toBeLessThan(0.999)
  })

  it.each(['', ' \n', '???', '👍', '如何重置密码', 'как сбросить пароль', 'zqxj vwkq', 'will it 如何重置'])(
    'has no vector for %j, which it cannot read',
    async (text) => {
      expect(embedder.fits(text)).toBe(false)
      expect(embedder.passage(text).vector).toBeUndefined()
      await expect(embedder.embed(text)).rejects.toThrow('nothing to embed')
    },
  )

  it('fits 512 tokens and no more', async () => {
    expect(embedder.fits('word '.repeat(512))).toBe(true)
    expect(embedder.fits('word '.repeat(513))).toBe(false)
    await expect(embedder.embed('word '.repeat(513))).rejects.toThrow('too long')
  })

  it('gives the pieces of a text together with its vector', async () => {
    const { ids, words, vector } = embedder.passage('Rain, rain!')
    expect([...ids].map((id) => vocabulary[id])).toEqual(['rain', ',', 'rain', '!'])
    expect([...words]).toEqual([0, 1, 2, 3])
    expect(vector).toEqual(await embedder.embed('Rain, rain!'))
  })

  it('counts what a text may be long before it looks at it', () => {
    const before = performance.now()
    expect(embedder.fits('word '.repeat(4_000_000))).toBe(false)
    expect(performance.now() - before).toBeLessThan(50)
  })
})

async function similarity(one: string, other: string): Promise<number> {
  return cosine(await vectorOf(embedder, one), await vectorOf(embedder, other))
}
