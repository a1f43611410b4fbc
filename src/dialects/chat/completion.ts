import { z } from 'zod'
import type { Asked, Told } from '../dialect.ts'

const Message = z.looseObject({
  role: z.string(),
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(z.looseObject({})).nullish(),
  annotations: z.array(z.looseObject({ type: z.string().optional() })).nullish(),
})

const Choice = z.looseObject({
  index: z.int(),
  message: Message,
  finish_reason: z.string().nullish(),
  logprobs: z.unknown().optional(),
})

/** A whole answer. We name what we act on and carry every other member along. */
export const Completion = z.looseObject({
  id: z.string(),
  created: z.number(),
  model: z.string(),
  choices: z.array(Choice).min(1),
  usage: z.looseObject({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
})
export type Completion = z.infer<typeof Completion>
export type Choice = z.infer<typeof Choice>

/** What a chat completion says about itself. */
export function tellChat(text: string, asked: Asked): Told {
  const parsed = Completion.safeParse(parse(text))
  if (!parsed.success)
    return { model: asked.model, usage: undefined, content: undefined, text: undefined, unfit: 'malformed' }

  const { model, usage, choices } = parsed.data
  return {
    model,
    usage: usage ? { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } : undefined,
    content: choices.map(({ message }) => message),
    text: choices.length === 1 ? wordsOf(choices[0]!) : undefined,
    unfit: isOtherModel(asked.model, model) ? 'other-model' : whyUnfit(choices, asked),
  }
}

function wordsOf({ message }: Choice): string | undefined {
  const does = !!message.tool_calls?.length || !!message['function_call']
  return does ? undefined : (message.content ?? undefined)
}

/** Only whole, ordinary answers are worth repeating. */
function whyUnfit(choices: readonly Choice[], asked: Asked): string | undefined {
  for (const { message, finish_reason, ...choice } of choices) {
    const calls = !!message.tool_calls?.length || !!message['function_call']
    if (!finish_reason) return 'unfinished'
    if (finish_reason === 'length' || finish_reason === 'content_filter') return finish_reason.replace('_', '-')
    if (message.refusal) return 'refusal'
    if (!message.content?.trim() && !calls) return 'empty'
    // A page cited today may say something else tomorrow.
    if (message.annotations?.some(({ type }) => type === 'url_citation')) return 'citations'
    if (isFiltered(choice['content_filter_results'])) return 'content-filter'
    if (asked.wantsJson && !calls && parse(message.content ?? '') === undefined) return 'not-json'
  }
  return undefined
}

/** Azure marks what its filter touched, category by category. */
function isFiltered(results: unknown): boolean {
  return Object.values(results ?? {}).some((category: { filtered?: boolean } | null) => category?.filtered === true)
}

/**
 * True if a provider quietly answered from another model than the one asked for. Judged only among OpenAI's own names,
 * where `gpt-4o` may answer as `gpt-4o-2024-08-06` but not as `gpt-4o-mini`; other names may be aliases of anything.
 */
function isOtherModel(asked: string, answered: string): boolean {
  const known = /^(?:gpt-|chatgpt-|o\d)/
  return known.test(asked) && known.test(answered) && family(asked) !== family(answered)
}

/** `gpt-4-turbo-preview` has always answered as `gpt-4-0125-preview`. */
function family(model: string): string {
  return model.replace('-turbo', '').replace(/(?:-(?:\d{4}-\d{2}-\d{2}|\d{4}|\d{8}|latest|preview))+$/, '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
