import type { Context } from 'hono'
import type { z } from 'zod'
import { ServiceError } from '../errors.ts'
import { readBody } from './body.ts'

/** What the schema makes of a value; a `ServiceError` 400 that names the first member at fault. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? [issue.keys[0]!] : []
  const param = [...issue.path.map(String), ...unknown].join('.')
  const message = unknown.length > 0 ? `${param} is not known here` : `${param || 'the body'}: ${issue.message}`
  throw new ServiceError(400, 'invalid_request', message, param ? { param } : {})
}

/** A request's body as JSON, of the shape that is wanted. */
export async function jsonBody<S extends z.ZodType>(c: Context, schema: S, maxBytes: number): Promise<z.output<S>> {
  const text = await readBody(c.req.raw, maxBytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ServiceError(400, 'invalid_json', 'the request body is not JSON', { cause })
  }
  return parsed(schema, value)
}
