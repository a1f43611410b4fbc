import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { hashOf } from '../../src/tenancy/api-key.ts'
import { rosterSchema } from '../../src/tenancy/roster.ts'

const HASH = 'a'.repeat(64)
const KEY = 'a-key-that-somebody-thought-up'
const read = (tenants: unknown, env: Record<string, string> = {}) => rosterSchema(env).safeParse({ tenants })
const faults = (tenants: unknown, env?: Record<string, string>) =>
  read(tenants, env).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

it('reads what holds for each tenant, and leaves the keys out of it', () => {
  const { tenants, keys } = read([
    { id: 'acme', name: 'Acme', policy: { ttlSeconds: 1 }, keys: [{ name: 'web', keyHash: HASH }] },
    { id: 'other', name: 'Other' },
  ]).data!
  expect([...tenants.values()]).toEqual([
    { terms: { id: 'acme', name: 'Acme', policy: { ttlSeconds: 1 } } },
    { terms: { id: 'other', name: 'Other' } },
  ])
  expect([...keys]).toEqual([
    [HASH, { id: expect.stringMatching(/^key_[0-9a-f]{16}$/), tenant: 'acme', name: 'web', createdAt: 0 }],
  ])
})

it('takes keys from the environment', () => {
  const tenant = {
    id: 'acme',
    name: 'Acme',
    upstream: { apiKeyEnv: 'UPSTREAM' },
    keys: [{ name: 'web', keyEnv: 'KEY' }],
  }
  const { tenants, keys } = read([tenant], { UPSTREAM: 'sk-of-acme', KEY }).data!
  expect(tenants.get('acme')!.upstreamKey).toBe('sk-of-acme')
  expect([...keys.keys()]).toEqual([hashOf(KEY)])
})

it('names a key alike at every start, and not by its hash', () => {
  const idOf = () => read([{ id: 'acme', name: 'A', keys: [{ name: 'x', keyHash: HASH }] }]).data!.keys.get(HASH)!.id
  expect(idOf()).toBe(idOf())
  expect(HASH).not.toContain(idOf().slice('key_'.length))
})

it('says everything that is wrong with it', () => {
  const tenants = [
    { id: 'acme', name: 'A', keys: [{ name: 'x' }, { name: 'y', keyHash: HASH, keyEnv: 'KEY' }] },
    { id: 'acme', name: 'B', keys: [{ name: 'z', keyHash: HASH }] },
    { id: 'more', name: 'C', upstream: { apiKeyEnv: 'MISSING' }, keys: [{ name: 'w', keyHash: HASH }] },
    {
      id: 'last',
      name: 'D',
      keys: [
        { name: 'v', keyEnv: 'SHORT' },
        { name: 'u', keyEnv: 'constructor' },
      ],
    },
  ]
  expect(faults(tenants, { SHORT: 'sesame' })).toEqual([
    'tenants.0.keys.0: a key is given by either keyHash or keyEnv',
    'tenants.0.keys.1: a key is given by either keyHash or keyEnv',
    'tenants.1.id: there is another tenant acme',
    'tenants.2.upstream.apiKeyEnv: the environment variable MISSING is not set',
    'tenants.2.keys.0: there is another such key',
    'tenants.3.keys.0.keyEnv: the environment variable SHORT must be 20 to 256 visible ASCII characters',
    'tenants.3.keys.1.keyEnv: the environment variable constructor is not set',
  ])
})

it('never says what a secret is', () => {
  const tenants = [{ id: 'acme', name: 'A', keys: [{ name: 'x', keyEnv: 'KEY' }] }]
  expect(JSON.stringify(faults(tenants, { KEY: 'sesame open' }))).not.toContain('sesame')
})

it.each([
  ['a tenant without a name', [{ id: 'acme' }]],
  ['a tenant of a name that the admin API would not take', [{ id: 'Acme', name: 'A' }]],
  ['a setting that is not known', [{ id: 'acme', name: 'A', policy: { ttl: 1 } }]],
  ['a key in the clear', [{ id: 'acme', name: 'A', keys: [{ name: 'x', key: KEY }] }]],
  ['an upstream key in the clear', [{ id: 'acme', name: 'A', upstream: { apiKey: 'sk-of-acme' } }]],
  ['the hash of another function', [{ id: 'acme', name: 'A', keys: [{ name: 'x', keyHash: 'a'.repeat(40) }] }]],
  ['the hash in capitals', [{ id: 'acme', name: 'A', keys: [{ name: 'x', keyHash: 'A'.repeat(64) }] }]],
])('does not read %s', (_, tenants) => {
  expect(read(tenants).success).toBe(false)
})

it('reads the example that is shipped', () => {
  const env = { GLOBEX_OPENAI_API_KEY: 'sk-of-globex', GLOBEX_REPRISE_KEY: KEY }
  const example: unknown = parse(readFileSync('fixtures/tenants.example.yaml', 'utf8'))
  const { tenants, keys } = rosterSchema(env).parse(example)
  expect([...tenants.keys()]).toEqual(['acme', 'globex'])
  expect(keys.size).toBe(3)
})
