import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { type Failure, type Reply, encodeReply, isFailure } from './resp.ts'

/** In which of its forms a reply is wanted. */
export type Format = 'utf8' | 'base64' | 'resp2'

export function formatOf(headers: IncomingHttpHeaders): Format | Failure {
  const encoding = headers['upstash-encoding']
  const format = headers['upstash-response-format'] ?? 'json'
  if (format === 'json') return encoding === 'base64' ? 'base64' : 'utf8'
  if (format !== 'resp2') return { error: `ERR unknown response format: ${String(format)}` }
  return encoding === 'base64' ? { error: 'ERR the formats base64 and resp2 exclude each other' } : 'resp2'
}

/** The reply to one command: an error of the command's is a 400. */
export function sendReply(response: ServerResponse, reply: Reply, format: Format): void {
  const status = isFailure(reply) ? 400 : 200
  if (format === 'resp2') return sendBytes(response, status, encodeReply(reply))
  send(response, status, resultOf(reply, format))
}

/** The replies to several commands: the errors are among them, and the request as a whole has succeeded. */
export function sendReplies(response: ServerResponse, replies: readonly Reply[], format: Format): void {
  if (format === 'resp2') return sendBytes(response, 200, Buffer.concat(replies.map(encodeReply)))
  const results = replies.map((reply) => resultOf(reply, format))
  send(response, 200, results)
}

export function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function sendBytes(response: ServerResponse, status: number, bytes: Buffer): void {
  response.writeHead(status, { 'content-type': 'application/octet-stream' }).end(bytes)
}

/** Errors are never base64, and neither is `OK`. */
function resultOf(reply: Reply, encoding: 'utf8' | 'base64'): object {
  if (isFailure(reply)) return { error: reply.error }
  return { result: isOk(reply) ? 'OK' : valueOf(reply, encoding) }
}

/** Only the status: a kept string that happens to read OK is a string like any other. */
const isOk = (reply: Reply) => typeof reply === 'object' && reply !== null && 'status' in reply && reply.status === 'OK'

function valueOf(reply: Reply, encoding: 'utf8' | 'base64'): unknown {
  if (reply === null) return null
  if (Buffer.isBuffer(reply)) return reply.toString(encoding)
  // JSON's readers would round what is beyond their integers.
  if (typeof reply === 'bigint')
    return Number.isSafeInteger(Number(reply)) ? Number(reply) : Buffer.from(String(reply)).toString(encoding)
  // Within a list the client decodes every string, an `OK` too.
  if ('status' in reply) return Buffer.from(reply.status).toString(encoding)
  if ('error' in reply) return Buffer.from(reply.error).toString(encoding)
  return reply.map((item) => valueOf(item, encoding))
}
