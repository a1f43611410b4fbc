import { z } from 'zod'
import { type Encoder, encoder } from './encoder.ts'
import { layersBytes, layersOf } from './layers.ts'
import { SCALE, bytesOfRows, unpackedRows } from './rows.ts'
import { type Tokens, tokenizer } from './tokenizer.ts'
import { vocabulary } from './vocabulary.ts'

/** What makes vectors of the tokens of a vocabulary, and the tokenizer that goes with it. */
export interface StaticModel {
  readonly name: string
  readonly encoder: Encoder
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
  format: z.literal(3),
  name: z.string().regex(/^[\w.-]+$/),
  dim: z.int().min(4).multipleOf(4),
  window: z.int().min(0).multipleOf(2),
  bag: z.int().min(0).multipleOf(2),
  context: z.int().min(0),
  shared: z.number().min(0),
  tokens: z.int().min(1),
  lowercase: z.boolean(),
  stripAccents: z.boolean(),
  maxWordChars: z.int().min(1),
  continuation: z.string().min(1),
  unknown: z.string(),
  vocabularyBytes: z.int().min(1),
  sha256: z.hex().length(64),
})
type Header = z.infer<typeof Header>

/**
 * Reads a model: `RPSE`, the length of a JSON header, the header, the vocabulary (a token a line), the scales of the rows
 * (bfloat16), the rows' own parts (6 bits a number), the rest of the rows (4 bits a number), the layers; all numbers
 * little-endian. Everything behind the header is held against its checksum.
 */
export async function readModel(bytes: Uint8Array<ArrayBuffer>, from: string): Promise<StaticModel> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const unusable = (what: string) =>
    new UnusableModel([`${from} ${what}; get it anew with the package, or choose another REPRISE_EMBEDDER`])
  if (bytes.length < 8 || view.getUint32(0) !== MAGIC) throw unusable('is not an embedding model')
  const bodyAt = 8 + view.getUint32(4, true)
  const header = headerOf(bytes.subarray(8, bodyAt))
  if (!header) throw unusable('is no embedding model that this version can read')

  const { tokens, vocabularyBytes } = header
  const body = bytes.subarray(bodyAt)
  const rowsAt = vocabularyBytes + tokens * SCALE.count * 2
  const { own, rest } = bytesOfRows(tokens, header)
  const layersAt = rowsAt + own + rest
  if (body.length !== layersAt + layersBytes(header)) throw unusable('is not complete')
  if ((await sha256(body)) !== header.sha256) throw unusable('is damaged: its checksum is not that of its header')
  const pieces = vocabulary(text(body.subarray(0, vocabularyBytes)), header.continuation)
  if (pieces.size !== tokens) throw unusable(`names ${pieces.size} tokens where its header says ${tokens}`)
  const scales = body.subarray(vocabularyBytes, rowsAt)
  const rows = unpackedRows(body.subarray(rowsAt, rowsAt + own), body.subarray(rowsAt + own, layersAt), scales, header)
  const layers = layersOf(body.subarray(layersAt), header)
  return { name: header.name, encoder: encoder(rows, layers, header.shared), tokenize: tokenizer(pieces, header) }
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
