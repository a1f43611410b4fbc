import { z } from 'zod'
import { Completion } from '../dialects/chat/completion.ts'
import { Name, Tag } from '../keys/directives.ts'
import type { Entry, Key, Vector } from '../ports.ts'

/** An entry on its way from one Reprise to another: nobody's, until it is taken in. */
export type Portable = Omit<Entry, 'key' | 'epoch'> & { readonly key: Omit<Key, 'id' | 'tenant'> }

/** What a line says that is no entry: how far an export has come, or nothing at all. */
export const NOTHING = Symbol('nothing')

/** The entry as one line of JSON, without its tenant and what it had seen of purges. */
export function portableOf({ key, epoch: _, vector, ...rest }: Entry): string {
  const { namespace, scope, digest } = key
  return JSON.stringify({ reprise: 1, namespace, scope, digest, ...rest, vector: vector && base64Of(vector) })
}

/** To ask for what follows: the export goes on after this place, from here or another time. */
export function placeMark(after: string): string {
  return JSON.stringify({ reprise: 1, after })
}

/** Ends an export; one without it is not whole. */
export const endMark = JSON.stringify({ reprise: 1, end: true })

/** What a line of an export says; `undefined` if it is none that we could have written. */
export function readLine(line: string): Portable | typeof NOTHING | undefined {
  if (!line.trim()) return NOTHING
  try {
    return Line.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

const Hex = z.string().regex(/^[0-9a-f]{32}$/)
const Time = z.number().min(0)

const PortableEntry = z
  .object({
    reprise: z.literal(1),
    namespace: Name,
    scope: Hex,
    digest: Hex,
    question: z.string(),
    completion: z.string().refine(isCompletion),
    model: z.string(),
    usage: z.object({ promptTokens: z.number(), completionTokens: z.number() }).optional(),
    tags: z.array(Tag).max(16),
    createdAt: Time,
    expiresAt: Time,
    keepUntil: Time,
    tookMs: Time,
    parts: z.record(z.string(), z.string().regex(/^[0-9a-f]{8}$/)).optional(),
    says: Hex.optional(),
    space: z.string().optional(),
    vector: z.base64().transform(vectorOf).optional(),
  })
  .refine(({ createdAt, expiresAt, keepUntil }) => createdAt <= expiresAt && expiresAt <= keepUntil)
  .transform(({ reprise: _, namespace, scope, digest, usage, parts, says, space, vector, ...rest }): Portable => ({
    key: { namespace, scope, digest },
    ...rest,
    usage,
    parts,
    says,
    space,
    vector,
  }))

const Mark = z
  .union([
    z.strictObject({ reprise: z.literal(1), after: z.string() }),
    z.strictObject({ reprise: z.literal(1), end: z.literal(true) }),
  ])
  .transform((): typeof NOTHING => NOTHING)

const Line = z.union([Mark, PortableEntry])

/** It will be served as it is, so it must be an answer that can be. */
function isCompletion(text: string): boolean {
  try {
    return Completion.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

// Little-endian whatever the machine, because lines go from machine to machine.
function base64Of(vector: Vector): string {
  const bytes = Buffer.alloc(vector.byteLength)
  for (let at = 0; at < vector.length; at++) bytes.writeFloatLE(vector[at]!, at * 4)
  return bytes.toString('base64')
}

/** `undefined` if it is no direction: then the question can still be embedded anew. */
function vectorOf(base64: string): Vector | undefined {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length % 4 !== 0) return undefined
  const vector = Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4))
  return Math.abs(Math.hypot(...vector) - 1) < 0.01 ? vector : undefined
}
