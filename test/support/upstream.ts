import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as it reached the model. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly raw: Buffer
  readonly body: Body
}

interface Body {
  readonly model?: string
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean; readonly include_obfuscation?: boolean }
  readonly input?: string | readonly string[]
  readonly encoding_format?: string
}

export interface Message {
  readonly content?: string
  readonly refusal?: string
  readonly tool_calls?: readonly ToolCall[]
}

export interface ToolCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

/** What the model does with one request for a completion. */
export type Turn =
  | {
      readonly choices: readonly Message[]
      /** In the middle of the answer it waits for this. */
      readonly pause?: Promise<unknown>
      /** In the middle of the answer it hangs up, sends an error event, or stops as if all were said. */
      readonly breaks?: 'hangs up' | 'errs' | 'stops'
    }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly error: object }

export type Answer = (question: string, heard: Heard) => Turn

/** A model that says the same whenever it is asked the same, and something else to any other question. */
export const sameAgain: Answer = (question) => ({ choices: [{ content: sameAgainTo(question) }] })

export function sameAgainTo(question: string): string {
  return Array.from({ length: 20 }, (_, at) => `${at}. About “${question}” – ünïcödé 🚀.`).join('\n')
}

/** A stand-in for OpenAI, over real HTTP and with OpenAI's own framing, until the test is over. */
export async function startUpstream(answer: Answer = sameAgain) {
  const calls: Heard[] = []
  const server = createServer(async (request, response) => {
    const heard = await read(request)
    calls.push(heard)
    response.setHeader('x-request-id', `req_upstream_${calls.length}`)
    response.setHeader('openai-processing-ms', '42')
    response.setHeader('set-cookie', '__cf_bm=upstream')
    await respond(heard, response, answer, calls.length)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { baseURL: `http://127.0.0.1:${port}/v1`, port, calls }
}

async function read(request: IncomingMessage): Promise<Heard> {
  const { method = '', url = '', headers } = request
  const raw = Buffer.concat(await request.toArray())
  const body = headers['content-type'] === 'application/json' ? JSON.parse(raw.toString()) : {}
  return { method, path: url, headers, raw, body }
}

async function respond(heard: Heard, response: ServerResponse, answer: Answer, number: number): Promise<void> {
  const path = new URL(heard.path, 'http://upstream').pathname
  if (path === '/v1/chat/completions') return converse(heard, response, answer, number)
  if (path === '/v1/embeddings') return json(response, 200, embeddings(heard.body))
  if (path === '/v1/models') return json(response, 200, { object: 'list', data: [MODEL] })
  if (path === `/v1/models/${MODEL.id}`) return json(response, 200, MODEL)
  if (path === '/v1/files') return json(response, 200, { id: 'file-1', object: 'file', bytes: heard.raw.length })
  json(response, 404, failure(`Unknown request URL: ${path}`, 'unknown_url'))
}

const MODEL = { id: 'gpt-4o-mini', object: 'model', created: 1_721_172_741, owned_by: 'system' }

async function converse(heard: Heard, response: ServerResponse, answer: Answer, number: number): Promise<void> {
  const { body } = heard
  const turn = answer(String(body.messages?.at(-1)?.content), heard)
  if ('status' in turn) return json(response, turn.status, { error: turn.error }, turn.headers)

  const { choices, pause, breaks } = turn
  const head = { id: `chatcmpl-${number}`, created: 1_770_933_000 + number, model: `${body.model}-2024-07-18` }
  const about = { ...head, service_tier: 'default', system_fingerprint: 'fp_44709d6fcb' }
  if (!body.stream) {
    const text = JSON.stringify({ ...about, object: 'chat.completion', choices: choices.map(whole), usage: USAGE })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    await new Promise((sent) => response.write(text.slice(0, text.length / 2), sent))
    await pause
    return breaks ? void response.destroy() : void response.end(text.slice(text.length / 2))
  }

  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  const { include_usage, include_obfuscation } = body.stream_options ?? {}
  const tell = (choices: readonly object[], usage: object | null = null) => {
    const obfuscation = include_obfuscation === false ? {} : { obfuscation: 'x'.repeat(1 + (number % 9)) }
    const counts = include_usage ? { usage } : {}
    const chunk = { ...about, object: 'chat.completion.chunk', choices, ...counts, ...obfuscation }
    return new Promise((sent) => response.write(`data: ${JSON.stringify(chunk)}\n\n`, sent))
  }
  const events = interleaved(choices.map(deltas))
  for (const [at, event] of events.entries()) {
    if (at === Math.ceil(events.length / 2)) {
      await pause
      if (breaks === 'hangs up') return void response.destroy()
      if (breaks === 'stops') return void response.end()
      if (breaks === 'errs')
        return void response.end(`data: ${JSON.stringify(failure('Overloaded', 'overloaded'))}\n\n`)
    }
    await tell([event])
  }
  if (include_usage) await tell([], USAGE)
  response.end('data: [DONE]\n\n')
}

export const USAGE = {
  prompt_tokens: 16,
  completion_tokens: 300,
  total_tokens: 316,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
}

const finishOf = ({ tool_calls }: Message) => (tool_calls ? 'tool_calls' : 'stop')

function whole(message: Message, index: number): object {
  const { content = null, refusal = null, tool_calls } = message
  const said = { role: 'assistant', content, refusal, ...(tool_calls ? { tool_calls } : {}), annotations: [] }
  return { index, message: said, logprobs: null, finish_reason: finishOf(message) }
}

/** A choice in the pieces in which a stream tells it. */
function deltas(message: Message, index: number): object[] {
  const { content, refusal, tool_calls = [] } = message
  const tell = (delta: object, finish_reason: string | null = null) => ({ index, delta, logprobs: null, finish_reason })
  return [
    tell({ role: 'assistant', content: content === undefined ? null : '', refusal: null }),
    ...pieces(content).map((piece) => tell({ content: piece })),
    ...pieces(refusal).map((piece) => tell({ refusal: piece })),
    ...tool_calls.flatMap(({ function: { name, arguments: written }, ...call }, at) => [
      tell({ tool_calls: [{ index: at, ...call, function: { name, arguments: '' } }] }),
      ...pieces(written).map((piece) => tell({ tool_calls: [{ index: at, function: { arguments: piece } }] })),
    ]),
    tell({}, finishOf(message)),
  ]
}

const pieces = (text = '') => text.match(/.{1,5}/gsu) ?? []

/** As a model tells several choices at once: a piece of each in turn. */
function interleaved(choices: object[][]): object[] {
  const longest = Math.max(...choices.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => choices.flatMap((events) => events[at] ?? [])).flat()
}

function embeddings({ model, input = '', encoding_format }: Body): object {
  const data = [input].flat().map((text, index) => {
    const vector = vectorOf(text)
    const embedding = encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  return { object: 'list', data, model, usage: { prompt_tokens: 8, total_tokens: 8 } }
}

/** Where the stand-in sees a text. */
export function vectorOf(text: string): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 8 }, (_, at) => (text.charCodeAt(at % text.length) - 100) / 128)
}

const failure = (message: string, code: string) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
})

function json(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}
