import { readFileSync, readdirSync } from 'node:fs'

const COMPLETIONS = 'fixtures/completions'
const STREAMS = 'fixtures/streams'

/** The names of all recorded completions, and of those whose stream was recorded as well. */
export const completions = namesIn(COMPLETIONS, '.json')
export const streams = namesIn(STREAMS, '.chunks.txt')

/** A recorded completion as the JSON text that a model sends. */
export function completion(name: string): string {
  return readFileSync(`${COMPLETIONS}/${name}.json`, 'utf8')
}

/** The chunks of a recorded stream, each as JSON text. */
export function chunks(name: string): string[] {
  return readFileSync(`${STREAMS}/${name}.chunks.txt`, 'utf8').trimEnd().split('\n')
}

/** A stream of bytes, cut into the given pieces. */
export function bytes(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
      controller.close()
    },
  })
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(folder).flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -ending.length)] : []))
}
