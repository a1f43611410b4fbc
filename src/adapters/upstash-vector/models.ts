/** What must be known of a model to let it embed for us. */
export interface EmbeddingModel {
  /** As far as it reads; the service drops the rest of a longer text without a word. */
  readonly sequenceTokens: number
  readonly threshold: number
  /** The texts of which it sees every character. */
  readonly legible: RegExp
}

/** One spelling for the several that a model goes by: `BAAI/bge-base-en-v1.5` and `BGE_BASE_EN_V1_5` are one. */
export function modelName(given: string): string {
  return given
    .toLowerCase()
    .replace(/^.*\//, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
}

/** By its one spelling. A model we know nothing of is trusted with the least that we trust any with. */
export function modelNamed(name: string): EmbeddingModel {
  return MODELS.get(name) ?? { sequenceTokens: 256, threshold: 0.98, legible: LATIN }
}

const ANYTHING = /^/
// What is not in the vocabulary of BERT, such as emoji and most of Chinese, is one and the same to it: `[UNK]`.
const LATIN = /^[\p{Script=Latin}\p{M}\p{P}\p{Sc}\s\x20-\x7e]*$/u

const english = (sequenceTokens: number, threshold: number): EmbeddingModel => ({
  sequenceTokens,
  threshold,
  legible: LATIN,
})

/**
 * The thresholds are cautious cosines, by what others report: at 0.9 the small bge served 63 % of rewordings and 34 % of
 * traps, MiniLM 48 % and 27 %. The other bge models lie as close together, so they get the same; mxbai, UAE and bge-m3,
 * which spread wider, that of MiniLM. BERT was never taught to compare sentences, and puts them all near each other.
 */
const MODELS: ReadonlyMap<string, EmbeddingModel> = new Map([
  ['bge-small-en-v1-5', english(512, 0.95)],
  ['bge-base-en-v1-5', english(512, 0.95)],
  ['bge-large-en-v1-5', english(512, 0.95)],
  ['mxbai-embed-large-v1', english(512, 0.92)],
  ['uae-large-v1', english(512, 0.92)],
  ['all-minilm-l6-v2', english(256, 0.92)],
  ['bert-base-uncased', english(512, 0.98)],
  ['bge-m3', { sequenceTokens: 8_192, threshold: 0.92, legible: ANYTHING }],
])
