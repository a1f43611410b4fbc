import { expect, it } from 'vitest'
import type { Send } from '../../../src/adapters/upstash-redis/client.ts'
import { redisCounters } from '../../../src/adapters/upstash-redis/redis-counters.ts'
import { countersContract } from '../../contract/counters.contract.ts'
import { onEveryDatabase, onStandIn, open } from './support.ts'

onEveryDatabase(({ name, access }) => {
  countersContract({
    name: `the counters of ${name}`,
    async create() {
      const { send, prefix, clock, advance } = open(access())
      const { send: another } = open(access())
      return {
        ours: redisCounters({ send, prefix }),
        theirs: redisCounters({ send: another, prefix }),
        clock,
        async advance(ms) {
          advance(ms)
          await bringForward(send, prefix, ms)
        },
      }
    },
  })
})

onStandIn('the Redis counters', (bridge) => {
  it('add is one command, and so is reading many tallies', async () => {
    const { send, prefix, clock } = open(bridge())
    const counters = redisCounters({ send, prefix })
    const tallies = Array.from({ length: 100 }, (_, at) => `acme/day/${at}`)
    await counters.add(
      'batch',
      tallies.map((tally) => ({ tally, field: 'hits', amount: 1, keepUntil: clock() + 60_000 })),
    )
    await counters.read(tallies)
    expect(
      bridge()
        .commands.log()
        .map(([name]) => name),
    ).toEqual(['EVAL', 'EVAL_RO'])
  })

  it('tells Redis to forget a tally at the latest keepUntil, and a batch after ten minutes', async () => {
    const { send, prefix, clock } = open(bridge())
    const counters = redisCounters({ send, prefix })
    const keepUntil = clock() + 60_000
    for (const later of [0, 60_000, 0, 30_000])
      await counters.add(`batch ${later}`, [{ tally: 'acme', field: 'hits', amount: 1, keepUntil: keepUntil + later }])
    expect(await send('PEXPIRETIME', `${prefix}:tally:acme`)).toBe(keepUntil + 60_000)
    expect(await send('PTTL', `${prefix}:batch:batch 0`)).toSatisfy((ms: number) => ms > 590_000 && ms <= 600_000)
  })

  it('leaves nothing behind of what ended before it began', async () => {
    const { send, prefix, clock } = open(bridge())
    const additions = [{ tally: 'acme', field: 'hits', amount: 1, keepUntil: clock() - 60_000 }]
    await redisCounters({ send, prefix }).add('batch', additions)
    expect(await send('EXISTS', `${prefix}:tally:acme`)).toBe(0)
  })
})

/** Lets time pass for tallies and batches: rather than waiting for their ends, moves them nearer. */
async function bringForward(send: Send, prefix: string, ms: number): Promise<void> {
  await send('EVAL', BRING_FORWARD, 0, `${prefix}:*`, ms)
}

const BRING_FORWARD = `
  for _, name in ipairs(redis.call('KEYS', ARGV[1])) do
    redis.call('PEXPIRE', name, redis.call('PTTL', name) - ARGV[2])
  end
`
