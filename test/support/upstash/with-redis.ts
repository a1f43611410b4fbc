import { describe, expect, it } from 'vitest'
import { redisAvailable } from './redis-server.ts'

/** Tests that need a Redis. Where there is none they are skipped, and say so; on CI they fail. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (redisAvailable()) return void describe(name, tests)
  if (process.env['CI'] === 'true')
    return void describe(name, () => it('finds redis-server', () => expect.fail(MISSING)))
  console.warn(`SKIPPED: ${name}. ${MISSING}`)
  describe.skip(name, tests)
}

const MISSING = 'There is no redis-server on the PATH; it comes with the package of that name.'
