import type { Dialect } from '../dialects/dialect.ts'
import { BrokenAnswer, errorBody } from '../errors.ts'

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
}

/** The chunks of an answer that is at hand, as one text. */
export function eventText(chunks: Iterable<string>, dialect: Dialect): string {
  let text = ''
  for (const chunk of chunks) text += dialect.event(chunk)
  return text + dialect.ending
}

/** The chunks of an answer as they come. One that breaks off ends with an error event, never as if it were complete. */
export function eventStream(chunks: AsyncIterable<string>, dialect: Dialect): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next()
        if (!done) return controller.enqueue(encoder.encode(dialect.event(value)))
        controller.enqueue(encoder.encode(dialect.ending))
      } catch (error) {
        const said = error instanceof BrokenAnswer ? error.said : JSON.stringify(INTERNAL)
        controller.enqueue(encoder.encode(dialect.event(said)))
      }
      controller.close()
    },
    cancel() {
      // A reader who leaves stops listening, nothing more; the generator may be waiting, so nobody waits for it.
      void iterator.return?.()
    },
  })
}

const INTERNAL = errorBody(500, 'internal_error', 'the answer could not be told')
