import { lastUserText, textOf } from './chat-request.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Effect } from './effect.ts'
import { estimateTokens } from './estimate-tokens.ts'
import type { PartialChoice, PartialCompletion } from './partial-completion.ts'

/** A chat completion as on the wire. */
export type Completion = ReturnType<typeof completionOf>
export type Choice = ReturnType<typeof wholeChoice>

/** The whole completion: what the effect says of it, and the usual for the rest. */
export function completionOf(request: ChatRequest, effect: Effect, id: string, created: number) {
  const answer = effect.answer ?? echo(request)
  const asked: PartialChoice[] = Array.from({ length: request.n ?? 1 }, () => ({}))
  const choices = (effect.completion?.choices ?? asked).map((choice, index) => wholeChoice(choice, index, answer))
  return {
    id,
    object: 'chat.completion',
    created,
    model: request.model,
    service_tier: 'default',
    system_fingerprint: 'fp_mock',
    ...effect.completion,
    choices,
    usage: wholeUsage(effect.completion?.usage ?? estimateUsage(request, choices)),
  }
}

function echo(request: ChatRequest): string {
  const text = lastUserText(request)
  const wantsJson = request.response_format?.type.startsWith('json')
  return wantsJson ? JSON.stringify({ echo: text }) : `echo: ${text}`
}

function wholeChoice({ message = {}, ...choice }: PartialChoice, index: number, answer: string) {
  const { content, refusal = null, ...others } = message
  const calls = message.tool_calls?.map((call, at) => ({ ...call, id: call.id ?? `call_mock_${at + 1}` }))
  const unsaid = calls || refusal ? null : answer
  return {
    index,
    message: {
      role: 'assistant',
      content: content === undefined ? unsaid : content,
      refusal,
      annotations: [] as unknown[],
      ...others,
      ...(calls && { tool_calls: calls }),
    },
    logprobs: null,
    finish_reason: calls ? 'tool_calls' : 'stop',
    ...choice,
  }
}

function estimateUsage(request: ChatRequest, choices: readonly Choice[]) {
  const said = choices.map(({ message: { content, refusal, tool_calls: calls = [] } }) => {
    const inputs = calls.map((call) => (call.type === 'function' ? call.function.arguments : call.custom.input))
    return [content, refusal, ...inputs].join('')
  })
  return {
    prompt_tokens: estimateTokens(request.messages.map(textOf).join('')),
    completion_tokens: estimateTokens(said.join('')),
  }
}

function wholeUsage(given: NonNullable<PartialCompletion['usage']>) {
  const { prompt_tokens, completion_tokens, ...others } = given
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...others,
  }
}
