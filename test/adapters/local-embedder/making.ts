import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

/** Writes a model that looks each token up in a table of made-up rows, in the form of sentence models on the hub. */
export function writeModel(folder: string, words: readonly string[], maxLength: number): void {
  const vocabulary = [...SPECIAL, ...words]
  const json = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content))
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  json('config.json', { model_type: 'bert', architectures: ['BertModel'], max_position_embeddings: maxLength })
  json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: maxLength,
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    pad_token: '[PAD]',
    mask_token: '[MASK]',
  })
  json('tokenizer.json', {
    version: '1.0',
    added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  })
  writeFileSync(join(folder, 'onnx', 'model.onnx'), lookupModel(vocabulary.length))
}

const DIMENSIONS = 8

/** An ONNX model of one node, Gather, as protobuf: each token's vector is its row of a table. */
function lookupModel(rows: number): Buffer {
  const values = Float32Array.from({ length: rows * DIMENSIONS }, (_, at) => Math.sin((at + 1) * 12.9898))
  const table = message([1, rows], [1, DIMENSIONS], [2, FLOAT], [8, 'rows'], [9, Buffer.from(values.buffer)])
  const gather = message([1, 'rows'], [1, 'input_ids'], [2, 'last_hidden_state'], [4, 'Gather'])
  const graph = message(
    [1, gather],
    [2, 'lookup'],
    [5, table],
    [11, tensor('input_ids', INT64, 'batch', 'length')],
    [11, tensor('attention_mask', INT64, 'batch', 'length')],
    [12, tensor('last_hidden_state', FLOAT, 'batch', 'length', DIMENSIONS)],
  )
  const opset = message([1, ''], [2, 13])
  return message([1, 8], [8, opset], [7, graph])
}

const FLOAT = 1
const INT64 = 7

function tensor(name: string, type: number, ...sizes: readonly (string | number)[]): Buffer {
  const shape = message(
    ...sizes.map((size): Field => [1, typeof size === 'string' ? message([2, size]) : message([1, size])]),
  )
  return message([1, name], [2, message([1, message([1, type], [2, shape])])])
}

type Field = readonly [tag: number, value: number | string | Buffer]

function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([tag, value]) => {
      if (typeof value === 'number') return [varint(tag << 3), varint(value)]
      const bytes = Buffer.from(value as Buffer)
      return [varint((tag << 3) | 2), varint(bytes.length), bytes]
    }),
  )
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest])
    bytes.push((rest & 0x7f) | 0x80)
  }
}
