import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Composed, compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { silent } from '../src/insight/log.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  required?: string[]
  items?: Schema
}
const text = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')
const spec = parse(text)
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']
const OPERATOR = 'the-operator-of-the-service'
const QUESTION = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Where is my order?' }] }

const config = {
  REPRISE_DATA_DIR: ':memory:',
  REPRISE_MODEL: 'mock',
  REPRISE_AUTH: 'keys',
  REPRISE_ADMIN_KEY: OPERATOR,
}
let service: Composed
let bearer = { tenant: '', operator: config.REPRISE_ADMIN_KEY }
beforeAll(async () => {
  service = await compose(readConfig(config), silent)
  await ask('PUT', '/v1/admin/tenants/acme', { name: 'Acme', policy: { ttlSeconds: 60 } }, 'operator')
  const made = await ask('POST', '/v1/admin/tenants/acme/keys', { name: 'backend' }, 'operator')
  const { key } = (await made.json()) as { key: string }
  bearer = { ...bearer, tenant: key }
})
afterAll(() => service.close())

it('describes every route of the code, and no other', () => {
  const described = Object.entries(spec.paths).flatMap(([path, item]) => {
    const named = Object.keys(item as object).filter((key) => METHODS.includes(key))
    return (item as Record<string, unknown>)['x-any-method']
      ? [`ALL ${path}`]
      : named.map((method) => `${method.toUpperCase()} ${path}`)
  })
  const routes = service.routes
    // These two let in and note down; they answer nothing.
    .filter(({ path }) => path !== '/*' && path !== '/v1/admin/*')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)

  expect(described.sort()).toEqual([...new Set(routes)].sort())
})

it('says of each route whether it wants a key', async () => {
  for (const [path, item] of Object.entries<Record<string, { security?: object[] }>>(spec.paths)) {
    for (const method of METHODS.filter((method) => item[method])) {
      const { status } = await service.fetch(
        new Request(`http://localhost${path.replaceAll(/[{}]/g, '')}`, { method: method.toUpperCase() }),
      )
      const security = item[method]!.security ?? spec.security
      expect({ path, method, open: status !== 401 }).toEqual({ path, method, open: security.length === 0 })
    }
  }
})

it('tells tenants’ routes from the operator’s', () => {
  for (const [path, item] of Object.entries<Record<string, { security?: object[] }>>(spec.paths)) {
    const schemes = METHODS.flatMap((method) => item[method]?.security ?? []).flatMap(Object.keys)
    expect({ path, operator: schemes.includes('adminKey') }).toEqual({ path, operator: path.startsWith('/v1/admin/') })
  }
})

