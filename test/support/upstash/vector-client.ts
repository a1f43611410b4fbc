import { Index } from '@upstash/vector'
import type { IndexConfig } from '@upstash/vector'
import { onTestFinished } from 'vitest'
import { startVectorServer } from './vector-server.ts'
import type { VectorServerOptions } from './vector-server.ts'

/** A stand-in with a client of Upstash's own, which tries once; both end with the test. */
export async function openVector(options: Partial<VectorServerOptions> = {}) {
  const server = await startVectorServer({ token: 'secret', dimension: 2, ...options })
  onTestFinished(server.close)
  const { url, token } = server
  const connect = (config: Partial<IndexConfig> = {}) =>
    new Index({ url, token, enableTelemetry: false, retry: { retries: 0 }, ...config })
  return { server, connect, index: connect() }
}
