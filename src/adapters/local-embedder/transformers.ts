/** What is used of the package `@huggingface/transformers`, which is installed only where it is wanted. */
export interface Transformers {
  pipeline(
    task: 'feature-extraction',
    model: string,
    options: { readonly local_files_only: boolean },
  ): Promise<Extractor>
}

export interface Extractor {
  (
    text: string,
    options: { readonly pooling: Pooling; readonly normalize: true },
  ): Promise<{
    readonly data: ArrayLike<number>
  }>
  readonly tokenizer: {
    encode(text: string): number[]
    /** Absurdly large where a model was published without one. */
    readonly model_max_length?: number
    readonly unk_token_id?: number | undefined
  }
  readonly model: { readonly config: { readonly max_position_embeddings?: number } }
}

/** How a model makes one vector of its tokens': their mean, or that of the first, which stands for the sentence. */
export type Pooling = 'mean' | 'cls'

/** Rejects if the package is not there. */
export const loadTransformers = (): Promise<Transformers> => import(PACKAGE) as Promise<Transformers>

// Not a literal, for whoever checks the types need not have it either.
const PACKAGE: string = '@huggingface/transformers'
