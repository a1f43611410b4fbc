import { hash } from 'node:crypto'

/** What a hit must be told apart by, for whoever wants to say later how it turned out. */
export interface HitNote {
  /** The id of the entry that was served. */
  readonly entry: string
  /** The beginning of the digest of the question that it was served for; see `shortened`. */
  readonly question: string
  /** In logits, to a sixteenth; absent if none was needed. */
  readonly score: number | undefined
  /** When the answer was kept, in part: enough to tell it from the one that replaces it. */
  readonly made: number
}

/** So much of a question's digest is remembered: 64 bits, too many for two questions of one entry to share. */
export const shortened = (digest: string): string => digest.slice(0, 16)

/** So much of a time: milliseconds, anew every four and a half hours. */
export const madeOf = (createdAt: number): number => Math.floor(createdAt) % 2 ** 24

const LENGTH = 33
const CHECKED = LENGTH - 4
const SCALE = 16
const NO_SCORE = -0x8000

/**
 * A fresh request id that says all this by itself, so that nothing needs to be kept for it. It holds no words, and
 * its check tells a garbled id, or another tenant's, from one of our own; it is no signature.
 */
export function hitId(tenant: string, { entry, question, score, made }: HitNote): string {
  const bytes = Buffer.alloc(LENGTH)
  bytes.write(entry.slice(ENTRY.length), 0, 12, 'hex')
  bytes.write(question, 12, 8, 'hex')
  bytes.writeInt16BE(quantised(score), 20)
  bytes.writeUIntBE(made, 22, 3)
  crypto.getRandomValues(bytes.subarray(25, CHECKED))
  checkOf(tenant, bytes).copy(bytes, CHECKED)
  return REQUEST + written(bytes)
}

/** What the id of a tenant's hit says; `undefined` if it is none. */
export function readHitId(tenant: string, id: string): HitNote | undefined {
  if (!id.startsWith(REQUEST)) return undefined
  const bytes = Buffer.from(id.slice(REQUEST.length).replaceAll('.', '-'), 'base64url')
  // There are several ways to write the same bytes down, and we only ever use one of them.
  if (bytes.length !== LENGTH || REQUEST + written(bytes) !== id) return undefined
  if (!checkOf(tenant, bytes).equals(bytes.subarray(CHECKED))) return undefined
  const score = bytes.readInt16BE(20)
  return {
    entry: ENTRY + bytes.toString('hex', 0, 12),
    question: bytes.toString('hex', 12, 20),
    score: score === NO_SCORE ? undefined : score / SCALE,
    made: bytes.readUIntBE(22, 3),
  }
}

/** Without hyphens, so that no part of it looks like a key (`sk-…`) to whoever searches logs for those. */
const written = (bytes: Buffer): string => bytes.toString('base64url').replaceAll('-', '.')

const REQUEST = 'req_'
const ENTRY = 'ent_'

function quantised(score: number | undefined): number {
  if (score === undefined || Number.isNaN(score)) return NO_SCORE
  return Math.max(NO_SCORE + 1, Math.min(-NO_SCORE - 1, Math.round(score * SCALE)))
}

function checkOf(tenant: string, bytes: Buffer): Buffer {
  return hash('sha256', Buffer.concat([bytes.subarray(0, CHECKED), Buffer.from(tenant)]), 'buffer').subarray(0, 4)
}
