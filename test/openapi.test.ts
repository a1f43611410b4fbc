import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Composed, compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { silent } from '../src/insight/log.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}
const spec = parse(readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8'))
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

let service: Composed
beforeAll(async () => {
  service = await compose(readConfig({ REPRISE_DATA_DIR: ':memory:', REPRISE_MODEL: 'mock' }), silent)
})
afterAll(() => service.close())

it('describes every route of the code, and no other', () => {
  const described = Object.entries(spec.paths).flatMap(([path, item]) => {
    const named = Object.keys(item as object).filter((key) => METHODS.includes(key))
    return (item as Record<string, unknown>)['x-any-method']
      ? [`ALL ${path}`]
      : named.map((method) => `${method.toUpperCase()} ${path}`)
  })
  const routes = service.routes.filter(({ path }) => path !== '/*').map(({ method, path }) => `${method} ${path}`)

  expect(described.sort()).toEqual([...new Set(routes)].sort())
})

it.each([
  ['/v1/cache/stats', 'GET', 'Stats'],
  ['/v1/cache/explain', 'POST', 'Explanation'],
  ['/readyz', 'GET', 'Readiness'],
])('describes every member that %s answers with', async (path, method, schema) => {
  const question = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Where is my order?' }] }
  const ask = (path: string, method = 'POST') =>
    service.fetch(
      new Request(`http://localhost${path}`, { method, ...(method === 'POST' && { body: JSON.stringify(question) }) }),
    )
  await (await ask('/v1/chat/completions')).text()
  const response = await ask(path, method)

  expect(undescribed(await response.json(), spec.components.schemas[schema], schema)).toEqual([])
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
  ])
})

function resolve(schema: Schema): Schema & { name?: string } {
  if (!schema.$ref) return schema
  const path = schema.$ref.slice(2).split('/')
  return path.reduce((at, key) => at[key], spec)
}

/** Members that the code answers with and the description lacks, and the other way round where they are required. */
function undescribed(value: unknown, schema: Schema, at: string): string[] {
  const { properties, required = [], items } = resolve(schema)
  if (Array.isArray(value)) return items ? value.flatMap((item) => undescribed(item, items, `${at}[]`)) : []
  if (!properties || typeof value !== 'object' || value === null) return []

  const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name} is not answered`)
  const unknown = Object.entries(value).flatMap(([name, member]) =>
    properties[name] ? undescribed(member, properties[name], `${at}.${name}`) : [`${at}.${name} is not described`],
  )
  return [...missing, ...unknown]
}
