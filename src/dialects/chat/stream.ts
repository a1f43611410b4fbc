import { BrokenAnswer } from '../../errors.ts'
import type { Asked } from '../dialect.ts'
import { events } from '../sse.ts'
import { Completion } from './completion.ts'
import { foldChat } from './fold.ts'

/** The chunks of a live stream. Throws `BrokenAnswer` on an error event, or if the stream ends before the answer does. */
export async function* listenToChat(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const heard: string[] = []
  try {
    for await (const data of events(body)) {
      if (data === '[DONE]') return
      if (data.includes('"error"') && JSON.parse(data).error) throw new BrokenAnswer(data)
      heard.push(data)
      yield data
    }
  } catch (error) {
    throw error instanceof BrokenAnswer ? error : new BrokenAnswer(undefined, { cause: error })
  }
  // Some servers close without `[DONE]`; only the answer itself can tell whether it was finished.
  if (!isFinished(heard)) throw new BrokenAnswer()
}

function isFinished(chunks: readonly string[]): boolean {
  try {
    const completion = JSON.parse(foldChat(chunks)) as Completion
    return completion.choices.every(({ finish_reason }) => !!finish_reason)
  } catch {
    return false
  }
}

/** A live chunk as this caller asked to hear it: without the token counts and the padding that only we asked for. */
export function hearChat(chunk: string, asked: Asked): string | undefined {
  const hideUsage = !asked.wantsUsage && chunk.includes('"usage"')
  const hidePadding = asked.refusesPadding && chunk.includes('"obfuscation"')
  if (!hideUsage && !hidePadding) return chunk

  const { usage, obfuscation, ...rest } = JSON.parse(chunk)
  if (hideUsage && usage && rest.choices?.length === 0) return undefined
  return JSON.stringify({
    ...rest,
    ...(!hideUsage && usage !== undefined && { usage }),
    ...(!hidePadding && obfuscation !== undefined && { obfuscation }),
  })
}

/** The chunks that a kept completion would have come in: role, content, finish, and the counts if asked for. */
export function unfoldChat(completion: string, asked: Asked): string[] {
  const { choices, usage, ...head } = Completion.parse(JSON.parse(completion))
  const envelope = { ...head, object: 'chat.completion.chunk' }
  const chunk = (choices: unknown[], counts: unknown = null) =>
    JSON.stringify({ ...envelope, choices, ...(asked.wantsUsage && { usage: counts }) })

  const chunks: string[] = []
  for (const { index, message, finish_reason, logprobs, ...rest } of choices) {
    const { role, content, refusal, tool_calls, ...others } = message
    const say = (delta: object, extra: object = {}) =>
      chunks.push(chunk([{ index, delta, logprobs: null, finish_reason: null, ...extra }]))

    say({ role, content: content === null ? null : '', refusal: null, ...others })
    // Log probabilities belong to tokens, which we no longer know the bounds of; the text then goes in one piece.
    const whole = logprobs !== null && logprobs !== undefined
    for (const piece of whole ? [content ?? ''] : pieces(content ?? ''))
      say({ content: piece }, whole ? { logprobs } : {})
    for (const piece of pieces(refusal ?? '')) say({ refusal: piece })
    for (const [at, call] of (tool_calls ?? []).entries()) say({ tool_calls: [{ index: at, ...call }] })
    say({}, { ...rest, finish_reason: finish_reason ?? null })
  }
  if (asked.wantsUsage && usage) chunks.push(chunk([], usage))
  return chunks
}

/** A few words at a time: small enough to read as a stream, large enough to be cheap. Never splits a character. */
function pieces(text: string): string[] {
  return text.match(/[^]{1,24}\S{0,40}\s*/gu) ?? []
}
