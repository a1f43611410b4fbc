import { hash } from 'node:crypto'
import type { Embedder } from '../../ports.ts'
import { UnusableIndex } from './checks.ts'
import { vectorClient } from './client.ts'
import type { VectorAccess } from './client.ts'
import { describeIndex } from './description.ts'
import { modelName, modelNamed } from './models.ts'

export interface UpstashEmbedderOptions extends Pick<VectorAccess, 'url' | 'token'> {
  /** What the index embeds with: goes for as long as it cannot be asked, and must be right. */
  readonly model?: string | undefined
  /** The longest text the model reads, less the special tokens; that of the model unless given. */
  readonly windowTokens?: number | undefined
  /** How long the start may wait; 5 s unless given. */
  readonly timeoutMs?: number
  /** Told of what is wrong at the start but may be right later. */
  readonly warn?: (message: string) => void
}

/**
 * Leaves it to an index with a model of its own: what it gives for a text is the text, so that to embed and to look is
 * one request. Asks the index once what it embeds with, for what is to be known of the model.
 */
export async function openUpstashEmbedder(options: UpstashEmbedderOptions): Promise<Embedder> {
  const name = await nameOf(options)
  const { sequenceTokens, threshold, legible } = modelNamed(name)
  const windowTokens = options.windowTokens ?? sequenceTokens - SPECIAL_TOKENS

  return {
    near: true,
    space: `upstash/${name}@${digestOf(options.url)}`,
    threshold,
    fits(text) {
      // To write out takes its time, which a far longer text is not worth.
      if (text.length > windowTokens || !/\S/.test(text)) return false
      return tokensAtMost(text) <= windowTokens && legible.test(text)
    },
    embed: async (text) => text,
  }
}

/** An index keeps its model for life: whatever name is in a space beside the host, it never holds what two models made. */
async function nameOf(options: UpstashEmbedderOptions): Promise<string> {
  const { url, token, model, timeoutMs = 5_000, warn = () => {} } = options
  const expected = model && modelName(model)
  const told = await toldName({ url, token, timeoutMs }).catch(({ message }: Error) => {
    if (!expected) warn(`${message} ${FOR_NOW}`)
  })
  if (told && expected && told !== expected) {
    throw new UnusableIndex([`The Upstash Vector index embeds with ${told}, and the configuration says ${expected}.`])
  }
  return told ?? expected ?? 'unknown'
}

const FOR_NOW =
  'With what its index embeds will show at the next start; what is kept until then is found by meaning until then only, unless the configuration names the model.'

async function toldName(access: VectorAccess): Promise<string | undefined> {
  const model = (await describeIndex(vectorClient(access)))?.model
  return model && modelName(model)
}

// At both ends of every text, and room for an instruction such as some models are given with a question.
const SPECIAL_TOKENS = 16

/** No token is shorter than a byte of the text with its ligatures and the like written out, as some models read it. */
const tokensAtMost = (text: string): number => Buffer.byteLength(text.normalize('NFKC'))

const digestOf = (url: string): string => hash('sha256', new URL(url).host).slice(0, 8)
