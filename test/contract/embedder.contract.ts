import { describe, expect, it } from 'vitest'
import type { Embedder, Vector } from '../../src/ports.ts'

export interface EmbedderContract {
  readonly name: string
  /** A fresh one each time, all with the same settings. */
  create(): Embedder
}

/** The laws of the port `Embedder`. */
export function embedderContract({ name, create }: EmbedderContract): void {
  const texts = [
    'How do I reset my password?',
    'a',
    '42',
    'Wie ändere ich mein Passwort? 🔑',
    'ما هي عاصمة فرنسا؟',
    '如何重置密码？',
    'two\nlines\tand a tab',
    'said again '.repeat(30),
  ]

  describe(`${name} keeps the laws of an embedder`, () => {
    it.each(texts)('turns %j into a vector of unit length', async (text) => {
      expect(lengthOf(await vectorOf(create(), text))).toBeCloseTo(1, 5)
    })

    it('gives the same vector for the same text, whichever is asked', async () => {
      const embedder = create()
      const first = await vectorOf(embedder, 'How do I reset my password?')
      expect(await vectorOf(embedder, 'How do I reset my password?')).toEqual(first)
      expect(await vectorOf(create(), 'How do I reset my password?')).toEqual(first)
    })

    it('gives different vectors for texts that have nothing in common', async () => {
      const embedder = create()
      const password = await vectorOf(embedder, 'Reset my password')
      const weather = await vectorOf(embedder, 'Will it rain?')
      expect(cosine(password, weather)).toBeLessThan(embedder.threshold)
    })

    it('has one dimension', async () => {
      const embedder = create()
      const vectors = await Promise.all(texts.map((text) => vectorOf(embedder, text)))
      expect(new Set(vectors.map((vector) => vector.length)).size).toBe(1)
    })

    it('names the same space each time', () => {
      expect(create().space).toBe(create().space)
      expect(create().space).not.toBe('')
    })

    it('keeps to its space and threshold while it embeds', async () => {
      const embedder = create()
      const { space, threshold } = embedder
      await embedder.embed('How do I reset my password?')
      expect(embedder).toMatchObject({ space, threshold })
    })

    it('has a threshold that is a cosine one can reach, and not by chance', () => {
      const { threshold } = create()
      expect(threshold).toBeGreaterThan(0)
      expect(threshold).toBeLessThanOrEqual(1)
    })

    it.each(texts)('has room for %j in its window', (text) => {
      expect(create().fits(text)).toBe(true)
    })

    it('has no room for a million words', () => {
      expect(create().fits('word '.repeat(1_000_000))).toBe(false)
    })

    it('gives a vector of unit length or none, even for an empty text', async () => {
      const length = await vectorOf(create(), '').then(lengthOf, () => 'none')
      expect(length === 'none' || Math.abs(Number(length) - 1) < 1e-5).toBe(true)
    })
  })
}

/** The vector of a text that has one. */
export async function vectorOf(embedder: Embedder, text: string): Promise<Vector> {
  const vector = await embedder.embed(text)
  if (!vector) throw new Error(`An adapter rejects rather than give no vector, as for ${JSON.stringify(text)}.`)
  return vector
}

/** For vectors of unit length. */
export function cosine(a: Vector, b: Vector): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0)
}

const lengthOf = (vector: Vector): number => Math.sqrt(cosine(vector, vector))
