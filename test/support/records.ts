import { randomUUID } from 'node:crypto'
import { describe } from 'vitest'
import { openDatabase } from '../../src/adapters/embedded/database.ts'
import { sqliteRecords } from '../../src/adapters/embedded/sqlite-records.ts'
import { redisClient } from '../../src/adapters/upstash-redis/client.ts'
import { redisRecords } from '../../src/adapters/upstash-redis/redis-records.ts'
import type { Records } from '../../src/ports.ts'
import { onStandIn } from '../adapters/upstash-redis/support.ts'

/** Opens records that are empty. */
export type OpenRecords = () => Records

/** The tests on every kind of records that there is. */
export function onEveryRecords(tests: (open: OpenRecords) => void): void {
  describe('over SQLite', () => tests(openSqliteRecords))
  onStandIn('over Redis', (bridge) => {
    tests(() => redisRecords({ send: redisClient({ ...bridge(), timeoutMs: 5_000 }), prefix: `test-${randomUUID()}` }))
  })
}

export const openSqliteRecords: OpenRecords = () => sqliteRecords({ database: openDatabase(':memory:') })
