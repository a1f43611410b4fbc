import { describe, expect, it } from 'vitest'
import type { Embedder, Vector } from '../../src/ports.ts'

export interface EmbedderContract {
  readonly name: string
  /** A fresh one each time, all with the same settings. */
  create(): Embedder | Promise<Embedder>
  readonly near: boolean
  /** True if it leaves that to an index, and gives texts. */
  readonly indexEmbeds?: boolean
  /** Those of the texts below that are in scripts it does not know; none unless given. */
  readonly illegible?: readonly string[]
}

/** The laws of the port `Embedder`. */
export function embedderContract({ name, create, near, indexEmbeds = false, illegible = [] }: EmbedderContract): void {
  const legible = TEXTS.filter((text) => !illegible.includes(text))
  describe(`${name} keeps the laws of an embedder`, () => {
    if (indexEmbeds) textLaws(create, legible)
    else vectorLaws(create, legible)

    it('says whether it works within this process', async () => {
      expect((await create()).near).toBe(near)
    })

    it('names the same space each time', async () => {
      const { space } = await create()
      expect((await create()).space).toBe(space)
      expect(space).not.toBe('')
    })

    it('keeps to its space and threshold while it embeds', async () => {
      const embedder = await create()
      const { space, threshold } = embedder
      await embedder.embed('How do I reset my password?')
      expect(embedder).toMatchObject({ space, threshold })
    })

    it('has a threshold that is a cosine one can reach, and not by chance', async () => {
      const { threshold } = await create()
      expect(threshold).toBeGreaterThan(0)
      expect(threshold).toBeLessThanOrEqual(1)
    })

    it.each(legible)('has room for %j in its window', async (text) => {
      expect((await create()).fits(text)).toBe(true)
    })

    it.each(illegible)('has no room for %j, which it cannot read', async (text) => {
      const embedder = await create()
      expect(embedder.fits(text)).toBe(false)
      await expect(embedder.embed(text)).rejects.toThrow(Error)
    })

    it('has no room for a million words', async () => {
      expect((await create()).fits('word '.repeat(1_000_000))).toBe(false)
    })
  })
}

const TEXTS = [
  'How do I reset my password?',
  'a',
  '42',
  'Wie ändere ich mein Passwort? 🔑',
  'ما هي عاصمة فرنسا؟',
  '如何重置密码？',
  'two\nlines\tand a tab',
  'said again '.repeat(30),
]

function vectorLaws(create: EmbedderContract['create'], texts: readonly string[]): void {
  it.each(texts)('turns %j into a vector of unit length', async (text) => {
    expect(lengthOf(await vectorOf(await create(), text))).toBeCloseTo(1, 5)
  })

  it('gives the same vector for the same text, whichever is asked', async () => {
    const embedder = await create()
    const first = await vectorOf(embedder, 'How do I reset my password?')
    expect(await vectorOf(embedder, 'How do I reset my password?')).toEqual(first)
    expect(await vectorOf(await create(), 'How do I reset my password?')).toEqual(first)
  })

  it('gives different vectors for texts that have nothing in common', async () => {
    const embedder = await create()
    const password = await vectorOf(embedder, 'Reset my password')
    const weather = await vectorOf(embedder, 'Will it rain?')
    expect(cosine(password, weather)).toBeLessThan(embedder.threshold)
  })

  it('has one dimension', async () => {
    const embedder = await create()
    const vectors = await Promise.all(texts.map((text) => vectorOf(embedder, text)))
    expect(new Set(vectors.map((vector) => vector.length)).size).toBe(1)
  })

  it('gives a vector of unit length or none, even for an empty text', async () => {
    const length = await vectorOf(await create(), '').then(lengthOf, () => 'none')
    expect(length === 'none' || Math.abs(Number(length) - 1) < 1e-5).toBe(true)
  })
}

function textLaws(create: EmbedderContract['create'], texts: readonly string[]): void {
  it.each(texts)('gives %j to the index as it is', async (text) => {
    expect(await (await create()).embed(text)).toBe(text)
  })

  it.each(['', ' \n'])('has nothing to say for %j', async (text) => {
    expect((await create()).fits(text)).toBe(false)
  })
}

/** The vector of a text that has one. */
export async function vectorOf(embedder: Embedder, text: string): Promise<Vector> {
  const probe = await embedder.embed(text)
  if (typeof probe === 'object') return probe
  throw new Error(`An adapter rejects rather than give no vector, as for ${JSON.stringify(text)}.`)
}

/** For vectors of unit length. */
export function cosine(a: Vector, b: Vector): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0)
}

const lengthOf = (vector: Vector): number => Math.sqrt(cosine(vector, vector))
