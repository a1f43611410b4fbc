import type { ChatMessage, ChatRequest } from './wire.ts'

type Rule = readonly [why: string, applies: (request: ChatRequest) => boolean]

/** Why this request may be neither looked up nor kept; `undefined` if nothing forbids it. */
export function whyUncacheable(request: ChatRequest): string | undefined {
  return NEVER.find(([, applies]) => applies(request))?.[0]
}

/** Why only an answer to the very same words may be served; `undefined` if one that means the same will do. */
export function whyExactOnly(request: ChatRequest): string | undefined {
  return NOT_BY_MEANING.find(([, applies]) => applies(request))?.[0]
}

/** The answer lives at the upstream, depends on the world outside the request, or does something besides answering. */
const NEVER: readonly Rule[] = [
  ['store', ({ store }) => store === true],
  ['web-search', (request) => isSet(request['web_search_options']) || request.model.includes('-search-')],
  ['audio', (request) => isSet(request['audio']) || !!request.modalities?.includes('audio')],
  ['audio', ({ messages }) => messages.some((message) => isSet(message['audio']))],
  ['hosted-tools', ({ tools }) => !!tools?.some(({ type }) => type !== 'function' && type !== 'custom')],
  ['remote-content', ({ messages }) => messages.some(holdsRemoteContent)],
  ['prewarm', (request) => refersToPrewarming(request['prompt_cache_options'])],
]

/** A different question may share neither what these requests ask for nor the material they bring. */
const NOT_BY_MEANING: readonly Rule[] = [
  ['tools', (request) => !!request.tools?.length || isSet(request['functions'])],
  ['not-last-word', ({ messages }) => messages.at(-1)?.role !== 'user'],
  ['multimodal', ({ messages }) => !messages.every(isTextOnly)],
  ['choices', ({ n }) => (n ?? 1) > 1],
  ['logprobs', (request) => request['logprobs'] === true || isSet(request['top_logprobs'])],
  ['seed', (request) => isSet(request['seed'])],
  ['prediction', (request) => isSet(request['prediction'])],
]

const isSet = (value: unknown) => value !== undefined && value !== null

function isTextOnly({ content }: ChatMessage): boolean {
  return !Array.isArray(content) || content.every(({ type }) => type === 'text' || type === 'refusal')
}

/** What stands behind a URL or a file id can change while the request does not. Data URLs carry their content. */
function holdsRemoteContent({ content }: ChatMessage): boolean {
  return (
    Array.isArray(content) &&
    content.some((part) => part.type !== 'text' && [part, ...Object.values(part)].some(isRemote))
  )
}

function isRemote(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => {
    if (name === 'file_id') return isSet(member)
    return name.endsWith('url') && typeof member === 'string' && !member.startsWith('data:')
  })
}

function refersToPrewarming(options: unknown): boolean {
  const { prewarm, comparison_response_id } = (options ?? {}) as Record<string, unknown>
  return isSet(prewarm) || isSet(comparison_response_id)
}
