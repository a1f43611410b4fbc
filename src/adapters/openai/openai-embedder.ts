import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { APIConnectionError, APIConnectionTimeoutError, APIError, OpenAI } from 'openai'
import { z } from 'zod'
import type { Embedder, Vector } from '../../ports.ts'

export interface OpenaiEmbedderOptions {
  readonly baseURL: string
  readonly apiKey: string
  readonly model: string
  /** Asks the model for shorter vectors than its own; not every model can. */
  readonly dimensions?: number | undefined
  /** The longest text the model reads, less the special tokens that some models add; 8,192 unless given. */
  readonly windowTokens?: number | undefined
  readonly threshold?: number | undefined
  readonly timeoutMs: number
}

/**
 * Embeds over any OpenAI-compatible `/embeddings`, each text once while it is among the last thousand. Rejects with what
 * went wrong, never with the text or the API key.
 */
export function openaiEmbedder(options: OpenaiEmbedderOptions): Embedder {
  const { baseURL, model, dimensions, timeoutMs, windowTokens = 8_192 } = options
  const known = knownModels[model]
  const client = clientFor(options)
  const vectors = new LRUCache<string, Promise<Vector>>({ max: 1_000 })
  let size = dimensions ?? known?.dimensions

  async function ask(text: string): Promise<Vector> {
    const request = { model, input: text, encoding_format: 'base64' as const, ...(dimensions && { dimensions }) }
    const answer = await client.embeddings.create(request).catch((error: unknown) => {
      throw new Error(`The embeddings endpoint ${faultOf(error, timeoutMs)}.`)
    })
    const vector = unit(parsed(answer))
    // A model of unknown size is held to that of its first vector.
    size ??= vector.length
    if (vector.length === size) return vector
    throw new Error(`The embeddings endpoint sent ${vector.length} dimensions where ${size} were expected.`)
  }

  return {
    near: false,
    space: `openai/${model}/${size ?? 'native'}@${digestOf(baseURL)}`,
    threshold: options.threshold ?? known?.threshold ?? 0.9,
    // Certain where a token is at least one byte, as in every byte-level vocabulary; counting tokens would be a guess.
    fits: (text) => Buffer.byteLength(text) <= windowTokens,
    embed(text) {
      const earlier = vectors.get(text)
      if (earlier) return earlier
      const vector = ask(text)
      vectors.set(text, vector)
      vector.catch(() => vectors.peek(text) === vector && vectors.delete(text))
      return vector
    },
  }
}

/**
 * Cautious cosines. Paraphrases are reported at 0.85 to 0.92 for text-embedding-3-small; the others are set by analogy,
 * ada-002 high because it puts even unrelated texts near each other. Measure on your own questions before going lower.
 */
const knownModels: Record<string, { dimensions: number; threshold: number }> = {
  'text-embedding-3-small': { dimensions: 1_536, threshold: 0.85 },
  'text-embedding-3-large': { dimensions: 3_072, threshold: 0.85 },
  'text-embedding-ada-002': { dimensions: 1_536, threshold: 0.95 },
}

// The nulls keep accounts named in the environment out of it, and the log level keeps texts out of the log.
const clientFor = ({ baseURL, apiKey, timeoutMs }: OpenaiEmbedderOptions): OpenAI =>
  new OpenAI({
    baseURL,
    apiKey,
    timeout: timeoutMs,
    maxRetries: 0,
    logLevel: 'off',
    adminAPIKey: null,
    organization: null,
    project: null,
  })

// The error itself stays behind, even as a cause: servers quote texts and keys in what they answer.
function faultOf(error: unknown, timeoutMs: number): string {
  if (error instanceof APIConnectionTimeoutError) return `did not answer within ${timeoutMs} ms`
  if (error instanceof APIConnectionError) return 'could not be reached'
  if (error instanceof APIError && error.status !== undefined) return `answered ${error.status}`
  return 'sent an answer that cannot be read'
}

// Some servers send numbers although base64 was asked for.
const floats = z.array(z.number()).transform((numbers) => Float32Array.from(numbers))
const base64 = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length % 4 === 0)
  .transform((bytes) => Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4)))
const answerSchema = z.object({ data: z.tuple([z.object({ embedding: z.union([base64, floats]) })]) })

function parsed(answer: unknown): Vector {
  const { data } = answerSchema.safeParse(answer)
  if (data) return data.data[0].embedding
  throw new Error('The embeddings endpoint sent something other than one vector.')
}

function unit(vector: Vector): Vector {
  const length = Math.sqrt(vector.reduce((squares, value) => squares + value * value, 0))
  if (length > 0 && length < Infinity) return vector.map((value) => value / length)
  throw new Error('The embeddings endpoint sent a vector that has no direction.')
}

const digestOf = (baseURL: string): string => hash('sha256', baseURL.replace(/\/+$/, '')).slice(0, 8)
