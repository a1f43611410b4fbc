import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { contradictions } from './contradictions.ts'
import { PriceList } from './insight/pricing.ts'
import { misspelt } from './spelling.ts'
import { PolicyFile } from './tenancy/policies.ts'
import { type Roster, rosterSchema } from './tenancy/roster.ts'
import { SecretList } from './tenancy/secrets.ts'

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
  REPRISE_AUTH: z.enum(['none', 'keys', 'passthrough']).default('none'),
  REPRISE_ADMIN_KEY: z.string().min(20, 'must be at least 20 characters').optional(),
  REPRISE_SECRET: SecretList.optional(),
  REPRISE_TENANTS_FILE: z.string().optional(),
  REPRISE_ENGINE: z.enum(['embedded', 'upstash']).optional(),
  REPRISE_MIRROR: z.enum(['embedded', 'upstash']).optional(),
  REPRISE_MODEL: z.enum(['openai', 'mock']).optional(),
  REPRISE_MOCK_DIR: z.string().default(shipped('mock')),
  REPRISE_MODEL_TIMEOUT_MS: WholeNumber.min(1)
    .max(2 ** 31 - 1)
    .default(600_000),
  REPRISE_FORWARD_HEADERS: z.string().default(''),
  REPRISE_EMBEDDER: z.enum(['lexical', 'static', 'local', 'openai', 'upstash']).default('static'),
  REPRISE_EMBEDDING_MODEL: z.string().optional(),
  REPRISE_EMBEDDING_BASE_URL: HttpUrl.optional(),
  REPRISE_EMBEDDING_API_KEY: z.string().optional(),
  REPRISE_EMBEDDING_DIMENSIONS: WholeNumber.min(1).max(8192).optional(),
  REPRISE_EMBEDDING_POOLING: z.enum(['mean', 'cls']).optional(),
  REPRISE_EMBEDDING_WINDOW: WholeNumber.min(1).optional(),
  REPRISE_AUDIT_JUDGE_MODEL: z.string().max(200).optional(),
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
export type Variables = z.infer<typeof Environment>

/** Where a service is, and what lets us in. */
export interface Access {
  readonly url: string
  readonly token: string
}

export interface Config extends Variables {
  readonly policies: PolicyFile
  readonly prices: PriceList
  readonly upstream:
    | { readonly kind: 'openai'; readonly baseURL: string; readonly apiKey: string | undefined }
    | { readonly kind: 'mock' }
  /** Where answers are served from. */
  readonly engine: 'embedded' | 'upstash'
  /** Where they are kept as well, for a service that is moving. */
  readonly mirror: 'embedded' | 'upstash' | undefined
  /** Tenants by file, which may name further variables. */
  readonly tenantsFile: { readonly path: string; readonly schema: z.ZodType<Roster> } | undefined
  readonly upstash: { readonly redis: Access; readonly vector: Access } | undefined
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
  const { REPRISE_TENANTS_FILE: path } = variables
  const tenantsFile = path === undefined ? undefined : { path, schema: rosterSchema(given) }

  return Object.freeze({
    ...variables,
    ...upstreamOf(variables),
    ...engineOf(variables),
    tenantsFile,
    policies,
    prices,
  })
}

function upstreamOf(v: Variables): Pick<Config, 'upstream' | 'modelBecause'> {
  if (v.REPRISE_MODEL === 'mock') return { upstream: { kind: 'mock' }, modelBecause: 'REPRISE_MODEL=mock' }
  const baseURL = v.OPENAI_BASE_URL ?? 'https://api.openai.com/v1'
  // Nobody checks who they are: whatever is asked for them, were it in their absence, must not be at our expense.
  const apiKey = v.REPRISE_AUTH === 'passthrough' ? undefined : v.OPENAI_API_KEY
  const upstream = { kind: 'openai', baseURL, apiKey } as const
  if (apiKey) return { upstream, modelBecause: 'OPENAI_API_KEY is set' }
  if (v.REPRISE_AUTH === 'passthrough') return { upstream, modelBecause: 'callers bring their own keys' }
  if (v.REPRISE_MODEL === 'openai')
    return { upstream, modelBecause: 'REPRISE_MODEL=openai; tenants have their own keys' }
  return { upstream: { kind: 'mock' }, modelBecause: 'OPENAI_API_KEY is not set' }
}

function engineOf(v: Variables): Pick<Config, 'engine' | 'mirror' | 'upstash'> {
  const redis =
    access(v.UPSTASH_REDIS_REST_URL, v.UPSTASH_REDIS_REST_TOKEN) ?? access(v.KV_REST_API_URL, v.KV_REST_API_TOKEN)
  const vector = access(v.UPSTASH_VECTOR_REST_URL, v.UPSTASH_VECTOR_REST_TOKEN)
  const upstash = redis && vector ? { redis, vector } : undefined
  return { engine: v.REPRISE_ENGINE ?? (upstash ? 'upstash' : 'embedded'), mirror: v.REPRISE_MIRROR, upstash }
}

function access(url: string | undefined, token: string | undefined): Access | undefined {
  return url && token ? { url, token } : undefined
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
