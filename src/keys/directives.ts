import { z } from 'zod'
import { ServiceError } from '../errors.ts'

/** What one request asks of the cache. Absent members leave it to the policy. */
export interface Directives {
  readonly namespace: string
  /** `no-store`: neither look up nor keep. */
  readonly noStore: boolean
  /** `no-cache`: do not look up; ask the model and keep its answer. */
  readonly noCache: boolean
  /** `only-if-cached`: never ask the model. */
  readonly onlyIfCached: boolean
  readonly maxAgeMs?: number
  /** How long past its expiry an entry is still welcome; `Infinity` for a bare `max-stale`. */
  readonly maxStaleMs?: number
  readonly ttlMs?: number
  /** Cosine, 0 to 1: replaces the policy's rule for this request. */
  readonly threshold?: number
  readonly match?: 'exact' | 'semantic'
  readonly tags: readonly string[]
  readonly session?: string
  /** Whose answer it is to be, and nobody else's. */
  readonly user?: string
}

const NAME = /^[A-Za-z0-9._-]{1,64}$/
export const Name = z.string().regex(NAME, 'must be 1 to 64 letters, digits, dots, underscores or hyphens')
// Whatever names somebody elsewhere: an e-mail address, a number, a UUID. It is only ever hashed.
const User = z.string().min(1, 'must not be empty').max(256, 'must be at most 256 characters')
const Seconds = z
  .number('must be a number of seconds')
  .min(0, 'must not be negative')
  .max(10 * 365 * 86_400, 'must be at most ten years')
export const Tag = z
  .string()
  .regex(/^[\x21-\x2B\x2D-\x7E]{1,128}$/, 'must be 1 to 128 visible ASCII characters without commas')

/** The body member `cache`, equal to the headers; `mode` speaks the language of `Cache-Control`. */
const Controls = z.strictObject({
  mode: z.string().exactOptional(),
  namespace: Name.exactOptional(),
  ttl: Seconds.exactOptional(),
  threshold: z
    .number('must be a cosine from 0 to 1')
    .min(0, 'must be a cosine from 0 to 1')
    .max(1, 'must be a cosine from 0 to 1')
    .exactOptional(),
  match: z.enum(['exact', 'semantic'], "must be 'exact' or 'semantic'").exactOptional(),
  tags: z.array(Tag).max(16, 'must be at most 16 tags').exactOptional(),
  session: Name.exactOptional(),
  user: User.exactOptional(),
})
type Controls = z.infer<typeof Controls>

/** The header that says the same as each member of `cache`; where both are given the header wins. */
const HEADERS = {
  mode: 'Cache-Control',
  namespace: 'Reprise-Namespace',
  ttl: 'Reprise-TTL',
  threshold: 'Reprise-Threshold',
  match: 'Reprise-Match',
  tags: 'Reprise-Tags',
  session: 'Reprise-Session',
  user: 'Reprise-User',
} as const satisfies Record<keyof Controls, string>

/** Reads what a request asks of the cache, from its headers and from its body's `cache` member. */
export function readDirectives(headers: Headers, controls: unknown): Directives {
  refuseMisspelt(headers)
  const inBody = controls === undefined ? {} : check(controls, (path) => ['cache', ...path].join('.'))
  const inHeaders = check(fromHeaders(headers), ([member]) => HEADERS[member as keyof Controls])

  const { ttl, namespace = 'default', tags = [], mode: _, ...rest } = { ...inBody, ...inHeaders }
  // `Cache-Control` is one header with many directives; a body's mode stands only if there is no header at all.
  const control =
    inHeaders.mode === undefined
      ? cacheControl(inBody.mode ?? '', 'cache.mode')
      : cacheControl(inHeaders.mode, 'Cache-Control')
  return { ...rest, ...control, namespace, tags, ...(ttl !== undefined && { ttlMs: ttl * 1000 }) }
}

const KNOWN = new Set(Object.values(HEADERS).map((name) => name.toLowerCase()))

/** A misspelt control would silently do nothing: worse than an error for whoever relies on it. */
function refuseMisspelt(headers: Headers): void {
  for (const name of headers.keys()) {
    if (name.startsWith('reprise-') && !KNOWN.has(name)) throw invalid(name, 'is not a control of the cache')
  }
}

function fromHeaders(headers: Headers): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const [member, name] of Object.entries(HEADERS)) {
    const text = headers.get(name)?.trim()
    if (text === undefined || (text === '' && member === 'mode')) continue
    given[member] = member === 'ttl' || member === 'threshold' ? number(text) : member === 'tags' ? list(text) : text
  }
  return given
}

const number = (text: string) => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text)
const list = (text: string) =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)

function check(value: unknown, nameOf: (path: string[]) => string): Controls {
  const parsed = Controls.safeParse(value)
  if (parsed.success) return parsed.data

  const issue = parsed.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? [issue.keys[0]!] : []
  const param = nameOf([...issue.path.map(String), ...unknown])
  throw invalid(param, unknown.length > 0 ? 'is not a control of the cache' : issue.message)
}

/** A name and its value, bare or quoted; what looks like a directive inside of quotes is none. */
const DIRECTIVE = /([^\s,="]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g

/** RFC 9111, 5.2.1. Directives we do not know are ignored, as it demands. */
function cacheControl(text: string, param: string) {
  const given = new Map<string, string | undefined>()
  for (const [, name, quoted, bare] of text.matchAll(DIRECTIVE)) given.set(name!.toLowerCase(), quoted ?? bare)

  const seconds = (name: string): number => {
    const value = given.get(name)
    if (value === undefined || !/^\d+$/.test(value)) throw invalid(param, `${name} must be a whole number of seconds`)
    return Number(value) * 1000
  }
  return {
    noStore: given.has('no-store'),
    noCache: given.has('no-cache'),
    onlyIfCached: given.has('only-if-cached'),
    ...(given.has('max-age') && { maxAgeMs: seconds('max-age') }),
    ...(given.has('max-stale') && {
      maxStaleMs: given.get('max-stale') === undefined ? Infinity : seconds('max-stale'),
    }),
  }
}

function invalid(param: string, message: string): ServiceError {
  return new ServiceError(400, 'invalid_directive', `${param} ${message}`, { param })
}
