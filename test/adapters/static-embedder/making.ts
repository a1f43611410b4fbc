import { createHash } from 'node:crypto'

export interface Made {
  readonly vocabulary: readonly string[]
  /** What each token means by itself; made up by its number if absent. */
  readonly rows?: readonly (readonly number[])[]
  /** What each token says to the network, if there is one. */
  readonly network?: Network
  readonly header?: Readonly<Record<string, unknown>>
}

/** The smallest there is: one unit of each kind, and another that is always silent for the window and the bag. */
export interface Network {
  /** As the word before, as the word itself, as the word after. */
  readonly window?: (id: number) => readonly [number, number, number]
  readonly bag?: (id: number) => number
  /** What a token listens for, and what it says about the topic. */
  readonly context?: (id: number) => readonly [number, number]
  readonly start?: number
  readonly end?: number
  readonly windowBias?: number
  readonly bagBias?: number
  readonly contextBias?: number
  readonly attention?: number
  /** What the window's unit adds to the vector, and what the bag's does; a step of 1 each. */
  readonly output?: readonly [readonly number[], readonly number[]]
}

const LEVELS = [-127, -96, -75, -58, -44, -31, -18, -6, 6, 18, 31, 44, 58, 75, 96, 127]

/** A model file, small enough to see through; what tokens say is as near to what was asked for as 16 levels come. */
export function madeModel({
  vocabulary,
  rows = vocabulary.map((_, id) => madeUp(id)),
  network = {},
  header,
}: Made): Buffer<ArrayBuffer> {
  const words = Buffer.from(vocabulary.map((token) => `${token}\n`).join(''))
  const dim = rows[0]!.length
  const scales: number[] = []
  const own: number[] = []
  const codes: number[] = []
  for (const [id, row] of rows.entries()) {
    const ownScale = Math.max(...row.map(Math.abs)) / 124
    scales.push(ownScale)
    for (const value of row) own.push(Math.round(value / (ownScale || 1) / 4) + 31)
    const { window = () => [0, 0, 0], bag = () => 0, context = () => [0, 0] } = network
    for (const part of [window(id).flatMap(twice), twice(bag(id)), context(id)]) {
      const scale = Math.max(...part.map(Math.abs)) / 127
      scales.push(scale)
      for (const value of part) codes.push(nearestLevel(value / (scale || 1)))
    }
  }
  const body = Buffer.concat([words, shortFloats(scales), sixes(own), nibbles(codes), layers(network, dim)])
  const head = Buffer.from(
    JSON.stringify({
      format: 3,
      name: 'tiny-1',
      dim,
      window: 2,
      bag: 2,
      context: 1,
      shared: 0,
      tokens: vocabulary.length,
      lowercase: true,
      stripAccents: true,
      maxWordChars: 100,
      continuation: '##',
      unknown: '[UNK]',
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
  const row = Array.from(
    { length: 16 },
    (_, at) => Math.sin((id + 1) * (at + 1) * 12.9898) + Math.cos(id * 7 + at * at),
  )
  // The last coordinate is none of a word's.
  return [...row.slice(0, -1), 0]
}

// Of two units the second is not listened to.
const twice = (value: number): number[] => [value, value]

function nearestLevel(value: number): number {
  const distances = LEVELS.map((level) => Math.abs(level - value))
  return distances.indexOf(Math.min(...distances))
}

function sixes(codes: readonly number[]): Buffer {
  const bytes: number[] = []
  for (let at = 0; at < codes.length; at += 4) {
    const bits = codes[at]! | (codes[at + 1]! << 6) | (codes[at + 2]! << 12) | (codes[at + 3]! << 18)
    bytes.push(bits & 255, (bits >> 8) & 255, bits >> 16)
  }
  return Buffer.from(bytes)
}

function nibbles(codes: readonly number[]): Buffer {
  return Buffer.from(Array.from({ length: codes.length / 2 }, (_, at) => codes[2 * at]! | (codes[2 * at + 1]! << 4)))
}

/** Bfloat16: the upper half of a float32. */
function shortFloats(values: readonly number[]): Buffer {
  const floats = floatsOf(values)
  return Buffer.from(Array.from({ length: values.length * 2 }, (_, at) => floats[(at >> 1) * 4 + 2 + (at & 1)]!))
}

function floatsOf(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes
}

function layers(network: Network, dim: number): Buffer {
  const { start = 0, end = 0, windowBias = 0, bagBias = 0, contextBias = 0, attention = 0 } = network
  const nothing = Array<number>(dim).fill(0)
  const [fromWindow, fromBag] = network.output ?? [nothing, nothing]
  const perUnit = [start, end, windowBias, bagBias].flatMap((value) => [value, 0])
  const numbers = [...perUnit, contextBias, attention, 0, 1, 1, 1, 1]
  const output = [fromWindow, nothing, fromBag, nothing].flat()
  return Buffer.concat([floatsOf(numbers), Buffer.from(Int8Array.from(output).buffer)])
}
