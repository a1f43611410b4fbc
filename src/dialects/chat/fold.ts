import { z } from 'zod'

const Delta = z.looseObject({ tool_calls: z.array(z.looseObject({ index: z.int().optional() })).nullish() })
const Chunk = z.looseObject({
  choices: z
    .array(z.looseObject({ index: z.int().default(0), delta: Delta.nullish(), finish_reason: z.string().nullish() }))
    .default([]),
})
type Members = Record<string, unknown>

/** The completion that the chunks of a stream amount to. Throws if there is none in them. */
export function foldChat(texts: readonly string[]): string {
  const chunks = texts.map((text) => Chunk.parse(JSON.parse(text)))
  // Azure opens with a chunk about the prompt that has no id, model or time yet.
  const head: Members = {}
  for (const { choices: _, ...members } of chunks) {
    for (const [name, value] of Object.entries(members)) if (!isBlank(value) || !(name in head)) head[name] = value
  }
  delete head['obfuscation']
  if (!head['usage']) delete head['usage']
  if (!head['id']) throw new Error('no chunk has an id')

  const choices = new Map<number, Members>()
  for (const chunk of chunks) {
    for (const { index, delta, ...rest } of chunk.choices) {
      const choice = choices.get(index) ?? { index, message: { role: 'assistant', content: null, refusal: null } }
      choices.set(index, choice)
      addDelta(choice['message'] as Members, delta ?? {})
      addRest(choice, rest)
    }
  }
  if (choices.size === 0) throw new Error('no chunk has a choice')

  const inOrder = [...choices.values()].sort((a, b) => Number(a['index']) - Number(b['index']))
  return JSON.stringify({ ...head, object: 'chat.completion', choices: inOrder.map(finish) })
}

const isBlank = (value: unknown) => value === undefined || value === null || value === '' || value === 0

/** Strings grow, lists grow, tool calls grow each by its own index, and whatever else comes replaces what was there. */
function addDelta(message: Members, { tool_calls, ...members }: Members): void {
  for (const [name, value] of Object.entries(members)) {
    if (name === 'role') continue
    message[name] = grown(message[name], value)
  }
  if (!tool_calls) return
  const calls = (message['tool_calls'] ??= []) as Members[]
  for (const { index = 0, ...call } of tool_calls as ({ index?: number } & Members)[]) {
    calls[index] = grown(calls[index], call) as Members
  }
}

/** Names are told whole, and by some servers again with every chunk; all other text comes in pieces. */
const TOLD_WHOLE = new Set(['id', 'type', 'name'])

function grown(before: unknown, more: unknown): unknown {
  if (more === null || more === undefined) return before ?? more
  if (typeof before === 'string' && typeof more === 'string') return before + more
  if (Array.isArray(before) && Array.isArray(more)) {
    // In place, for the chunks are ours: a copy a token takes seconds over a long answer with log probabilities.
    for (const item of more) before.push(item)
    return before
  }
  if (typeof before !== 'object' || before === null || typeof more !== 'object') return more

  const sum: Members = { ...before }
  for (const [name, value] of Object.entries(more)) {
    sum[name] = TOLD_WHOLE.has(name) ? value || sum[name] : grown(sum[name], value)
  }
  return sum
}

function addRest(choice: Members, { logprobs, ...rest }: Members): void {
  if (logprobs !== undefined) choice['logprobs'] = grown(choice['logprobs'], logprobs)
  for (const [name, value] of Object.entries(rest)) {
    if (value === null && name in choice) continue
    // Azure's filter judges every piece, and of the last it has nothing to say: `{}`.
    choice[name] = isMembers(value) ? { ...(choice[name] as Members), ...value } : value
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** On the wire a message that only calls tools, or refuses, has no content rather than an empty one. */
function finish({ message, ...choice }: Members): Members {
  const { content, refusal, tool_calls, ...others } = message as Members
  const calls = (tool_calls as Members[] | undefined)?.filter(Boolean)
  const silent = content === '' && (calls || refusal || others['function_call'])
  return {
    ...choice,
    message: {
      ...others,
      content: silent ? null : content,
      refusal: refusal || null,
      ...(calls && { tool_calls: calls }),
    },
    logprobs: choice['logprobs'] ?? null,
    finish_reason: choice['finish_reason'] ?? null,
  }
}
