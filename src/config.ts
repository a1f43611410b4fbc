import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PriceList } from './insight/pricing.ts'
import { misspelt } from './spelling.ts'
import { PolicyFile } from './tenancy/policies.ts'

const WholeNumber = z.coerce.number('must be a number').int('must be a whole number')
const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .regex(/^[^@?#]*$/, 'must have neither credentials nor a query')
const MiB = 2 ** 20
const shipped = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url))

/** Every variable that is read, and what holds when it is not set. `.env.example` says what each is for. */
export const Environment = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: WholeNumber.min(0).max(65_535).default(8787),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: HttpUrl.optional(),
  UPSTASH_REDIS_REST_URL: HttpUrl.optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  UPSTASH_VECTOR_REST_URL: HttpUrl.optional(),
  UPSTASH_VECTOR_REST_TOKEN: z.string().optional(),
  KV_REST_API_URL: HttpUrl.optional(),
  KV_REST_API_TOKEN: z.string().optional(),
  REPRISE_AUTH: z.enum(['none']).default('none'),
  REPRISE_MODEL: z.enum(['openai', 'mock']).optional(),
  REPRISE_MOCK_DIR: z.string().default(shipped('mock')),
  REPRISE_MODEL_TIMEOUT_MS: WholeNumber.min(1)
    .max(2 ** 31 - 1)
    .default(600_000),
  REPRISE_FORWARD_HEADERS: z.string().default(''),
  REPRISE_EMBEDDER: z.enum(['lexical', 'openai']).default('lexical'),
  REPRISE_EMBEDDING_MODEL: z.string().optional(),
  REPRISE_EMBEDDING_BASE_URL: HttpUrl.optional(),
  REPRISE_EMBEDDING_API_KEY: z.string().optional(),
  REPRISE_EMBEDDING_DIMENSIONS: WholeNumber.min(1).max(8192).optional(),
  REPRISE_EMBEDDING_WINDOW: WholeNumber.min(1).optional(),
  REPRISE_LOOKUP_TIMEOUT_MS: WholeNumber.min(1).max(60_000).default(500),
  REPRISE_JOIN_TIMEOUT_MS: WholeNumber.min(0).max(600_000).default(10_000),
  REPRISE_POLICIES_FILE: z.string().default(shipped('policies.json')),
  REPRISE_PRICES_FILE: z.string().default(shipped('prices.json')),
  REPRISE_DATA_DIR: z.string().default('data'),
  REPRISE_MAX_ENTRIES: WholeNumber.min(1).default(100_000),
  REPRISE_MAX_BYTES: WholeNumber.min(MiB).default(1024 * MiB),
  REPRISE_HOT_BYTES: WholeNumber.min(0).default(64 * MiB),
  REPRISE_MAX_BODY_BYTES: WholeNumber.min(1024).default(16 * MiB),
  REPRISE_MAX_ANSWER_LENGTH: WholeNumber.min(1).default(1_000_000),
  REPRISE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  REPRISE_DRAIN_MS: WholeNumber.min(0).max(60_000).default(9_000),
})
type Variables = z.infer<typeof Environment>

/** Where a service is, and what lets us in. */
export interface Access {
  readonly url: string
  readonly token: string
}

export interface Config extends Variables {
  readonly policies: PolicyFile
  readonly prices: PriceList
  readonly upstream:
    | { readonly kind: 'openai'; readonly baseURL: string; readonly apiKey: string }
    | { readonly kind: 'mock' }
  readonly engine:
    | { readonly kind: 'embedded' }
    | { readonly kind: 'upstash'; readonly redis: Access; readonly vector: Access }
  /** Why the model is the one it is, for the start-up block. */
  readonly modelBecause: string
}

