import { Redis, type RedisConfigNodejs } from '@upstash/redis'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type RedisBridge, startRedisBridge } from './redis-bridge.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'

/** A bridge for all tests of one `describe`, each of which finds it empty and whole, and the ways to ask it. */
export function bridgeSubject() {
  let server: RedisServer | undefined
  let bridge: RedisBridge | undefined
  const url = () => bridge!.url

  beforeAll(async () => {
    server = await startRedisServer()
    bridge = await startRedisBridge({ redisPort: server.port, token: TOKEN })
  })
  beforeEach(async () => {
    bridge!.faults.set({})
    await post('/', ['FLUSHALL'])
    bridge!.commands.reset()
  })
  afterAll(async () => {
    await bridge?.close()
    await server?.close()
  })

  const request = (path: string, init: RequestInit = {}) =>
    fetch(url() + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...(init.headers as Headings) } })

  const post = (path: string, body: unknown, headers: Headings = {}) =>
    request(path, { method: 'POST', body: JSON.stringify(body), headers })

  return {
    bridge: () => bridge!,
    request,
    post,

    /** What is answered, whatever its status. */
    call: async (path: string, body: unknown, headers?: Headings): Promise<unknown> =>
      (await post(path, body, headers)).json(),

    /** Upstash's own client, which tries once. */
    client: (options: Partial<RedisConfigNodejs> = {}) =>
      new Redis({ url: url(), token: TOKEN, enableTelemetry: false, retry: { retries: 0 }, ...options }),
  }
}

export const TOKEN = 'token-of-the-tests'

type Headings = Readonly<Record<string, string>>
