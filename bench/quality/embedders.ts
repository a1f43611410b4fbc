import { lexicalEmbedder } from '../../src/adapters/lexical-embedder/lexical-embedder.ts'
import { loadModel } from '../../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../../src/adapters/static-embedder/static-embedder.ts'
import { scorerFor } from '../../src/engines/scorer.ts'
import type { Scorer } from '../../src/matching/scorer.ts'
import type { Embedder, Vector } from '../../src/ports.ts'
import { endpoint } from './endpoint.ts'
import { startMinilm } from './minilm.ts'
import { ngrams } from './ngrams.ts'

/** An embedder under measurement. */
export interface Subject {
  readonly name: string
  /** The scorer of its space, if one was trained for it. */
  readonly scorer?: Scorer
  /** In the order of the texts; `undefined` where a text has no vector, and so is never served by meaning. */
  embed(texts: readonly string[]): Promise<(Vector | undefined)[]>
  /** Ends what was started for it. */
  close?(): void
}

/** The embedder of a name: `static`, `static:<file>`, `lexical`, `ngrams`, `minilm` or `openai:<url>#<model>`. */
export async function subjectOf(name: string, python: string): Promise<Subject> {
  const [kind, rest] = [name.replace(/:.*/s, ''), name.replace(/^[^:]*:?/, '')]
  if (kind === 'static') {
    const embedder = staticEmbedder(await loadModel(rest || undefined))
    const { scorer } = scorerFor(embedder)
    return { ...ours(name, embedder), ...(scorer.calibrated && { scorer }) }
  }
  if (kind === 'lexical') return ours(name, lexicalEmbedder())
  if (kind === 'ngrams') return { name, embed: async (texts) => texts.map(ngrams) }
  if (kind === 'minilm') {
    const { url, close } = await startMinilm(python)
    return { name, embed: endpoint(url, 'all-MiniLM-L6-v2'), close }
  }
  const [, url, model] = /^(https?:.+)#(.+)$/.exec(rest) ?? []
  if (kind === 'openai' && url && model) return { name, embed: endpoint(url, model) }
  throw new Error(
    `There is no embedder ${name}: static, static:<file>, lexical, ngrams, minilm or openai:<url>#<model>.`,
  )
}

function ours(name: string, embedder: Embedder): Subject {
  const vectorOf = async (text: string) => {
    const probe = embedder.fits(text) ? await embedder.embed(text) : undefined
    return typeof probe === 'object' ? probe : undefined
  }
  return { name, embed: (texts) => Promise.all(texts.map(vectorOf)) }
}
