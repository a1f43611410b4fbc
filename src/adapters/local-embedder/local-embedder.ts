import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { Embedder, Vector } from '../../ports.ts'
import { type Extractor, type Pooling, type Transformers, loadTransformers } from './transformers.ts'

export interface LocalEmbedderOptions {
  /** A folder with the model's files, or its name on the Hugging Face hub, from where it is then fetched once. */
  readonly model: string
  /** As the model's own files say unless given; the mean if they say nothing. */
  readonly pooling?: Pooling | undefined
  /** The longest text the model reads, its special tokens included; as the model's own files say unless given. */
  readonly windowTokens?: number | undefined
  readonly threshold?: number | undefined
  readonly transformers?: () => Promise<Transformers>
}

/** A model that cannot be used, or a package that is not there, with what to do about it. */
export class UnusableLocalModel extends Error {
  override readonly name = 'UnusableLocalModel'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/**
 * Embeds with a sentence model in ONNX form, within this process, each text once while it is among the last thousand.
 * Its space goes by the model's name: another model in the same folder needs another folder name.
 */
export async function openLocalEmbedder(options: LocalEmbedderOptions): Promise<Embedder> {
  const { model, threshold = 0.9 } = options
  const folder = await folderOf(model)
  const extractor = await extractorOf(options, folder)
  const pooling = options.pooling ?? (await poolingOf(folder)) ?? 'mean'
  const windowTokens = options.windowTokens ?? windowOf(extractor)
  const vectors = new LRUCache<string, Promise<Vector>>({ max: 1_000 })

  async function ask(text: string): Promise<Vector> {
    const { data } = await extractor(text, { pooling, normalize: true })
    const vector = Float32Array.from(data)
    if (Math.abs(Math.hypot(...vector) - 1) < 1e-3) return vector
    throw new Error('The local model gave a vector that has no direction.')
  }

  function fits(text: string): boolean {
    // No token is as long: a text far beyond the window is not worth splitting.
    if (text.length > windowTokens * LONGEST_TOKEN || !/\S/.test(text)) return false
    const { tokenizer } = extractor
    const tokens = tokenizer.encode(text)
    const unknown = tokens.filter((token) => token === tokenizer.unk_token_id).length
    return tokens.length <= windowTokens && unknown * 2 < tokens.length - SPECIAL_TOKENS
  }

  const { length } = await ask('a').catch(({ message }: Error) => {
    throw new UnusableLocalModel([`The embedding model ${model} embeds nothing: ${message}`])
  })
  return {
    // Milliseconds of CPU, where an index may be had for less.
    near: false,
    space: `local/${folder ? basename(folder) : model}/${pooling}/${length}`,
    threshold,
    fits,
    embed(text) {
      const earlier = vectors.get(text)
      if (earlier) return earlier
      if (!fits(text)) {
        return Promise.reject(new Error('The text is too long for the local model, or in words that it does not know.'))
      }
      const vector = ask(text)
      vectors.set(text, vector)
      vector.catch(() => vectors.peek(text) === vector && vectors.delete(text))
      return vector
    },
  }
}

const LONGEST_TOKEN = 32

/** At both ends of a text; what is between them is what was said. */
const SPECIAL_TOKENS = 2

async function folderOf(model: string): Promise<string | undefined> {
  const folder = resolve(model)
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder
  // A name on the hub is `name` or `owner/name`, and nothing else.
  if (/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/.test(model)) return undefined
  throw new UnusableLocalModel([`REPRISE_EMBEDDING_MODEL=${model} is neither a folder nor a name on the hub`])
}

async function extractorOf({ model, transformers = loadTransformers }: LocalEmbedderOptions, folder?: string) {
  const { pipeline } = await transformers().catch(({ message }: Error) => {
    throw new UnusableLocalModel([
      `REPRISE_EMBEDDER=local needs a package that does not come with this one: npm install @huggingface/transformers (${message})`,
    ])
  })
  const options = { local_files_only: folder !== undefined }
  return pipeline('feature-extraction', folder ?? model, options).catch(({ message }: Error) => {
    const wanted = 'a folder needs config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx'
    throw new UnusableLocalModel([`REPRISE_EMBEDDING_MODEL=${model} cannot be loaded: ${message} (${wanted})`])
  })
}

/** What a folder in the form of sentence-transformers says of it. */
async function poolingOf(folder: string | undefined): Promise<Pooling | undefined> {
  if (folder === undefined) return undefined
  try {
    const said = JSON.parse(await readFile(join(folder, '1_Pooling', 'config.json'), 'utf8')) as Record<string, unknown>
    return said['pooling_mode_cls_token'] === true ? 'cls' : 'mean'
  } catch {
    return undefined
  }
}

function windowOf({ tokenizer, model }: Extractor): number {
  const { model_max_length = Infinity } = tokenizer
  return Math.min(model_max_length, model.config.max_position_embeddings ?? Infinity, USUAL_WINDOW_AT_MOST)
}

// For a model that does not say: what is longer is asked in many words, of which a single vector says little.
const USUAL_WINDOW_AT_MOST = 512
