import { expect, it } from 'vitest'
import { redisRecords } from '../../../src/adapters/upstash-redis/redis-records.ts'
import { recordsContract } from '../../contract/records.contract.ts'
import { onEveryDatabase, onStandIn, open } from './support.ts'

onEveryDatabase(({ name, access }) => {
  recordsContract({
    name: `the records of ${name}`,
    async create() {
      const { send, prefix } = open(access())
      const { send: another } = open(access())
      return { ours: redisRecords({ send, prefix }), theirs: redisRecords({ send: another, prefix }) }
    },
  })
})

onStandIn('the Redis records', (bridge) => {
  it('version, get and swap are one command each, and so are several versions and a list of few', async () => {
    const records = redisRecords(open(bridge()))
    await records.swap('rules', 'tenant/acme', undefined, 'text')
    await records.version('rules')
    await records.versions(['rules', 'verdicts'])
    await records.get('rules', 'tenant/acme')
    await records.list('rules', 'tenant/')
    expect(
      bridge()
        .commands.log()
        .map(([name]) => name),
    ).toEqual(['EVAL', 'GET', 'MGET', 'HGET', 'HSCAN'])
  })

  it('list finds each of many documents once', async () => {
    const { send, prefix } = open(bridge())
    const ids = Array.from({ length: 3_000 }, (_, at) => `tenant/${1_000_000 + at}`)
    await send('HSET', `${prefix}:records:rules`, ...ids.flatMap((id) => [id, 'text'.repeat(20)]), 'key/1', 'text')
    const found = await redisRecords({ send, prefix }).list('rules', 'tenant/')
    expect(found.map(({ id }) => id)).toEqual(ids)
    expect(bridge().commands.count('HSCAN')).toBeLessThan(10)
  })
})
