import { describe, expect, it } from 'vitest'
import { modelName, modelNamed } from '../../../src/adapters/upstash-vector/models.ts'

/** As Upstash documents them, in both spellings, with the length of what they read. */
const MODELS: readonly (readonly [string, string, number])[] = [
  ['mixedbread-ai/mxbai-embed-large-v1', 'MXBAI_EMBED_LARGE_V1', 512],
  ['WhereIsAI/UAE-Large-V1', 'UAE_LARGE_V1', 512],
  ['BAAI/bge-large-en-v1.5', 'BGE_LARGE_EN_V1_5', 512],
  ['BAAI/bge-base-en-v1.5', 'BGE_BASE_EN_V1_5', 512],
  ['BAAI/bge-small-en-v1.5', 'BGE_SMALL_EN_V1_5', 512],
  ['sentence-transformers/all-MiniLM-L6-v2', 'ALL_MINILM_L6_V2', 256],
  ['BAAI/bge-m3', 'BGE_M3', 8_192],
  ['google-bert/bert-base-uncased', 'BERT_BASE_UNCASED', 512],
]

describe('the models', () => {
  it.each(MODELS)('knows %s as well as %s, and that it reads %d tokens', (one, other, sequenceTokens) => {
    expect(modelName(one)).toBe(modelName(other))
    expect(modelName(one)).toMatch(/^[a-z0-9-]+$/)
    expect(modelNamed(modelName(one))).toMatchObject({ sequenceTokens })
  })

  it('trusts none less than one it does not know', () => {
    const unknown = modelNamed('a-model-to-come')
    const known = MODELS.map(([name]) => modelNamed(modelName(name)))
    expect(Math.min(...known.map(({ sequenceTokens }) => sequenceTokens))).toBe(unknown.sequenceTokens)
    expect(Math.max(...known.map(({ threshold }) => threshold))).toBe(unknown.threshold)
    expect(unknown.legible.test('如何')).toBe(false)
  })

  it('keeps names that no path or key can misread', () => {
    expect(modelName('Some Body/a:model@1?x')).toBe('a-model-1-x')
  })
})