it('names every code of an error that a caller can meet', () => {
  const thrown = globSync('src/**/*.ts', { cwd: new URL('..', import.meta.url).pathname })
    .map((file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
    .flatMap((source) => [...source.matchAll(/(?:ServiceError|errorBody|refused)\(\s*\d{3},\s*'(\w+)'/g)])
    .map(([, code]) => code!)
  // A job ends with these, in its own words.
  const ofJobs = new Set(['incomplete_input', 'input_gone', 'unknown_job', 'no_credential'])

  expect(thrown.length).toBeGreaterThan(20)
  expect([...new Set(thrown)].filter((code) => !ofJobs.has(code) && !text.includes(`\`${code}\``))).toEqual([])
})

const entry = { request: QUESTION, completion: completionOf('It is on its way.') }

describe('describes every member that is answered by', () => {
  it.each([
    ['GET', '/readyz', 'Readiness'],
    ['POST', '/v1/cache/explain', 'Explanation', QUESTION],
    ['POST', '/v1/cache/entries', 'Put', entry],
    ['POST', '/v1/cache/entries', 'Put', { ...entry, request: { ...QUESTION, cache: { ttl: 0 } } }],
    ['GET', '/v1/cache/entries', 'Listing'],
    ['GET', '/v1/cache/entries?like=order', 'Listing'],
    ['POST', '/v1/cache/purge', 'Purge', { tag: 'none', dryRun: true }],
    ['POST', '/v1/cache/re-embed', 'Job'],
    ['POST', '/v1/cache/warm-up', 'Job', { model: 'gpt-4o-mini', questions: ['Where are you?'] }],
    ['GET', '/v1/cache/jobs', 'Jobs'],
    ['GET', '/v1/cache/stats?by=namespace,model,key', 'Stats'],
    ['GET', '/v1/admin/stats?by=tenant', 'Stats'],
    ['GET', '/v1/admin/tenants', 'Tenants'],
    ['GET', '/v1/admin/tenants/acme', 'Tenant'],
    ['GET', '/v1/admin/tenants/acme/keys', 'Keys'],
    ['POST', '/v1/admin/tenants/acme/keys', 'Key', { name: 'batch', expiresAt: '2100-01-01T00:00:00Z' }],
    ['PUT', '/v1/admin/tenants/acme/namespaces/faq/policy', 'Settings', { mode: 'shadow' }],
    ['GET', '/v1/admin/tenants/acme/namespaces/faq/policy?effective', 'Effective'],
    ['DELETE', '/v1/admin/tenants/acme/namespaces/faq/policy', 'Deleted'],
    ['GET', '/v1/cache/entries/ent_none', 'Error'],
  ])('%s %s', async (method, path, schema, body?: object) => {
    const [first, again] = [
      await ask('POST', '/v1/chat/completions', QUESTION),
      await ask('POST', '/v1/chat/completions', QUESTION),
    ]
    await Promise.all([first.text(), again.text()])
    const response = await ask(method, path, body)

    expect(undescribed(await response.json(), spec.components.schemas[schema], schema)).toEqual([])
  })
})

it('describes every member of an entry', async () => {
  const put = await ask('POST', '/v1/cache/entries', entry)
  const { id } = (await put.json()) as { id: string }
  const response = await ask('GET', `/v1/cache/entries/${id}`)

  expect(undescribed(await response.json(), spec.components.schemas.Entry, 'Entry')).toEqual([])
})

it('describes every member of what feedback comes to', async () => {
  const put = await ask('POST', '/v1/cache/entries', entry)
  const { id } = (await put.json()) as { id: string }
  const response = await ask('POST', '/v1/cache/feedback', { entry_id: id, correct: true })

  expect(response.status).toBe(200)
  expect(undescribed(await response.json(), spec.components.schemas.Heard, 'Heard')).toEqual([])
})

it('names every control in the headers of a chat completion', () => {
  const named = spec.paths['/v1/chat/completions'].post.parameters.map(({ $ref }: Schema) => resolve({ $ref: $ref! }))
  expect(named.map(({ name }: { name: string }) => name)).toEqual([
    'Cache-Control',
    'Reprise-Namespace',
    'Reprise-TTL',
    'Reprise-Threshold',
    'Reprise-Match',
    'Reprise-Tags',
    'Reprise-Session',
    'Reprise-User',
  ])
})

async function ask(method: string, path: string, body?: object, who?: keyof typeof bearer): Promise<Response> {
  const { [who ?? (path.startsWith('/v1/admin') ? 'operator' : 'tenant')]: key } = bearer
  const headers = { authorization: `Bearer ${key}` }
  return service.fetch(
    new Request(`http://localhost${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
  )
}

function completionOf(content: string) {
  const message = { role: 'assistant', content }
  return { id: 'chatcmpl-1', created: 1, model: 'gpt-4o-mini', choices: [{ index: 0, message, finish_reason: 'stop' }] }
}

function resolve(schema: Schema): Schema & { name?: string } {
  if (schema.$ref) {
    const path = schema.$ref.slice(2).split('/')
    return resolve(path.reduce((at, key) => at[key], spec))
  }
  const parts = (schema.allOf ?? []).map(resolve)
  if (parts.length === 0) return schema
  const required = [schema, ...parts].flatMap(({ required = [] }) => required)
  return {
    ...schema,
    required,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), schema.properties),
  }
}

/** Members that the code answers with and the description lacks, and the other way round where they are required. */
function undescribed(value: unknown, schema: Schema, at: string): string[] {
  const { properties = {}, additionalProperties, required = [], items } = resolve(schema)
  if (Array.isArray(value)) return items ? value.flatMap((item) => undescribed(item, items, `${at}[]`)) : []
  if (typeof value !== 'object' || value === null) return []
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined
  if (Object.keys(properties).length === 0 && !others) return []

  const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name} is not answered`)
  const unknown = Object.entries(value).flatMap(([name, member]) => {
    const known = properties[name] ?? others
    return known ? undescribed(member, known, `${at}.${name}`) : [`${at}.${name} is not described`]
  })
  return [...missing, ...unknown]
}
