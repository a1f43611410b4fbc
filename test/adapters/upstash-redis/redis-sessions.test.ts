import { expect, it } from 'vitest'
import { sessionsContract } from '../../contract/sessions.contract.ts'
import { onEveryDatabase, onStandIn, open } from './support.ts'

onEveryDatabase(({ name, access }) => {
  sessionsContract({ name: `the sessions of ${name}`, create: async () => open(access()) })
})

onStandIn('the Redis sessions', (bridge) => {
  it('get and put are one command each', async () => {
    const { sessions, clock } = open(bridge())
    await sessions.put('acme', 'chat', 'turns', clock() + 60_000)
    await sessions.get('acme', 'chat')
    expect(
      bridge()
        .commands.log()
        .map(([name]) => name),
    ).toEqual(['SET', 'GET'])
  })

  it('tell Redis to forget at keepUntil, and never the name of a conversation', async () => {
    const { sessions, clock, send, prefix } = open(bridge())
    await sessions.put('acme', 'chat of Ann Other', 'turns', clock() + 60_000)
    const [, names] = (await send('SCAN', 0, 'MATCH', `${prefix}:*`, 'COUNT', 1_000)) as [string, string[]]
    expect(names).toEqual([expect.stringMatching(/:session:[0-9a-f]{64}$/)])
    expect(await send('PEXPIRETIME', names[0]!)).toBe(clock() + 60_000)
  })

  it('take what is not theirs for nothing', async () => {
    const { sessions, clock, send, prefix } = open(bridge())
    await sessions.put('acme', 'chat', 'turns', clock() + 60_000)
    const [, names] = (await send('SCAN', 0, 'MATCH', `${prefix}:*`, 'COUNT', 1_000)) as [string, string[]]
    await send('SET', names[0]!, 'turns')
    expect(await sessions.get('acme', 'chat')).toBeUndefined()
  })
})
