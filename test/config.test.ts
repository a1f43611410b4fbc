import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ConfigError, Environment, readConfig } from '../src/config.ts'

describe('readConfig', () => {
  it('needs nothing to be set', () => {
    expect(readConfig({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8787,
      REPRISE_AUTH: 'none',
      REPRISE_EMBEDDER: 'static',
      REPRISE_DATA_DIR: 'data',
      REPRISE_MAX_BODY_BYTES: 16 * 1024 * 1024,
      upstream: { kind: 'mock' },
      modelBecause: 'OPENAI_API_KEY is not set',
      engine: 'embedded',
    })
  })

  it('reads numbers as numbers', () => {
    expect(readConfig({ PORT: '0', REPRISE_DRAIN_MS: '250' })).toMatchObject({ PORT: 0, REPRISE_DRAIN_MS: 250 })
  })

  it.each(['', '  '])('takes %j for not set', (empty) => {
    const env = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, empty]))
    expect(readConfig(env)).toEqual(readConfig({}))
  })

  it('asks the real model as soon as there is a key for it', () => {
    const { upstream, modelBecause } = readConfig({ OPENAI_API_KEY: 'sk-1' })
    expect(upstream).toEqual({ kind: 'openai', baseURL: 'https://api.openai.com/v1', apiKey: 'sk-1' })
    expect(modelBecause).toContain('OPENAI_API_KEY')
  })

  it('asks the model at OPENAI_BASE_URL', () => {
    const { upstream } = readConfig({ OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' })
    expect(upstream).toMatchObject({ baseURL: 'http://127.0.0.1:11434/v1' })
  })

  it('lets REPRISE_MODEL=mock win over a key', () => {
    const { upstream, modelBecause } = readConfig({ OPENAI_API_KEY: 'sk-1', REPRISE_MODEL: 'mock' })
    expect(upstream).toEqual({ kind: 'mock' })
    expect(modelBecause).toBe('REPRISE_MODEL=mock')
  })

  it('starts in production on made-up answers if they are asked for by name', () => {
    expect(readConfig({ NODE_ENV: 'production', REPRISE_MODEL: 'mock' }).upstream.kind).toBe('mock')
  })

  it('needs no key of its own for the model where tenants have theirs', () => {
    const keys = { REPRISE_AUTH: 'keys', REPRISE_ADMIN_KEY: 'an-operator-of-twenty', REPRISE_MODEL: 'openai' }
    expect(readConfig(keys).upstream).toMatchObject({ kind: 'openai', apiKey: undefined })
  })

  it('brings the policies and prices that are shipped', () => {
    const { policies, prices } = readConfig({})
    expect(policies['default']?.ttlSeconds).toBeGreaterThan(0)
    expect(Object.keys(prices)).not.toHaveLength(0)
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })
})

