import { expect, it, onTestFinished } from 'vitest'
import { openUpstashRedis } from '../../../src/adapters/upstash-redis/upstash-redis.ts'
import { eventually } from '../../contract/patience.ts'
import { anEntry } from '../../contract/samples.ts'
import { onStandIn, patience } from './support.ts'

onStandIn('Upstash Redis', (bridge) => {
  const opened = () => {
    const { url, token } = bridge()
    const adapters = openUpstashRedis({ url, token, timeoutMs: 1_000, clock: Date.now, random: Math.random })
    onTestFinished(() => adapters.store.close())
    return adapters
  }

  it('keeps everything under names of its own', async () => {
    const { store, sessions, lease, bus } = opened()
    const { key, ...rest } = anEntry(Date.now())
    await store.put({ key, ...rest })
    await sessions.put('acme', 'chat', 'turns', Date.now() + 60_000)
    await lease.take('flight', 60_000)
    await bus.publish('topic', 'news')
    const names = bridge().commands.log().flatMap(namesIn)
    expect(names).toEqual([
      'reprise:1:tenant:acme:entries',
      'reprise:1:tenant:acme:names',
      'reprise:1:tenant:acme:sizes',
      'reprise:1:tenants',
      `reprise:1:entry:${key.id}`,
      expect.stringMatching(/^reprise:1:session:[0-9a-f]{64}$/),
      'reprise:1:lease:flight',
      'reprise:1:bus',
    ])
  })

  it('hangs up when the store is closed', async () => {
    const { store, bus } = opened()
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    await store.close()
    await eventually(async () => expect(bus.connection()).toBeUndefined(), patience)
  })
})

/** The names of keys that a command is given. */
function namesIn([command, first = '', count, ...rest]: readonly string[]): readonly string[] {
  return command === 'EVAL' ? rest.slice(0, Number(count)) : [first]
}
