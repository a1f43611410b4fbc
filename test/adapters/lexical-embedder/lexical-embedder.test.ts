import { describe, expect, it } from 'vitest'
import { lexicalEmbedder } from '../../../src/adapters/lexical-embedder/lexical-embedder.ts'
import { cosine, embedderContract, vectorOf } from '../../contract/embedder.contract.ts'

const embedder = lexicalEmbedder()

embedderContract({ name: 'the lexical embedder', near: true, create: lexicalEmbedder })

describe('the lexical embedder', () => {
  it('names its kind, version and dimensions as its space', async () => {
    expect(embedder.space).toBe('lexical-1-512')
    expect(await embedder.embed('one')).toHaveLength(512)
  })

  it.each(['', '   ', '???', '…'])('says beforehand that %j says nothing to embed', (text) => {
    expect(embedder.fits(text)).toBe(false)
  })

  it.each([
    ['How do I reset my password?', 'How can I reset my password?'],
    ['How do I reset my password?', 'Please tell me how to reset my password'],
    ['What is the capital of France?', 'Tell me the capital of France'],
    ['What is the capital of France?', 'WHAT IS THE CAPITAL OF FRANCE'],
    ['Why was my payment declined?', 'Why was the payment declined'],
    ['Is resetting a password safe?', 'Are password resets safe?'],
    ['如何重置密码？', '如何重置密码'],
  ])('takes %j and %j for the same', async (one, other) => {
    expect(await similarity(one, other)).toBeGreaterThanOrEqual(embedder.threshold)
  })

  it.each([
    ['What is the capital of France?', 'What is the capital of Spain?'],
    ['How do I reset my password?', 'How do I close my account?'],
    ['Can I cancel my order?', "Can't I cancel my order?"],
    ['Can I cancel my order?', 'Can I cancel my order within 14 days?'],
    ['Is C fast?', 'Is C++ fast?'],
    ['Is C fast?', 'Is C# fast?'],
    ['What is 2+2?', 'What is 2-2?'],
    ['What is 2*3?', 'What is 2/3?'],
    ['Where can I vote?', 'When can I vote?'],
    ['How do I', 'What is'],
    ['👍', '👎'],
    ['如何重置密码？', '如何删除账户？'],
  ])('takes %j and %j for different', async (one, other) => {
    expect(await similarity(one, other)).toBeLessThan(embedder.threshold)
  })

  it('reads look-alike characters as one', async () => {
    expect(await similarity('Ｒｅｓｅｔ ﬁle №５', 'reset file no5')).toBeCloseTo(1, 5)
  })

  it('reads straight and curly apostrophes alike', async () => {
    expect(await similarity("I can't log in", 'I can’t log in')).toBeCloseTo(1, 5)
  })

  it('finds a likeness in texts that put no spaces between words', async () => {
    const near = await similarity('如何重置我的密码', '怎么重置我的密码')
    expect(near).toBeGreaterThan(await similarity('如何重置我的密码', '今天天气怎么样'))
    expect(near).toBeGreaterThan(0.5)
  })

  it('sees through a typing error better than through another word', async () => {
    const typing = await similarity('reset my password', 'reset my pasword')
    expect(typing).toBeGreaterThan(await similarity('reset my password', 'reset my account'))
  })

  it('takes long texts that share no words for strangers', async () => {
    const harbour =
      'Quiet harbours shelter weathered fishing boats while gulls circle above rusting anchors, ropes and nets'
    const ledger =
      'Quarterly ledgers must balance before auditors publish compliance summaries for investors under federal law'
    expect(Math.abs(await similarity(harbour, ledger))).toBeLessThan(0.25)
  })

  it('does not let a word that is said again drown the others', async () => {
    expect(await similarity('password reset', 'password password password reset')).toBeGreaterThan(0.9)
  })

  it.each(['', ' \n', '???', '…!?'])('rejects %j, in which there is nothing to embed', async (text) => {
    await expect(embedder.embed(text)).rejects.toThrow('nothing to embed')
  })

  it('fits two thousand characters and no more', () => {
    expect(embedder.fits('x'.repeat(2_000))).toBe(true)
    expect(embedder.fits('x'.repeat(2_001))).toBe(false)
  })
})

async function similarity(one: string, other: string): Promise<number> {
  return cosine(await vectorOf(embedder, one), await vectorOf(embedder, other))
}
