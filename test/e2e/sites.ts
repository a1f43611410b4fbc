import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { type Log, silent } from '../../src/insight/log.ts'
import type { Clock } from '../../src/ports.ts'
import { emptyFolder } from '../support/process.ts'
import { startRedisBridge } from '../support/upstash/redis-bridge.ts'
import { startRedisServer } from '../support/upstash/redis-server.ts'
import { startVectorServer } from '../support/upstash/vector-server.ts'

type Env = Readonly<Record<string, string>>

export const ADMIN_KEY = 'the-key-of-the-operator'

/** Where replicas run: what they share, and how what they wrote can be looked at from outside. */
export interface Site {
  readonly env: Env
  /** Everything that was written down, byte for byte. */
  written(): string
  /** From now on nobody hears any news of what others do, though all believe that they would; or they do again. */
  hush(hushed: boolean): void
}

/** A folder, for one replica at a time. */
export function embeddedSite(): Site {
  const folder = emptyFolder()
  return {
    env: { REPRISE_DATA_DIR: folder },
    hush() {},
    written: () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'latin1'))
        .join('\n'),
  }
}

/** Stand-ins for Upstash Redis and Upstash Vector, for any number of replicas. */
export async function upstashSite() {
  const token = 'token-of-the-tests'
  const redis = await startRedisServer()
  const bridge = await startRedisBridge({ redisPort: redis.port, token })
  const vector = await startVectorServer({ token, dimension: 128 })
  onTestFinished(async () => {
    await Promise.all([bridge.close(), vector.close()])
    await redis.close()
  })
  return {
    bridge,
    env: {
      UPSTASH_REDIS_REST_URL: bridge.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: token,
      REPRISE_LOOKUP_TIMEOUT_MS: '5000',
    },
    hush: (hushed: boolean) => bridge.faults.set(hushed ? { streams: 'silent' } : {}),
    written: () => JSON.stringify(bridge.commands.log()),
  } satisfies Site & Record<string, unknown>
}

export interface ReplicaOptions {
  readonly clock?: Clock
  readonly log?: Log
}

export type Replica = Awaited<ReturnType<typeof startReplica>>

/** One replica as its operator and its tenants reach it: by requests. Nothing in it is left to chance. */
export async function startReplica(env: Env, { clock, log = silent }: ReplicaOptions = {}) {
  const service = await compose(readConfig({ REPRISE_ADMIN_KEY: ADMIN_KEY, ...env }), log, clock, () => 0)
  let closing: Promise<void> | undefined
  const close = () => (closing ??= service.drain().then(service.close))
  onTestFinished(close)

  async function request(key: string | undefined, method: string, path: string, body?: unknown, headers: Env = {}) {
    const authorization: Env = key === undefined ? {} : { authorization: `Bearer ${key}` }
    const init = { method, headers: { ...authorization, ...headers } }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await service.fetch(
      new Request(`http://localhost${path}`, body === undefined ? init : { ...init, body: text }),
    )
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  return {
    request,
    close,
    operator: (method: string, path: string, body?: unknown) => request(ADMIN_KEY, method, `/v1/admin${path}`, body),
    async ask(key: string | undefined, content: string, headers: Env = {}): Promise<Asked> {
      const body = { model: 'gpt-4o', messages: [{ role: 'user', content }] }
      const { status, headers: told, text } = await request(key, 'POST', '/v1/chat/completions', body, headers)
      const { choices, error } = JSON.parse(text) as Told
      const detail = /detail=([^;]+)/.exec(told.get('cache-status') ?? '')?.[1]
      return { status, detail, said: choices?.[0]?.message.content, code: error?.code }
    },
  }
}

export interface Asked {
  readonly status: number
  /** How the answer came about, as `Cache-Status` has it. */
  readonly detail: string | undefined
  readonly said: string | undefined
  readonly code: string | undefined
}

interface Told {
  readonly choices?: readonly { readonly message: { readonly content: string } }[]
  readonly error?: { readonly code: string }
}

/** A clock that stands still until it is told to move; it begins in a future that no real one has reached. */
export function heldClock(now = Date.UTC(2100, 2, 10, 9)) {
  return {
    clock: () => now,
    pass(seconds: number): void {
      now += seconds * 1000
    },
  }
}

/** What happens in the background takes real time; so long at most. */
export const PATIENT = { tries: 200, pause: () => new Promise<void>((resolve) => setTimeout(resolve, 50)) }
