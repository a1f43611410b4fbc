import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadModel } from '../../../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../../../src/adapters/static-embedder/static-embedder.ts'
import { embedderContract } from '../../contract/embedder.contract.ts'

interface Case {
  readonly text: string
  readonly ids: readonly number[]
  readonly fits: boolean
  /** The first numbers of it, or all. */
  readonly vector: readonly number[]
}

/** What the program that made the model says of some texts. */
const { cases } = JSON.parse(readFileSync(new URL('parity.json', import.meta.url), 'utf8')) as { cases: Case[] }
const embedder = staticEmbedder(await loadModel())

embedderContract({
  name: 'the static embedder with the shipped model',
  near: true,
  create: async () => staticEmbedder(await loadModel()),
  illegible: ['ما هي عاصمة فرنسا؟', '如何重置密码？'],
})

describe('the shipped model', () => {
  it.each(cases)('splits $text as its maker does', ({ text, ids }) => {
    expect([...embedder.passage(text).ids]).toEqual(ids)
  })

  it.each(cases)('reads $text if its maker does', ({ text, fits }) => {
    expect(embedder.fits(text)).toBe(fits)
  })

  it.each(cases.filter(({ fits }) => fits))('gives $text the vector of its maker', ({ text, vector }) => {
    const numbers = [...embedder.passage(text).vector!].slice(0, vector.length)
    expect(numbers).toEqual(vector.map((number) => expect.closeTo(number, 5)))
  })
})
