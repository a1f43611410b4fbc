import { z } from 'zod'
import type { Entry, Vector } from '../../ports.ts'

/** The entry as the text that is kept. */
export function recordOf(entry: Entry): string {
  return JSON.stringify({ ...entry, vector: entry.vector && base64Of(entry.vector) })
}

/** The entry of a text as it was read; `undefined` if it is not one that we could have written. */
export function entryOf(text: unknown): Entry | undefined {
  return record.safeParse(text).data
}

/** A reply that is JSON, as what it means. */
export const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
})

// JSON leaves out what is undefined; an entry names it all the same.
const record = json
  .pipe(
    z.object({
      key: z.object({
        id: z.string(),
        tenant: z.string(),
        namespace: z.string(),
        scope: z.string(),
        digest: z.string(),
      }),
      question: z.string(),
      completion: z.string(),
      model: z.string(),
      usage: z.object({ promptTokens: z.number(), completionTokens: z.number() }).optional(),
      tags: z.array(z.string()),
      vector: z
        .base64()
        .transform((text) => Buffer.from(text, 'base64'))
        .refine((bytes) => bytes.length % 4 === 0)
        .transform(vectorOf)
        .optional(),
      space: z.string().optional(),
      tookMs: z.number(),
      createdAt: z.number(),
      expiresAt: z.number(),
      keepUntil: z.number(),
      // Older records have none, from before there were purges.
      epoch: z.number().default(0),
      aliasOf: z.object({ id: z.string(), digest: z.string() }).exactOptional(),
      parts: z.record(z.string(), z.string()).optional(),
      says: z.string().optional(),
    }),
  )
  // A hit is sent as it was kept, so this is the last look that anybody takes at it.
  .refine(({ completion, aliasOf }) => (aliasOf ? completion === '' : json.safeParse(completion).success))
  .transform(({ usage, vector, space, ...rest }): Entry => ({ ...rest, usage, vector, space }))

// Little-endian whatever the machine, because machines share what is kept.
function base64Of(vector: Vector): string {
  const bytes = Buffer.alloc(vector.byteLength)
  for (let at = 0; at < vector.length; at++) bytes.writeFloatLE(vector[at]!, at * 4)
  return bytes.toString('base64')
}

function vectorOf(bytes: Buffer): Vector {
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4))
}
