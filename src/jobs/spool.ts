import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import type { Records } from '../ports.ts'

/** How much there is of an input. */
export interface Extent {
  readonly chunks: number
  readonly lines: number
}

/** A place in an input: so many lines into that chunk. */
export const Place = z.object({ chunk: z.number(), line: z.number() })
export type Place = z.infer<typeof Place>
export const START: Place = { chunk: 0, line: 0 }

/** The input of one job, as whoever works on it sees it. */
export interface Input extends Extent {
  read(chunk: number): Promise<string[]>
  drop(chunk: number): Promise<void>
}

export type Spool = ReturnType<typeof createSpool>

const KIND = 'spool'
const MAX_CHUNK_BYTES = 256 * 1024
/** Room for the longest answer that is kept, as JSON within JSON. */
const MAX_LINE = 2 * 1024 * 1024

/** Keeps what jobs are fed with, in chunks of whole lines. Only a line too long for that is a chunk by itself, and longer. */
export function createSpool(records: Records) {
  return {
    /** Tells how much there will be before each chunk that it writes, so that none can be forgotten; and in the end. */
    async write(job: string, lines: Lines, announce: (extent: Extent) => Promise<void>): Promise<Extent> {
      let extent: Extent = { chunks: 0, lines: 0 }
      for await (const chunk of chunksOf(lines)) {
        const at = idOf(job, extent.chunks)
        extent = { chunks: extent.chunks + 1, lines: extent.lines + chunk.length }
        await announce(extent)
        if (!(await records.swap(KIND, at, undefined, chunk.join('\n')))) throw new Error('the chunk is there already')
      }
      return extent
    },

    async read(job: string, chunk: number): Promise<string[]> {
      const text = await records.get(KIND, idOf(job, chunk))
      if (text === undefined) throw new ServiceError(410, 'input_gone', 'a part of the input is gone')
      return text.split('\n')
    },

    /** A chunk that is not there is not an error. */
    async drop(job: string, chunk: number): Promise<void> {
      const text = await records.get(KIND, idOf(job, chunk))
      if (text !== undefined) await records.swap(KIND, idOf(job, chunk), text, undefined)
    },
  }
}

export type Lines = AsyncIterable<string> | Iterable<string>

/**
 * The lines of a body, without their ends. A line beyond all measure is cut off: whoever parses it finds it faulty, and
 * those that follow keep their numbers.
 */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!.slice(0, MAX_LINE + 1)
    yield* lines.map(bounded)
  }
  rest += decoder.decode()
  if (rest) yield bounded(rest)
}

/**
 * Lines from a place on, so many at once, each time with the place where the next will be. Whoever asks for more has
 * saved that place: what lies before it is dropped.
 */
export async function* batches(input: Input, from: Place, size: number) {
  for (let { chunk, line } = from; chunk < input.chunks; chunk++, line = 0) {
    const lines = await input.read(chunk)
    for (; line < lines.length; line += size) {
      const isLast = line + size >= lines.length
      const next: Place = isLast ? { chunk: chunk + 1, line: 0 } : { chunk, line: line + size }
      yield { lines: lines.slice(line, line + size), next }
    }
    await input.drop(chunk)
  }
}

async function* chunksOf(lines: Lines): AsyncGenerator<string[]> {
  let chunk: string[] = []
  let bytes = 0
  for await (const line of lines) {
    const more = Buffer.byteLength(line) + 1
    if (chunk.length > 0 && bytes + more > MAX_CHUNK_BYTES) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(line)
    bytes += more
  }
  if (chunk.length > 0) yield chunk
}

/** By length, their order as text is their order. */
function idOf(job: string, chunk: number): string {
  return `${job}/${String(chunk).padStart(8, '0')}`
}

function bounded(line: string): string {
  return (line.endsWith('\r') ? line.slice(0, -1) : line).slice(0, MAX_LINE)
}