/** All that is wrong with a configuration, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/** Reads the environment once and whole; throws a `ConfigError` that lists every fault. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty value is how a `.env` file spells "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const issues = Environment.safeParse(given).error?.issues ?? []
  const bad = new Set(issues.map(({ path }) => path[0]))
  // What is wrong with one variable must not hide what is wrong with the others.
  const variables = Environment.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !bad.has(name))))
  const sound = Object.fromEntries(Object.entries(variables).filter(([name]) => !bad.has(name)))
  const faults = [
    ...misspelt(given, Object.keys(Environment.shape)),
    ...issues.map((issue) => inWords(issue, given)),
    ...contradictions(sound),
  ]
  const policies = readJson(variables.REPRISE_POLICIES_FILE, PolicyFile, 'REPRISE_POLICIES_FILE', faults)
  const prices = readJson(variables.REPRISE_PRICES_FILE, PriceList, 'REPRISE_PRICES_FILE', faults)
  if (faults.length > 0 || !policies || !prices) throw new ConfigError(faults)

  return Object.freeze({ ...variables, ...upstreamOf(variables), engine: engineOf(variables), policies, prices })
}

function upstreamOf(v: Variables): Pick<Config, 'upstream' | 'modelBecause'> {
  if (v.REPRISE_MODEL === 'mock') return { upstream: { kind: 'mock' }, modelBecause: 'REPRISE_MODEL=mock' }
  if (!v.OPENAI_API_KEY) return { upstream: { kind: 'mock' }, modelBecause: 'OPENAI_API_KEY is not set' }
  const baseURL = v.OPENAI_BASE_URL ?? 'https://api.openai.com/v1'
  return { upstream: { kind: 'openai', baseURL, apiKey: v.OPENAI_API_KEY }, modelBecause: 'OPENAI_API_KEY is set' }
}

function engineOf(v: Variables): Config['engine'] {
  const redis =
    access(v.UPSTASH_REDIS_REST_URL, v.UPSTASH_REDIS_REST_TOKEN) ?? access(v.KV_REST_API_URL, v.KV_REST_API_TOKEN)
  const vector = access(v.UPSTASH_VECTOR_REST_URL, v.UPSTASH_VECTOR_REST_TOKEN)
  return redis && vector ? { kind: 'upstash', redis, vector } : { kind: 'embedded' }
}

function access(url: string | undefined, token: string | undefined): Access | undefined {
  return url && token ? { url, token } : undefined
}

/** Variables that say nothing without each other. */
const PAIRS = [
  ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  ['UPSTASH_VECTOR_REST_URL', 'UPSTASH_VECTOR_REST_TOKEN'],
  ['KV_REST_API_URL', 'KV_REST_API_TOKEN'],
] as const

/** Values that are each fine, but not together. */
function contradictions(v: Partial<Variables>): string[] {
  const faults: string[] = PAIRS.flatMap(([url, token]) => {
    if (!v[url] === !v[token]) return []
    return [v[url] ? `${url} is set but ${token} is not` : `${token} is set but ${url} is not`]
  })
  // A marketplace may have set its names for another reason; ours are set for this one.
  const redis = v.UPSTASH_REDIS_REST_URL ?? (v.UPSTASH_VECTOR_REST_URL && v.KV_REST_API_URL)
  if (!redis !== !v.UPSTASH_VECTOR_REST_URL) {
    const [given, missing] = redis ? ['Redis', 'UPSTASH_VECTOR_REST_URL'] : ['Vector', 'UPSTASH_REDIS_REST_URL']
    faults.push(
      `Upstash ${given} is set but ${missing} is not; the distributed engine needs both, the embedded one neither`,
    )
  }
  const wantsReal = v.REPRISE_MODEL === 'openai' || v.OPENAI_BASE_URL !== undefined
  if (wantsReal && !v.OPENAI_API_KEY && v.REPRISE_MODEL !== 'mock') {
    const asked = v.OPENAI_BASE_URL ? 'OPENAI_BASE_URL' : 'REPRISE_MODEL=openai'
    faults.push(`${asked} is set but OPENAI_API_KEY is not; any value will do for a server that asks for none`)
  }
  if (v.NODE_ENV === 'production' && !v.OPENAI_API_KEY && v.REPRISE_MODEL !== 'mock') {
    faults.push('NODE_ENV=production needs OPENAI_API_KEY, or REPRISE_MODEL=mock to serve made-up answers on purpose')
  }
  if (v.REPRISE_AUTH === 'none' && v.HOST && !['127.0.0.1', 'localhost', '::1'].includes(v.HOST)) {
    faults.push(
      `HOST=${v.HOST} would open the cache to the network, and REPRISE_AUTH=none lets everyone in; only loopback is allowed`,
    )
  }
  if (v.REPRISE_EMBEDDER === 'openai' && !v.REPRISE_EMBEDDING_API_KEY && !v.OPENAI_API_KEY) {
    faults.push('REPRISE_EMBEDDER=openai needs REPRISE_EMBEDDING_API_KEY or OPENAI_API_KEY')
  }
  if (v.REPRISE_EMBEDDER === 'lexical') {
    for (const [name, value] of Object.entries(v)) {
      if (name.startsWith('REPRISE_EMBEDDING_') && value !== undefined) {
        faults.push(
          `${name} is set but REPRISE_EMBEDDER=${v.REPRISE_EMBEDDER} does not read it; did you mean REPRISE_EMBEDDER=openai?`,
        )
      }
    }
  }
  return faults
}

function inWords({ path, message }: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(path[0])
  const value = given[name] ?? ''
  const secret = /KEY|TOKEN|SECRET/.test(name) || value.includes('@')
  return `${name}${secret ? '' : `=${value}`}: ${message}`
}

function readJson<T>(file: string, schema: z.ZodType<T>, name: string, faults: string[]): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (parsed.success) return parsed.data
    faults.push(...parsed.error.issues.map(({ path, message }) => `${name}: ${file}: ${path.join('.')}: ${message}`))
  } catch (error) {
    faults.push(`${name}: ${file} cannot be read: ${(error as Error).message}`)
  }
  return undefined
}
