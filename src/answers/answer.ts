import type { Asked, Dialect } from '../dialects/dialect.ts'
import { BrokenAnswer } from '../errors.ts'

/** A completion, readable whole or chunk by chunk, any number of times. Hits, misses and joined flights all give one. */
export interface Answer {
  /** The completion as JSON text. Rejects with `BrokenAnswer` if the model broke off. */
  readonly whole: Promise<string>
  /** From the first chunk on, as this caller asked to hear it; follows along if the model is still talking. */
  chunks(asked: Asked): Iterable<string> | AsyncIterable<string>
}

/** An answer that we have in full. */
export function recorded(completion: string, dialect: Dialect): Answer {
  return { whole: Promise.resolve(completion), chunks: (asked) => dialect.unfold(completion, asked) }
}

/** What a model is answering, as a stream or in one piece. */
export function answerOf(response: Response, dialect: Dialect, keep: (completion: string) => Promise<void>): Answer {
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') ? response.body : undefined
  return streamed ? live(dialect.listen(streamed), dialect, keep) : whole(response.text(), dialect, keep)
}

/** An answer that comes in one piece. It ends for its listeners when `kept` has settled. */
export function whole(text: Promise<string>, dialect: Dialect, keep: (completion: string) => Promise<void>): Answer {
  const completion = text.then(
    async (text) => (await keep(text), text),
    (cause) => Promise.reject(new BrokenAnswer(undefined, { cause })),
  )
  ignoreRejection(completion)
  async function* chunks(asked: Asked) {
    yield* dialect.unfold(await completion, asked)
  }
  return { whole: completion, chunks }
}

/**
 * An answer still being given: tapes the chunks as they come and plays the tape to everyone who asks.
 * It ends for its listeners when `keep` has settled, so that whoever has heard the end can rely on the entry.
 */
export function live(
  source: AsyncIterable<string>,
  dialect: Dialect,
  keep: (completion: string) => Promise<void>,
): Answer {
  const tape: string[] = []
  let news = bell()

  const heard = (async () => {
    for await (const chunk of source) {
      tape.push(chunk)
      news = news.ring()
    }
  })()
  const completion = heard.then(async () => {
    const completion = fold(tape, dialect)
    await keep(completion)
    return completion
  })
  // A stream that ended well but folds into nothing is heard as it came; only readers of the whole must fail.
  let ended = false
  const ending = Promise.allSettled([heard, completion]).then(() => {
    ended = true
    news.ring()
  })
  for (const promise of [heard, completion, ending]) ignoreRejection(promise)

  async function* chunks(asked: Asked) {
    for (let at = 0; ; at++) {
      while (at >= tape.length) {
        if (ended) return void (await heard)
        await news.rung
      }
      const chunk = dialect.hear(tape[at]!, asked)
      if (chunk !== undefined) yield chunk
    }
  }
  return { whole: completion, chunks }
}

function fold(tape: readonly string[], dialect: Dialect): string {
  try {
    return dialect.fold(tape)
  } catch (cause) {
    throw new BrokenAnswer(undefined, { cause })
  }
}

/** Whoever reads the answer sees the failure; an answer that nobody reads must not crash the process. */
function ignoreRejection(promise: Promise<unknown>): void {
  promise.catch(() => {})
}

function bell(): { readonly rung: Promise<void>; ring(): ReturnType<typeof bell> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { rung: promise, ring: () => (resolve(), bell()) }
}