describe('readConfig refuses', () => {
  it('everything that is wrong at once', () => {
    const file = fileOf('{"faq": {"ttl": 300}}')
    const faults = faultsOf({
      PORT: 'eighty',
      REPRISE_LOG_LEVEL: 'loud',
      REPRISE_MAX_ENTRIES: '-1',
      REPRISE_EMBEDER: 'openai',
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      REPRISE_POLICIES_FILE: file,
      REPRISE_PRICES_FILE: '/nowhere/prices.json',
    })
    const naming = (name: string) => expect.stringContaining(name)
    expect(faults.toSorted()).toEqual([
      naming('HOST=0.0.0.0'),
      naming('NODE_ENV=production'),
      naming('PORT=eighty'),
      naming('REPRISE_EMBEDER'),
      naming('REPRISE_LOG_LEVEL=loud'),
      naming('REPRISE_MAX_ENTRIES=-1'),
      naming(`REPRISE_POLICIES_FILE: ${file}`),
      naming('REPRISE_PRICES_FILE: /nowhere/prices.json'),
    ])
  })

  it('one fault once, and draws no conclusions from it', () => {
    expect(faultsOf({ REPRISE_EMBEDDER: 'opnai', REPRISE_EMBEDDING_MODEL: 'bge-m3' })).toHaveLength(1)
    expect(faultsOf({ REPRISE_AUTH: 'nobody', HOST: '0.0.0.0' })).toHaveLength(1)
  })

  it.each<[string, Record<string, string>, string]>([
    ['a real model without a key', { REPRISE_MODEL: 'openai' }, 'OPENAI_API_KEY'],
    ['an address without a key', { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, 'OPENAI_API_KEY'],
    ['production without a model', { NODE_ENV: 'production' }, 'REPRISE_MODEL=mock'],
    ['an open door to the network', { HOST: '0.0.0.0' }, 'only loopback'],
    ['an embedder without a key', { REPRISE_EMBEDDER: 'openai' }, 'REPRISE_EMBEDDING_API_KEY'],
    ['an embedder without a model', { REPRISE_EMBEDDER: 'local' }, 'REPRISE_EMBEDDING_MODEL'],
    ['an index that is to embed, but is not there', { REPRISE_EMBEDDER: 'upstash' }, 'UPSTASH_VECTOR_REST_URL'],
  ])('%s', (_, env, said) => {
    expect(faultsOf(env)).toEqual([expect.stringContaining(said)])
  })

  it.each([
    ['REPRISE_EMBEDDING_MODEL', 'bge-m3'],
    ['REPRISE_EMBEDDING_BASE_URL', 'https://embeddings.test/v1'],
    ['REPRISE_EMBEDDING_API_KEY', 'any'],
    ['REPRISE_EMBEDDING_DIMENSIONS', '384'],
    ['REPRISE_EMBEDDING_WINDOW', '512'],
  ])('%s for an embedder that is built in', (name, value) => {
    for (const embedder of ['lexical', 'static']) {
      expect(faultsOf({ REPRISE_EMBEDDER: embedder, [name]: value })).toEqual([
        `${name} is set, which ${embedder} does not read; did you mean REPRISE_EMBEDDER=openai?`,
      ])
    }
  })

  it.each(['lexical', 'static', 'openai'])('to tell %s how to pool', (embedder) => {
    const env = { REPRISE_EMBEDDER: embedder, REPRISE_EMBEDDING_POOLING: 'cls', OPENAI_API_KEY: 'sk-1' }
    expect(faultsOf(env)).toEqual([
      `REPRISE_EMBEDDING_POOLING is set, which ${embedder} does not read; did you mean REPRISE_EMBEDDER=local?`,
    ])
  })

  it.each([
    ['REPRISE_EMBEDDING_BASE_URL', 'https://embeddings.test/v1'],
    ['REPRISE_EMBEDDING_API_KEY', 'any'],
    ['REPRISE_EMBEDDING_DIMENSIONS', '384'],
  ])('%s for a local model', (name, value) => {
    const env = { REPRISE_EMBEDDER: 'local', REPRISE_EMBEDDING_MODEL: './model', [name]: value }
    expect(faultsOf(env)).toEqual([`${name} is set, which local does not read; did you mean REPRISE_EMBEDDER=openai?`])
  })

  it.each(['ftp://host/v1', 'localhost:1234', 'https://host/v1?api-version=1', 'https://me:pw@host/v1'])(
    'the base URL %s',
    (url) => {
      expect(faultsOf({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'sk-1' })).toHaveLength(1)
    },
  )

  it.each([
    ['OPENAI_API_KEYS', 'OPENAI_API_KEY'],
    ['OPENAI_KEY', 'OPENAI_API_KEY'],
    ['OPENAI_BASEURL', 'OPENAI_BASE_URL'],
    ['OPENAI_API_BASE', 'OPENAI_BASE_URL'],
    ['REPRISE_PORT', 'PORT'],
    ['REPRISE_HOST', 'HOST'],
    ['REPRISE_EMBEDER', 'REPRISE_EMBEDDER'],
    ['REPRISE_MAX_ENTRY', 'REPRISE_MAX_ENTRIES'],
  ])('%s, and asks whether %s was meant', (name, meant) => {
    expect(faultsOf({ [name]: '1' })).toEqual([`${name} is not read; did you mean ${meant}?`])
  })

  it('a REPRISE_ name that is like no other', () => {
    expect(faultsOf({ REPRISE_FLUX_CAPACITOR: 'on' })).toEqual(['REPRISE_FLUX_CAPACITOR is not read'])
  })

  it('a fault without repeating a secret', () => {
    const secret = 'hunter2'
    const faults = faultsOf({
      OPENAI_KEY: secret,
      REPRISE_EMBEDDING_API_KEY: secret,
      OPENAI_BASE_URL: `https://me:${secret}@host/v1`,
    })
    expect(faults).toHaveLength(3)
    expect(faults.join('\n')).not.toContain(secret)
  })

  it('a policy file that is not JSON', () => {
    const file = fileOf('ttl: 300')
    expect(faultsOf({ REPRISE_POLICIES_FILE: file })).toEqual([expect.stringContaining(file)])
  })
})

describe('readConfig leaves alone', () => {
  it('names that are none of ours', () => {
    const env = { PATH: '/bin', HOSTNAME: 'a', OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'p', DATABASE_URL: 'x' }
    expect(readConfig(env)).toEqual(readConfig({}))
  })

  it('the names by which Kubernetes announces a service called reprise', () => {
    const env = {
      REPRISE_SERVICE_HOST: '10.0.0.1',
      REPRISE_SERVICE_PORT_HTTP: '8787',
      REPRISE_PORT: 'tcp://10.0.0.1:8787',
      REPRISE_PORT_8787_TCP_ADDR: '10.0.0.1',
      REPRISE_REDIS_PORT: 'tcp://10.0.0.2:6379',
    }
    expect(readConfig(env)).toEqual(readConfig({}))
  })
})

describe('the distributed engine', () => {
  const redis = { UPSTASH_REDIS_REST_URL: 'https://eu1-redis.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'r' }
  const vector = { UPSTASH_VECTOR_REST_URL: 'https://eu1-vector.upstash.io', UPSTASH_VECTOR_REST_TOKEN: 'v' }
  const marketplace = { KV_REST_API_URL: 'https://kv.upstash.io', KV_REST_API_TOKEN: 'k' }
  const vectorAccess = { url: 'https://eu1-vector.upstash.io', token: 'v' }

  it('is chosen as soon as both its services are named', () => {
    const redisAccess = { url: 'https://eu1-redis.upstash.io', token: 'r' }
    const { engine, upstash } = readConfig({ ...redis, ...vector })
    expect([engine, upstash]).toEqual(['upstash', { redis: redisAccess, vector: vectorAccess }])
  })

  it('takes the names that marketplaces set for Redis', () => {
    const { engine, upstash } = readConfig({ ...marketplace, ...vector })
    expect(engine).toBe('upstash')
    expect(upstash).toEqual({ redis: { url: 'https://kv.upstash.io', token: 'k' }, vector: vectorAccess })
  })

  it('prefers its own names to those', () => {
    const { upstash } = readConfig({ ...marketplace, ...redis, ...vector })
    expect(upstash).toMatchObject({ redis: { token: 'r' } })
  })

  it('is not chosen because a marketplace has set something', () => {
    expect(readConfig(marketplace).engine).toBe('embedded')
  })

  it('may embed, by a model and a window that can be told', () => {
    const embedder = { REPRISE_EMBEDDER: 'upstash', REPRISE_EMBEDDING_MODEL: 'bge-m3', REPRISE_EMBEDDING_WINDOW: '900' }
    expect(readConfig({ ...redis, ...vector, ...embedder })).toMatchObject({
      ...embedder,
      REPRISE_EMBEDDING_WINDOW: 900,
    })
  })

  it('refuses to embed within an index that is not searched', () => {
    const elsewhere = { ...redis, ...vector, REPRISE_EMBEDDER: 'upstash', REPRISE_ENGINE: 'embedded' }
    expect(faultsOf(elsewhere)).toEqual([expect.stringContaining('does not search there')])
    expect(readConfig({ ...elsewhere, REPRISE_MIRROR: 'upstash' }).mirror).toBe('upstash')
  })

  it.each([
    ['REPRISE_EMBEDDING_BASE_URL', 'https://embeddings.test/v1'],
    ['REPRISE_EMBEDDING_API_KEY', 'any'],
    ['REPRISE_EMBEDDING_DIMENSIONS', '384'],
  ])('has no use for %s if it is to embed', (name, value) => {
    expect(faultsOf({ ...redis, ...vector, REPRISE_EMBEDDER: 'upstash', [name]: value })).toEqual([
      `${name} is set, which upstash does not read; did you mean REPRISE_EMBEDDER=openai?`,
    ])
  })

  it.each([
    [
      { ...redis, REPRISE_EMBEDDER: 'upstash' },
      'Upstash Redis is set but UPSTASH_VECTOR_REST_URL is not; the distributed engine needs both, the embedded one neither',
    ],
    [
      redis,
      'Upstash Redis is set but UPSTASH_VECTOR_REST_URL is not; the distributed engine needs both, the embedded one neither',
    ],
    [
      vector,
      'Upstash Vector is set but UPSTASH_REDIS_REST_URL is not; the distributed engine needs both, the embedded one neither',
    ],
    [
      { ...vector, UPSTASH_REDIS_REST_URL: 'https://x.io' },
      'UPSTASH_REDIS_REST_URL is set but UPSTASH_REDIS_REST_TOKEN is not',
    ],
    [{ KV_REST_API_TOKEN: 'k' }, 'KV_REST_API_TOKEN is set but KV_REST_API_URL is not'],
    [{ UPSTASH_REDIS_URL: 'https://x.io' }, 'UPSTASH_REDIS_URL is not read; did you mean UPSTASH_REDIS_REST_URL?'],
  ])('names what is missing of %j', (env, fault) => {
    expect(faultsOf(env)).toEqual([fault])
  })
})

describe('.env.example', () => {
  const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))

  it('names every variable that is read, and no other', () => {
    expect(Object.keys(example).toSorted()).toEqual(Object.keys(Environment.shape).toSorted())
  })

  it('shows the defaults', () => {
    expect(readConfig(example)).toEqual(readConfig({}))
  })
})

/** What is wrong with this environment; fails the test if it is accepted. */
function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  throw new Error('the configuration was accepted')
}

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'file.json')
  writeFileSync(file, text)
  return file
}
