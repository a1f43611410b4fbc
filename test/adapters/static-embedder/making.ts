import { createHash } from 'node:crypto'

export interface Made {
  readonly vocabulary: readonly string[]
  /** A row for each token; made up by its number if absent. */
  readonly rows?: readonly (readonly number[])[]
  readonly header?: Readonly<Record<string, unknown>>
}

/** A model file, small enough to see through. */
export function madeModel({
  vocabulary,
  rows = vocabulary.map((_, id) => madeUp(id)),
  header,
}: Made): Buffer<ArrayBuffer> {
  const words = Buffer.from(vocabulary.map((token) => `${token}\n`).join(''))
  const scales = Buffer.alloc(rows.length * 4)
  const values = Buffer.alloc(rows.length * rows[0]!.length)
  for (const [id, row] of rows.entries()) {
    const scale = Math.max(...row.map(Math.abs)) / 127
    scales.writeFloatLE(scale, id * 4)
    for (const [at, value] of row.entries()) values.writeInt8(Math.round(value / (scale || 1)), id * row.length + at)
  }
  const body = Buffer.concat([words, scales, values])
  const head = Buffer.from(
    JSON.stringify({
      format: 1,
      name: 'tiny-1',
      dim: rows[0]!.length,
      tokens: vocabulary.length,
      lowercase: true,
      stripAccents: true,
      maxWordChars: 100,
      continuation: '##',
      unknown: '[UNK]',
      pooling: 'mean',
      teacher: 'none',
      trainedOn: [],
      vocabularyBytes: words.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      ...header,
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([Buffer.from('RPSE'), length, head, body])
}

/** A row unlike that of any other number. */
function madeUp(id: number): number[] {
  return Array.from({ length: 16 }, (_, at) => Math.sin((id + 1) * (at + 1) * 12.9898) + Math.cos(id * 7 + at * at))
}
