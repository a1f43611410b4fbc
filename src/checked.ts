import type { z } from 'zod'
import { ServiceError } from './errors.ts'

/** What the schema makes of a value; a `ServiceError` 400 that names the first member at fault. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? [issue.keys[0]!] : []
  const param = [...issue.path.map(String), ...unknown].join('.')
  const message = unknown.length > 0 ? `${param} is not known here` : `${param || 'the body'}: ${issue.message}`
  throw new ServiceError(400, 'invalid_request', message, param ? { param } : {})
}
