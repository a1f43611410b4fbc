import { z } from 'zod'
import { type Table, table } from './table.ts'
import { type Tokens, tokenizer } from './tokenizer.ts'
import { vocabulary } from './vocabulary.ts'

/** A table with a row for each token of a vocabulary, and the tokenizer that goes with it. */
export interface StaticModel {
  readonly name: string
  readonly table: Table
  tokenize(text: string): Tokens
}

/** A file that is not a model, or not any more, with what to do about it. */
export class UnusableModel extends Error {
  override readonly name = 'UnusableModel'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

const Header = z.object({
  format: z.literal(1),
  name: z.string().regex(/^[\w.-]+$/),
  dim: z.int().min(1),
  tokens: z.int().min(1),
  lowercase: z.boolean(),
  stripAccents: z.boolean(),
  maxWordChars: z.int().min(1),
  continuation: z.string().min(1),
  unknown: z.string(),
  /** Whatever weighs the tokens is in their rows. */
  pooling: z.literal('mean'),
  vocabularyBytes: z.int().min(1),
  sha256: z.hex().length(64),
})
type Header = z.infer<typeof Header>

/**
 * Reads a model: `RPSE`, the length of a JSON header, the header, the vocabulary (a token a line), a float32 scale for
 * each row, the int8 rows; all numbers little-endian. Everything behind the header is held against its checksum.
 */
export async function readModel(bytes: Uint8Array<ArrayBuffer>, from: string): Promise<StaticModel> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const unusable = (what: string) =>
    new UnusableModel([`${from} ${what}; get it anew with the package, or choose another REPRISE_EMBEDDER`])
  if (bytes.length < 8 || view.getUint32(0) !== MAGIC) throw unusable('is not an embedding model')
  const bodyAt = 8 + view.getUint32(4, true)
  const header = headerOf(bytes.subarray(8, bodyAt))
  if (!header) throw unusable('is no embedding model that this version can read')

  const { dim, tokens, vocabularyBytes } = header
  const body = bytes.subarray(bodyAt)
  if (body.length !== vocabularyBytes + tokens * (4 + dim)) throw unusable('is not complete')
  if ((await sha256(body)) !== header.sha256) throw unusable('is damaged: its checksum is not that of its header')
  const pieces = vocabulary(text(body.subarray(0, vocabularyBytes)), header.continuation)
  if (pieces.size !== tokens) throw unusable(`names ${pieces.size} tokens where its header says ${tokens}`)
  const rows = new Int8Array(body.buffer, body.byteOffset + vocabularyBytes + tokens * 4, tokens * dim)
  // Copied, for in the file they need not stand where floats may.
  const scales = new Float32Array(Uint8Array.from(body.subarray(vocabularyBytes, vocabularyBytes + tokens * 4)).buffer)
  return { name: header.name, table: table(rows, scales), tokenize: tokenizer(pieces, header) }
}

const MAGIC = 0x52_50_53_45

function headerOf(bytes: Uint8Array): Header | undefined {
  try {
    return Header.safeParse(JSON.parse(text(bytes))).data
  } catch {
    return undefined
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
