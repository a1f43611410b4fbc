import { chatRequest } from './chat-request.ts'
import { chunksOf } from './completion-chunks.ts'
import { completionOf } from './completion.ts'
import { effectOn } from './effect.ts'
import { embeddings } from './embeddings.ts'
import type { MockRule } from './mock-rules.ts'
import { errorReply, eventsReply, invalidRequest, jsonReply } from './reply.ts'
import type { Reply } from './reply.ts'

/** A request as it was seen. */
export interface MockCall {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Parsed if it is JSON, its text if it is not. */
  readonly body: unknown
}

/** What the mock has to say to a request; `id` and `created` are for a completion, should it be one. */
export function route(call: MockCall, rules: readonly MockRule[], id: string, created: number): Reply {
  const [path = ''] = call.path.split('?')
  switch (`${call.method} ${path}`) {
    case 'POST /chat/completions':
      return chat(call.body, rules, id, created)
    case 'POST /embeddings':
      return embeddings(call.body)
    case 'GET /models':
      return jsonReply({ object: 'list', data: models.map(describe) })
  }
  if (call.method === 'GET' && path.startsWith('/models/')) return model(path.slice('/models/'.length))
  return errorReply({ status: 404, message: `Invalid URL (${call.method} /v1${path})` })
}

function chat(body: unknown, rules: readonly MockRule[], id: string, created: number): Reply {
  const parsed = chatRequest.safeParse(body)
  if (!parsed.success) return invalidRequest(parsed.error)

  const request = parsed.data
  const effect = effectOn(request, rules)
  const completion = completionOf(request, effect, id, created)
  const includeUsage = request.stream_options?.include_usage ?? false
  const reply = request.stream ? eventsReply(chunksOf(completion, includeUsage)) : jsonReply(completion)
  return { ...reply, faults: effect }
}

const models = ['gpt-4.1', 'gpt-4o', 'gpt-4o-mini', 'mock']

function describe(id: string) {
  return { id, object: 'model', created: 0, owned_by: 'mock' }
}

function model(id: string): Reply {
  if (models.includes(id)) return jsonReply(describe(id))
  const message = `The model '${id}' does not exist`
  return errorReply({ status: 404, message, param: 'model', code: 'model_not_found' })
}
