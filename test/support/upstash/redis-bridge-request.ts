import type { IncomingMessage } from 'node:http'
import type { Command, Failure } from './resp.ts'

/** What a request asks of the database. */
export type Asked =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'pipeline'; readonly commands: readonly Command[] }
  | { readonly kind: 'transaction'; readonly commands: readonly Command[] }
  | { readonly kind: 'stream'; readonly command: Command }

/** The body to its end, but no more of it than Upstash takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer | Failure> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LIMIT) chunks.push(chunk)
  }
  if (size <= LIMIT) return Buffer.concat(chunks)
  return { error: `ERR max request size exceeded. Limit: ${LIMIT} bytes, Actual: ${size} bytes` }
}

const LIMIT = 10 * 1024 * 1024

/** What is asked, in whichever of its forms: as JSON in the body, or as a path, a body and a query. */
export function understand({ pathname, searchParams }: URL, body: Buffer): Asked | Failure {
  const path = pathname.replace(/^\/|\/$/g, '')
  if (path === '') return asCommand(parsed(body))
  if (path === 'pipeline') return asBatch('pipeline', parsed(body))
  if (path === 'multi-exec') return asBatch('transaction', parsed(body))

  const parts = path.split('/').map((part) => Buffer.from(decodeURIComponent(part)))
  if (/^(?:subscribe|psubscribe|monitor)$/i.test(String(parts[0]))) return { kind: 'stream', command: parts }
  // `POST /set/key?EX=60`: the body comes before the options, which are names with or without a value.
  const options = [...searchParams].filter(([name]) => name !== '_token').flatMap((pair) => pair.filter(Boolean))
  const value = body.length > 0 ? [body] : []
  return { kind: 'command', command: [...parts, ...value, ...options.map((option) => Buffer.from(option))] }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

function asCommand(body: unknown): Asked | Failure {
  if (!isCommand(body)) return { error: 'ERR failed to parse the command: expected a JSON array that is not empty' }
  return { kind: 'command', command: body.map(bytesOf) }
}

function asBatch(kind: 'pipeline' | 'transaction', body: unknown): Asked | Failure {
  if (!Array.isArray(body) || body.length === 0 || !body.every(isCommand))
    return { error: `ERR failed to parse the ${kind}: expected a JSON array of commands` }
  return { kind, commands: body.map((command) => command.map(bytesOf)) }
}

const isCommand = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0

/** Strings go as they are; all else as its JSON, which for numbers and booleans is their usual text. */
const bytesOf = (part: unknown): Buffer => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))
