import { z } from 'zod'
import type { Usage } from '../ports.ts'

/** What a model's response says of itself, as far as that can be seen while it passes by. */
export interface Seen {
  readonly usage: Usage | undefined
  readonly model: string | undefined
}

/** So much of a body's beginning is looked at for the model, and so much of its end for what was used. */
const HEAD = 2_048
const TAIL = 16_384

/**
 * The response as it came, and as fast, with an eye on what it cost: who asks for nothing to be kept must not thereby
 * ask for nothing to be counted. `tell` hears of it once, when the body is over or nobody wants more of it.
 */
export function metered(response: Response, tell: (seen: Seen) => void): Response {
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const decoder = new TextDecoder()
  let [head, tail, events, told] = ['', '', 0, false]
  const over = () => {
    if (!told) tell({ model: modelIn(head), usage: usageIn(tail) ?? (streamed ? guess(events) : undefined) })
    told = true
  }
  if (!response.body) return (over(), response)

  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      controller.enqueue(bytes)
      const text = decoder.decode(bytes, { stream: true })
      if (head.length < HEAD) head += text.slice(0, HEAD)
      if (streamed) events += text.split('"delta"').length - 1
      tail = (tail + text).slice(-TAIL)
    },
    flush: over,
    cancel: over,
  })
  const { status, headers } = response
  return new Response(response.body.pipeThrough(meter), { status, headers })
}

function modelIn(head: string): string | undefined {
  return /"model"\s*:\s*"([^"\\]{1,200})"/.exec(head)?.[1]
}

/** The names of chat completions and embeddings, and those of responses. */
const Counts = z
  .object({
    prompt_tokens: z.number().optional(),
    input_tokens: z.number().optional(),
    completion_tokens: z.number().optional(),
    output_tokens: z.number().optional(),
  })
  .transform((said): Usage | undefined => {
    const promptTokens = said.prompt_tokens ?? said.input_tokens
    if (promptTokens === undefined) return undefined
    return { promptTokens, completionTokens: said.completion_tokens ?? said.output_tokens ?? 0 }
  })

/** The last one that is there: in a stream, what came before it was only so far. */
function usageIn(tail: string): Usage | undefined {
  for (let at = tail.lastIndexOf('"usage"'); at >= 0; at = tail.lastIndexOf('"usage"', at - 1)) {
    const usage = Counts.safeParse(objectAt(tail, tail.indexOf('{', at))).data
    if (usage) return usage
    if (at === 0) break
  }
  return undefined
}

/** The object that begins there; none of its strings holds a brace. */
function objectAt(text: string, from: number): unknown {
  if (from < 0) return undefined
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) {
      try {
        return JSON.parse(text.slice(from, at + 1))
      } catch {
        return undefined
      }
    }
  }
  return undefined
}

/** Nobody has said, so an event is taken for a token, as it mostly is. What was asked is not counted. */
function guess(events: number): Usage | undefined {
  return events > 0 ? { promptTokens: 0, completionTokens: events } : undefined
}
