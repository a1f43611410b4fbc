import { expect, it } from 'vitest'
import type { Send } from '../../../src/adapters/upstash-redis/client.ts'
import { leaseContract } from '../../contract/lease.contract.ts'
import { eventually } from '../../contract/patience.ts'
import { onEveryDatabase, onStandIn, open, openBus, patience } from './support.ts'

onEveryDatabase(({ name, access }) => {
  leaseContract({
    name: `the leases of ${name}`,
    async create() {
      const { lease: ours, prefix, send } = open(access())
      const bus = openBus(access(), prefix)
      const { lease: theirs } = open(access(), { prefix })
      return { ours, theirs, bus, patience, ttlMs: 60_000, advance: (ms) => bringForward(send, prefix, ms) }
    },
  })
})

onStandIn('the Redis lease', (bridge) => {
  it('is taken, renewed and released with news by one command each', async () => {
    const { lease } = open(bridge())
    const { commands } = bridge()
    const names = () => commands.log().map(([name]) => name)
    const held = await lease.take('flight', 60_000)
    expect(names()).toEqual(['SET'])
    expect(await held!.renew(60_000)).toBe(true)
    expect(names()).toEqual(['SET', 'EVAL'])
    await held!.release({ topic: 'landed', message: 'here' })
    expect(names()).toEqual(['SET', 'EVAL', 'EVAL'])
  })

  it('ends when Redis says so', async () => {
    const { lease } = open(bridge())
    await lease.take('flight', 100)
    expect(await lease.take('flight', 100)).toBeUndefined()
    await eventually(async () => expect(await lease.take('flight', 100)).toBeDefined(), patience)
  })
})

/** Lets time pass for leases: rather than waiting for their ends, moves them nearer. */
async function bringForward(send: Send, prefix: string, ms: number): Promise<void> {
  await send('EVAL', BRING_FORWARD, 0, `${prefix}:lease:*`, ms)
}

const BRING_FORWARD = `
  for _, name in ipairs(redis.call('KEYS', ARGV[1])) do
    redis.call('PEXPIRE', name, redis.call('PTTL', name) - ARGV[2])
  end
`
