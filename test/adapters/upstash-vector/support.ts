import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { openUpstashVector } from '../../../src/adapters/upstash-vector/upstash-vector.ts'
import type { UpstashVectorOptions } from '../../../src/adapters/upstash-vector/upstash-vector.ts'
import type { Patience } from '../../contract/patience.ts'
import { direction } from '../../contract/samples.ts'
import { startVectorServer } from '../../support/upstash/vector-server.ts'
import type { VectorServerOptions } from '../../support/upstash/vector-server.ts'

/** A stand-in of two dimensions, but for what `options` say, that ends with the test. */
export async function startService(options: Partial<VectorServerOptions> = {}) {
  const service = await startVectorServer({ dimension: 2, token: 'token-not-to-be-told', ...options })
  onTestFinished(service.close)
  return service
}

/** An index in namespaces of its own, under a clock that stands still. */
export async function open(service: { url: string; token: string }, options: Partial<UpstashVectorOptions> = {}) {
  let now = 1_700_000_000_000
  const clock = () => now
  const { url, token } = service
  const prefix = `test-${randomUUID()}`
  const probe = direction(2, 0)
  const index = await openUpstashVector({ url, token, probe, timeoutMs: 5_000, clock, prefix, ...options })
  const advance = (ms: number) => {
    now += ms
  }
  return { index, clock, prefix, advance }
}

/** How long what was written may take to be found. */
export const patience: Patience = { tries: 200, pause: () => setTimeout(20) }
