import { lastUserText } from './chat-request.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Faults, MockRule } from './mock-rules.ts'
import type { PartialCompletion } from './partial-completion.ts'

/** What a rule makes happen, its groups filled in. */
export interface Effect extends Faults {
  readonly answer?: string | undefined
  readonly completion?: PartialCompletion | undefined
}

/** The effect of the first rule that fits the request; none if no rule does. */
export function effectOn(request: ChatRequest, rules: readonly MockRule[]): Effect {
  const question = lastUserText(request)
  for (const { text, pattern, flags, model, ...effect } of rules) {
    if (model !== undefined && model !== request.model) continue
    if (text !== undefined && text.trim() === question) return withNumbers(effect)
    const groups = pattern === undefined ? null : new RegExp(pattern, flags).exec(question)
    if (groups) return withNumbers(filledIn(effect, groups))
  }
  return {}
}

function withNumbers({ latencyMs, chunkLatencyMs, ...effect }: Omit<MockRule, 'text' | 'pattern'>): Effect {
  // A group that is not a number becomes NaN, which is no wait.
  return { ...effect, latencyMs: Number(latencyMs ?? 0), chunkLatencyMs: Number(chunkLatencyMs ?? 0) }
}

function filledIn<T>(value: T, groups: RegExpExecArray): T
function filledIn(value: unknown, groups: RegExpExecArray): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$([1-9])/g, (asWritten: string, group: string) =>
      Number(group) < groups.length ? (groups[Number(group)] ?? '') : asWritten,
    )
  }
  if (Array.isArray(value)) return value.map((item) => filledIn(item, groups))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filledIn(member, groups)]))
}
