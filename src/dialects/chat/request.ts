import { ServiceError } from '../../errors.ts'
import type { Asked } from '../dialect.ts'
import { parseJson } from '../json.ts'
import { whyExactOnly, whyUncacheable } from './cacheable.ts'
import { type ChatMessage, type ChatPart, ChatRequest } from './wire.ts'

/** Reads the body of `POST /v1/chat/completions`; a `ServiceError` 400 names what is wrong with it. */
export function parseChat(text: string): Asked {
  const body = readBody(text)
  const last = body.messages.at(-1)!
  const parts = last.role === 'user' ? partsOf(last) : []
  const words = parts.filter(isText).map((part) => normalise(part.text))
  const question = words.join('\n')

  return {
    model: body.model,
    streamed: body.stream === true,
    wantsUsage: body.stream_options?.include_usage === true,
    refusesPadding: body.stream_options?.include_obfuscation === false,
    question,
    words,
    scope: scopeOf(body),
    temperature: body.temperature ?? undefined,
    uncacheable: whyUncacheable(body),
    exactOnly: whyExactOnly(body) ?? (question === '' ? 'no-question' : undefined),
    wantsJson: ['json_object', 'json_schema'].includes(body.response_format?.type ?? ''),
    controls: body['cache'] ?? undefined,
    body: forModel(text, body, body.stream === true && body.stream_options?.include_usage !== true),
    bodyToPass: forModel(text, body, false),
  }
}

function readBody(text: string): ChatRequest {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    throw new ServiceError(400, 'invalid_json', 'the request body is not valid JSON')
  }
  const parsed = ChatRequest.safeParse(value)
  // The value as it came, not zod's copy: what is hashed and forwarded must be what was sent.
  if (parsed.success) return value as ChatRequest

  const faults = parsed.error.issues.map(({ path, message }) => ({ field: fieldName(path), message }))
  const message = faults.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ')
  throw new ServiceError(400, 'invalid_request', message, faults[0]?.field ? { param: faults[0].field } : {})
}

/** As OpenAI writes it: `messages[0].role`. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('')
}

/** These cannot change the answer: who asks, how it is delivered, what it is billed and filed under. */
const WITHOUT_EFFECT = new Set([
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'stream',
  'stream_options',
  'metadata',
  'store',
  'service_tier',
  'cache',
])

/** What a field means when it is left out, for fields whose default clients like to spell out. */
const DEFAULTS = new Map<string, (value: unknown) => boolean>([
  ['n', (value) => value === 1],
  ['logprobs', (value) => value === false],
  [
    'response_format',
    (value) => Object.keys(value as object).length === 1 && (value as { type: string }).type === 'text',
  ],
])

function scopeOf(body: ChatRequest): Record<string, unknown> {
  const settings = Object.entries(body).filter(
    ([name, value]) => value !== null && !WITHOUT_EFFECT.has(name) && !DEFAULTS.get(name)?.(value),
  )
  const last = body.messages.length - 1
  const messages = body.messages.map((message, at) => plain(message, at === last && message.role === 'user'))
  return { ...Object.fromEntries(settings), messages }
}

/** A message in its one canonical form; without its text if that is the question. */
function plain(message: ChatMessage, isQuestion: boolean): Record<string, unknown> {
  const content = partsOf(message).map(({ prompt_cache_breakpoint: _, ...part }) =>
    withoutNulls(isQuestion && isText(part) ? { ...part, text: undefined } : part),
  )
  return { ...withoutNulls(message), ...(content.length > 0 && { content }) }
}

function withoutNulls(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

/** `"content": "x"` says the same as one text part. */
function partsOf({ content }: ChatMessage): ChatPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content ?? []
}

function isText(part: ChatPart): part is ChatPart & { text: string } {
  return part.type === 'text' && part.text !== undefined
}

function normalise(text: string): string {
  return text.normalize('NFC').replaceAll('\r\n', '\n').trim()
}

/** The caller's own bytes wherever possible. A stream that is to be kept needs its usage, whoever wants to hear it. */
function forModel(text: string, body: ChatRequest, needsUsage: boolean): string {
  const { cache: controls, ...rest } = body
  if (controls === undefined && !needsUsage) return text
  if (controls === undefined && body.stream_options === undefined) {
    return `${text.slice(0, text.lastIndexOf('}'))},"stream_options":{"include_usage":true}}`
  }
  return written(needsUsage ? { ...rest, stream_options: { ...body.stream_options, include_usage: true } } : rest)
}

function written(body: object): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    throw new ServiceError(400, 'invalid_request', 'the request is nested too deeply', { cause })
  }
}
