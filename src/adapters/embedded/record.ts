import { z } from 'zod'
import type { Entry, Vector } from '../../ports.ts'

/** The entry as columns of its row, all but those that only the store knows. */
export function recordOf(entry: Entry) {
  const { id, tenant, namespace, scope, digest } = entry.key
  return {
    id,
    tenant,
    namespace,
    scope,
    digest,
    prompt_tokens: entry.usage?.promptTokens ?? null,
    completion_tokens: entry.usage?.completionTokens ?? null,
    took_ms: entry.tookMs,
    created_at: entry.createdAt,
    expires_at: entry.expiresAt,
    keep_until: entry.keepUntil,
    epoch: entry.epoch,
    model: entry.model,
    tags: JSON.stringify(entry.tags),
    space: entry.space ?? null,
    parts: entry.parts ? JSON.stringify(entry.parts) : null,
    says: entry.says ?? null,
    question: entry.question,
    vector: entry.vector ? bytesOf(entry.vector) : null,
    completion: entry.completion,
    alias_of: entry.aliasOf ? JSON.stringify(entry.aliasOf) : null,
  }
}

/** The entry of a row as it was read; `undefined` if the row is not one we could have written. */
export function entryOf(row: unknown): Entry | undefined {
  return storedRow.safeParse(row).data
}

/** What an entry takes up, near enough to bound memory and disk by: its own bytes and a flat rate for the rest. */
export function sizeOf(entry: Entry): number {
  const texts = [entry.question, entry.completion, ...entry.tags]
  const vectorBytes = entry.vector?.byteLength ?? 0
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), vectorBytes + overheadBytes)
}

/** Keys, numbers, and their places in seven B-trees. */
const overheadBytes = 512

const tags = z.array(z.string())
const root = z.strictObject({ id: z.string(), digest: z.string() })

const storedRow = z
  .object({
    id: z.string(),
    tenant: z.string(),
    namespace: z.string(),
    scope: z.string(),
    digest: z.string(),
    prompt_tokens: z.number().nullable(),
    completion_tokens: z.number().nullable(),
    took_ms: z.number(),
    created_at: z.number(),
    expires_at: z.number(),
    keep_until: z.number(),
    epoch: z.number(),
    model: z.string(),
    tags: z.string().transform(jsonOf).pipe(tags),
    space: z.string().nullable(),
    parts: z.string().transform(jsonOf).pipe(z.record(z.string(), z.string())).nullable(),
    says: z.string().nullable(),
    question: z.string(),
    vector: z
      .instanceof(Uint8Array)
      .refine((bytes) => bytes.byteLength % 4 === 0)
      .transform(vectorOf)
      .nullable(),
    completion: z.string(),
    alias_of: z.string().transform(jsonOf).pipe(root).nullable(),
  })
  // A hit is sent as it was kept, so this is the last look that anybody takes at it.
  .refine(({ completion, alias_of }) => (alias_of ? completion === '' : isJson(completion)))
  .transform((row): Entry => ({
    key: { id: row.id, tenant: row.tenant, namespace: row.namespace, scope: row.scope, digest: row.digest },
    question: row.question,
    completion: row.completion,
    model: row.model,
    usage:
      row.prompt_tokens === null || row.completion_tokens === null
        ? undefined
        : { promptTokens: row.prompt_tokens, completionTokens: row.completion_tokens },
    tags: row.tags,
    vector: row.vector ?? undefined,
    space: row.space ?? undefined,
    tookMs: row.took_ms,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    keepUntil: row.keep_until,
    epoch: row.epoch,
    ...(row.alias_of && { aliasOf: row.alias_of }),
    parts: row.parts ?? undefined,
    says: row.says ?? undefined,
  }))

function jsonOf(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// Little-endian whatever the machine, so that a file can move between machines.
function bytesOf(vector: Vector): Uint8Array {
  const view = new DataView(new ArrayBuffer(vector.byteLength))
  for (let at = 0; at < vector.length; at++) view.setFloat32(at * 4, vector[at]!, true)
  return new Uint8Array(view.buffer)
}

function vectorOf(bytes: Uint8Array): Vector {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const vector = new Float32Array(bytes.byteLength / 4)
  for (let at = 0; at < vector.length; at++) vector[at] = view.getFloat32(at * 4, true)
  return vector
}
