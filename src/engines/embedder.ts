import { lexicalEmbedder } from '../adapters/lexical-embedder/lexical-embedder.ts'
import { openLocalEmbedder } from '../adapters/local-embedder/local-embedder.ts'
import { openaiEmbedder } from '../adapters/openai/openai-embedder.ts'
import { loadModel } from '../adapters/static-embedder/load.ts'
import { staticEmbedder } from '../adapters/static-embedder/static-embedder.ts'
import { openUpstashEmbedder } from '../adapters/upstash-vector/upstash-embedder.ts'
import type { Config } from '../config.ts'
import type { Embedder } from '../ports.ts'

/** The embedder that a configuration asks for. */
export async function embedderFor(config: Config, warn: (message: string) => void): Promise<Embedder> {
  if (config.REPRISE_EMBEDDER === 'lexical') return lexicalEmbedder()
  if (config.REPRISE_EMBEDDER === 'static') return staticEmbedder(await loadModel())
  const { REPRISE_EMBEDDING_MODEL: model, REPRISE_EMBEDDING_WINDOW: windowTokens } = config
  if (config.REPRISE_EMBEDDER === 'upstash') {
    return openUpstashEmbedder({ ...config.upstash!.vector, model, windowTokens, warn })
  }
  if (config.REPRISE_EMBEDDER === 'local') {
    return openLocalEmbedder({ model: model!, pooling: config.REPRISE_EMBEDDING_POOLING, windowTokens })
  }
  return openaiEmbedder({
    baseURL: config.REPRISE_EMBEDDING_BASE_URL ?? config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKey: (config.REPRISE_EMBEDDING_API_KEY ?? config.OPENAI_API_KEY)!,
    model: model ?? 'text-embedding-3-small',
    dimensions: config.REPRISE_EMBEDDING_DIMENSIONS,
    windowTokens,
    timeoutMs: config.REPRISE_LOOKUP_TIMEOUT_MS,
  })
}

/** Why it is that one, for the start-up block. */
export function embedderBecause({ REPRISE_EMBEDDER }: Config): string {
  return BUILT_IN[REPRISE_EMBEDDER] ?? `REPRISE_EMBEDDER=${REPRISE_EMBEDDER}`
}

const BUILT_IN: Readonly<Partial<Record<Config['REPRISE_EMBEDDER'], string>>> = {
  static: 'built in, English only; REPRISE_EMBEDDER=openai for other languages',
  lexical: 'built in, compares spelling rather than meaning',
}
