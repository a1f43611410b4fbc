import type { Context } from 'hono'
import type { z } from 'zod'
import { checked } from '../checked.ts'
import { ServiceError } from '../errors.ts'
import { readBody } from './body.ts'

/** A request's body as JSON, of the shape that is wanted. */
export async function jsonBody<S extends z.ZodType>(c: Context, schema: S, maxBytes: number): Promise<z.output<S>> {
  const text = await readBody(c.req.raw, maxBytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ServiceError(400, 'invalid_json', 'the request body is not JSON', { cause })
  }
  return checked(schema, value)
}
