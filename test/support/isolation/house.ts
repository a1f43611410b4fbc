import { onTestFinished } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { type Config, readConfig } from '../../../src/config.ts'
import { silent } from '../../../src/insight/log.ts'
import { type Answer, startUpstream } from '../upstream.ts'

export type Auth = Config['REPRISE_AUTH']
export type Headings = Readonly<Record<string, string>>

/** Somebody who may ask, and who they ought to be taken for. */
export interface Caller {
  readonly tenant: string
  readonly headers: Headings
  /** The key that the model ought to be shown. */
  readonly shown: string
  /** Takes nothing out of the cache, so that whatever is missing was taken by somebody else. */
  readonly bystander: boolean
}

export interface Sending {
  readonly headers?: Headings
  /** A text goes as it is, anything else as JSON. */
  readonly body?: unknown
}

export type House = Awaited<ReturnType<typeof openHouse>>

export const ADMIN_KEY = 'the-operator-of-this-house'
/** The label of a question, by which the model's answer tells who had asked for it. */
export const LABEL = /L-\d+-/
const SERVICE_KEY = 'sk-service'

const POLICIES = {
  default: { ttlSeconds: 86_400, jitter: 0, staleSeconds: 86_400, staleIfErrorSeconds: 86_400 },
  // Here every answer is another one, from which an error budget soon learns to serve none by meaning.
  'a.b': { staleWhileRevalidateSeconds: 3_600, threshold: 0.85 },
}

/**
 * A whole service, or several replicas of it, before a model that says who asked, and under a clock that stands still.
 * Everyone who may ask is there: tenants whose names begin alike, keys that differ in one character.
 */
export async function openHouse(auth: Auth, env: Headings = {}, replicas = 1) {
  // Tomorrow's noon: what Redis lets go of it lets go of by its own clock, which must not be ahead of ours; and within a
  // day, so that the day's counts are all there are.
  let now = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000 + 43_200_000
  const upstream = await startUpstream(confessing)
  const config = readConfig({
    REPRISE_AUTH: auth,
    REPRISE_ADMIN_KEY: ADMIN_KEY,
    REPRISE_SECRET: 'a secret of more than 32 characters',
    REPRISE_LOOKUP_TIMEOUT_MS: '10000',
    REPRISE_DATA_DIR: ':memory:',
    OPENAI_BASE_URL: upstream.baseURL,
    OPENAI_API_KEY: SERVICE_KEY,
    ...env,
  })
  const services = await Promise.all(
    Array.from({ length: replicas }, () =>
      compose(
        { ...config, policies: POLICIES },
        silent,
        () => now,
        () => 0,
      ),
    ),
  )
  onTestFinished(async () => {
    await Promise.all(services.map(({ drain }) => drain()))
    await Promise.all(services.map(({ close }) => close()))
  })
  const { routes } = services[0]!
  const patterns = routes.map(({ method, path }) => ({ method, path, pattern: patternOf(path) }))
  const visited = new Set<string>()
  let calls = 0

  /** Each time by another replica. */
  async function call(method: string, path: string, { headers = {}, body }: Sending = {}): Promise<Response> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const request = new Request(`http://reprise.test${path}`, { method, headers, ...(text && { body: text }) })
    const { pathname } = new URL(request.url)
    for (const route of patterns) {
      if (route.method !== 'ALL' && route.method !== method) continue
      if (route.pattern.test(pathname)) visited.add(`${route.method} ${route.path}`)
    }
    return services[calls++ % services.length]!.fetch(request)
  }

  /** Asks as the operator, who is not refused. */
  async function operate(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await call(method, `/v1/admin${path}`, { headers: bearer(ADMIN_KEY), body })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }

  /** Makes a key for a tenant; whoever has it is that tenant. */
  async function admit(tenant: string, bystander = false): Promise<Caller> {
    const { key } = await operate('POST', `/tenants/${tenant}/keys`, { name: 'of a test' })
    return { tenant, headers: bearer(String(key)), shown: `sk-key-of-${tenant}`, bystander }
  }

  const settle = (tenant: string) =>
    operate('PUT', `/tenants/${tenant}`, { name: tenant, upstream: { apiKey: `sk-key-of-${tenant}` } })

  async function everyone(): Promise<Caller[]> {
    if (auth === 'none') {
      const all = { tenant: 'default', shown: SERVICE_KEY, bystander: false }
      return [{}, bearer('sk-anything'), bearer('sk-something')].map((headers) => ({ ...all, headers }))
    }
    if (auth === 'passthrough') {
      return PASSING.map((key) => ({ tenant: key, headers: bearer(key), shown: key, bystander: BYSTANDERS.has(key) }))
    }
    for (const tenant of TENANTS) await settle(tenant)
    return Promise.all([...TENANTS, ...TENANTS].map((tenant) => admit(tenant, BYSTANDERS.has(tenant))))
  }

  return {
    auth,
    upstream,
    replicas,
    clock: () => now,
    callers: await everyone(),
    call,
    operate,
    admit,
    settle,
    /** How many requests there have been, and which routes they took. */
    calls: () => calls,
    visited,
    fetch: services[0]!.fetch,
    routes: new Set(routes.map(({ method, path }) => `${method} ${path}`)),
    pass(seconds: number): void {
      now += seconds * 1000
    },
    /** Resolves when the model has nothing left to say, and all of it has been kept. */
    async idle(): Promise<void> {
      for (const { fetch } of services) {
        for (;;) {
          const told = (await (await fetch(new Request('http://reprise.test/readyz'))).json()) as { in_flight: number }
          if (told.in_flight === 0) break
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      }
    },
  }
}

export const bearer = (key: string): Headings => ({ authorization: `Bearer ${key}` })

const TENANTS = ['acme', 'acme-2', 'acme-22', 'a', 'default']
const PASSING = ['sk-proj-one', 'sk-proj-onf', 'SK-PROJ-ONE', 'sk-proj-one-2', 'sk-proj']
const BYSTANDERS = new Set(['acme-2', 'default', 'sk-proj-onf', 'sk-proj'])

/** A model that gives away who asked, by which key, and what; or that fails, and gives it away then. */
const confessing: Answer = (question, { headers, body }) => {
  const id = String(headers['x-client-request-id'] ?? LABEL.exec(question)?.[0])
  const [, key] = headers.authorization?.split(' ') ?? []
  if (!key) return { status: 401, error: { message: 'no key', code: 'invalid_api_key' } }
  const confession = JSON.stringify({ label: id.split(' ')[0], key, question, model: body.model })
  if (id.endsWith('down')) return { status: 503, error: { message: confession, code: 'overloaded' } }
  if (id.endsWith('bad')) return { status: 400, error: { message: confession, code: 'bad' } }
  return { choices: [{ content: confession }] }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+').replace('*', '.*')}$`)
}
