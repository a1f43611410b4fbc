import { LRUCache } from 'lru-cache'
import type { z } from 'zod'
import { ServiceError } from '../errors.ts'

const MAX_READ = 10_000

/** Reads documents by a schema, and each text of one only once. A `ServiceError` 503 if it is none that is known here. */
export function createReading<T extends object>(schema: z.ZodType<T>): (id: string, text: string) => T {
  const read = new LRUCache<string, { readonly text: string; readonly document: T }>({ max: MAX_READ })
  return (id, text) => {
    const before = read.get(id)
    if (before?.text === text) return before.document
    const document = parse(schema, id, text)
    read.set(id, { text, document })
    return document
  }
}

function parse<T>(schema: z.ZodType<T>, id: string, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ServiceError(503, 'tenants_unavailable', `what is kept as ${id.split('/')[0]} cannot be read`, { cause })
  }
}
