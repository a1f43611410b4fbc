import { z } from 'zod'
import { estimateTokens } from './estimate-tokens.ts'
import { invalidRequest, jsonReply } from './reply.ts'
import type { Reply } from './reply.ts'

/** Answers an embeddings request: a direction of its own for each text, the same whenever it is asked. */
export function embeddings(body: unknown): Reply {
  const parsed = embeddingsRequest.safeParse(body)
  if (!parsed.success) return invalidRequest(parsed.error)

  const { model, input, dimensions, encoding_format: format } = parsed.data
  const items = itemsOf(input)
  const tokens = items.reduce((sum, item) => sum + estimateTokens(item), 0)
  return jsonReply({
    object: 'list',
    data: items.map((item, index) => {
      const vector = directionOf(item, dimensions ?? 64)
      return { object: 'embedding', index, embedding: format === 'base64' ? base64(vector) : [...vector] }
    }),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  })
}

const tokenIds = z.array(z.int().nonnegative()).min(1)

const embeddingsRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1).max(2048),
    tokenIds,
    z.array(tokenIds).max(2048),
  ]),
  dimensions: z.int().min(1).max(3072).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
})

function itemsOf(input: z.infer<typeof embeddingsRequest>['input']): string[] {
  if (typeof input === 'string') return [input]
  const [first] = input
  if (typeof first === 'number') return [input.join(' ')]
  return input.map((item) => (Array.isArray(item) ? item.join(' ') : String(item)))
}

function directionOf(text: string, dimensions: number): Float32Array {
  let state = fnv1a(text)
  const values = Float32Array.from({ length: dimensions }, () => {
    // A step of the Weyl sequence, mixed: from one seed, numbers with no visible order.
    state = (state + 0x9e3779b9) | 0
    return mixed(state) / 2 ** 31
  })
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

function fnv1a(text: string): number {
  return new TextEncoder().encode(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5 | 0)
}

function mixed(seed: number): number {
  const once = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad)
  const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97)
  return twice ^ (twice >>> 15)
}

function base64(vector: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4))
  vector.forEach((value, at) => bytes.setFloat32(at * 4, value, true))
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)))
}
