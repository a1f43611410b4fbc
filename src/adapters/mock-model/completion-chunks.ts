import type { Choice, Completion } from './completion.ts'

type ToolCall = NonNullable<Choice['message']['tool_calls']>[number]

/** A completion as the chunks of its stream: of each choice its role, its words and its end, the choices in turn. */
export function chunksOf(completion: Completion, includeUsage: boolean): object[] {
  const { usage, ...head } = completion
  const chunk = (choices: readonly object[]) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices,
    ...(includeUsage && { usage: null }),
  })
  const chunks = interleaved(completion.choices.map(stepsOf)).map((step) => chunk([step]))
  return includeUsage ? [...chunks, { ...chunk([]), usage }] : chunks
}

function interleaved<T>(rows: readonly T[][]): T[] {
  const longest = Math.max(...rows.map((row) => row.length))
  return Array.from({ length: longest }, (_, at) => rows.flatMap((row) => row.slice(at, at + 1))).flat()
}

function stepsOf({ index, message, logprobs, finish_reason, ...others }: Choice): object[] {
  const { role, content, refusal, tool_calls: calls = [], annotations, ...extras } = message
  const steps = [
    // Content that stays null must begin as null: `""` would be what it folds to.
    { delta: { role, content: content === null ? null : '', refusal: null, ...extras } },
    ...words('content', content, logprobs?.content),
    ...words('refusal', refusal, logprobs?.refusal),
    ...calls.flatMap(callDeltas).map((call) => ({ delta: { tool_calls: [call] } })),
    ...(annotations.length > 0 ? [{ delta: { annotations } }] : []),
    { finish_reason, ...others },
  ]
  return steps.map((step) => Object.assign({ index, delta: {}, logprobs: null, finish_reason: null }, step))
}

/** The text a word at a time, with the tokens' log probabilities shared out in order and none left over. */
function words(kind: 'content' | 'refusal', text: string | null, tokens: readonly object[] | null | undefined) {
  if (!text) return []
  const words = text.split(/(?=\s)/)
  return words.map((word, at) => {
    const share = tokens?.slice(at, at === words.length - 1 ? undefined : at + 1)
    return { delta: { [kind]: word }, logprobs: share ? { content: null, refusal: null, [kind]: share } : null }
  })
}

function callDeltas(call: ToolCall, index: number): object[] {
  if (call.type === 'function') {
    const { arguments: text, ...named } = call.function
    const parts = piecesOf(text).map((piece) => ({ index, function: { arguments: piece } }))
    return [{ index, ...call, function: { ...named, arguments: '' } }, ...parts]
  }
  const { input, ...named } = call.custom
  const parts = piecesOf(input).map((piece) => ({ index, custom: { input: piece } }))
  return [{ index, ...call, custom: { ...named, input: '' } }, ...parts]
}

/** A few characters at a time, so that a reader of JSON sees it break in the middle of names and numbers. */
function piecesOf(text: string): string[] {
  return text.match(/.{1,6}/gsu) ?? []
}
