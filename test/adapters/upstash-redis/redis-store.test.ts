import { http, HttpResponse } from 'msw/http'
import { setupServer } from 'msw/node'
import { expect, it, onTestFinished } from 'vitest'
import { recordOf } from '../../../src/adapters/upstash-redis/record.ts'
import type { Entry } from '../../../src/ports.ts'
import { eventually } from '../../contract/patience.ts'
import { aKey, anEntry, hex } from '../../contract/samples.ts'
import { storeContract } from '../../contract/store.contract.ts'
import { onEveryDatabase, onStandIn, open, patience } from './support.ts'

onEveryDatabase(({ name, access }) => {
  storeContract({ name: `the store of ${name}`, sweepsByItself: true, create: async () => open(access()) })
})

onStandIn('the Redis store', (bridge) => {
  const opened = () => {
    const { store, clock, send, prefix, advance } = open(bridge())
    const entry = (parts: Partial<Entry> = {}) => anEntry(clock(), parts)
    return { store, clock, send, entry, advance, name: `${prefix}:entry:${aKey().id}`, commands: bridge().commands }
  }
  const numbered = (nth: number) => aKey({ digest: hex(`${nth}`) })

  it('looks with one command', async () => {
    const { store, commands } = opened()
    await store.get(aKey())
    expect(commands.log()).toMatchObject([['GET', expect.any(String)]])
    expect(commands.requests()).toBe(1)
  })

  it('keeps with one command', async () => {
    const { store, entry, commands } = opened()
    await store.put(entry({ vector: new Float32Array(1536).fill(0.1), space: 'some@1' }))
    expect(commands.count('EVAL')).toBe(1)
    expect(commands.count()).toBe(1)
    expect(commands.requests()).toBe(1)
  })

  it('deletes with one command', async () => {
    const { store, commands } = opened()
    await store.delete(aKey())
    expect(commands.count()).toBe(1)
  })

  it('reads all entries in few commands', async () => {
    const { store, entry, commands } = opened()
    for (let nth = 0; nth < 96; nth++) await store.put(entry({ key: numbered(nth) }))
    commands.reset()
    expect(await Array.fromAsync(store.entries())).toHaveLength(96)
    expect([commands.count('SCAN'), commands.count('MGET'), commands.count()]).toEqual([1, 3, 4])
  })

  it('tells Redis to forget an entry at keepUntil', async () => {
    const { store, clock, entry, send, name } = opened()
    await store.put(entry({ keepUntil: clock() + 120_000 }))
    expect(await send('PEXPIRETIME', name)).toBe(clock() + 120_000)
  })

  it('keeps until a time between two milliseconds', async () => {
    const { store, clock, entry } = opened()
    await store.put(entry({ keepUntil: clock() + 120_000.5 }))
    expect((await store.get(aKey()))?.keepUntil).toBe(clock() + 120_000.5)
  })

  it('takes up no room once Redis has forgotten', async () => {
    const { store, clock, entry } = opened()
    await store.put(entry({ expiresAt: clock() + 300, keepUntil: clock() + 300 }))
    expect((await store.size()).entries).toBe(1)
    await eventually(async () => expect(await store.size()).toMatchObject({ entries: 0, bytes: 0 }), patience)
  })

  it('reads a page in few commands', async () => {
    const { store, entry, commands } = opened()
    for (let nth = 0; nth < 96; nth++) await store.put(entry({ key: numbered(nth) }))
    commands.reset()
    expect((await store.page(aKey().tenant, 96)).entries).toHaveLength(96)
    expect([commands.count('ZRANGE'), commands.count('MGET'), commands.count()]).toEqual([1, 3, 4])
  })

  it('has nothing at hand', async () => {
    const { store, entry } = opened()
    await store.put(entry())
    expect(store.atHand(aKey())).toBe(false)
  })

  it('takes a record from before there were purges for one that every purge covers', async () => {
    const { store, entry, send, name } = opened()
    await store.put(entry({ epoch: 42 }))
    await send('SET', name, String(await send('GET', name)).replace(',"epoch":42', ''))
    expect((await store.get(aKey()))?.epoch).toBe(0)
  })

  it.each([
    ['no JSON', () => 'not json'],
    ['JSON of something else', () => '[]'],
    ['an entry without an answer', (record: string) => record.replace('"completion"', '"other"')],
    ['half an answer', (record: string) => record.replace(/"completion":".*?[^\\]"/, '"completion":"{"')],
    [
      'an answer that is said to be none',
      (record: string) => record.replace('{', '{"aliasOf":{"id":"e","digest":"0"},'),
    ],
    ['tags of another kind', (record: string) => record.replace('"tags":[]', '"tags":[1]')],
    ['a vector cut short', (record: string) => record.replace(/"vector":"[^"]+"/, '"vector":"AAAA"')],
  ])('takes %s for missing, and counts it', async (_, damaged) => {
    const { store, entry, send, name } = opened()
    await store.put(entry({ vector: new Float32Array([1, 0]), space: 'plane@1' }))
    await store.put(entry({ key: numbered(1) }))
    await send('SET', name, damaged(String(await send('GET', name))))
    expect(await store.get(aKey())).toBeUndefined()
    expect(await store.size()).toMatchObject({ entries: 2, unreadable: 1 })
    const living = await Array.fromAsync(store.entries())
    expect(living.map(({ key }) => key)).toEqual([numbered(1)])
  })

  it.each(['tenant', 'namespace', 'scope', 'digest'] as const)(
    'never gives an entry of another %s, even under the same name',
    async (part) => {
      const { store, entry } = opened()
      await store.put(entry())
      expect(await store.get({ ...aKey(), [part]: 'another' })).toBeUndefined()
    },
  )

  it('finds no entry that goes by another name', async () => {
    const { store, entry, send, name } = opened()
    await store.put(entry())
    await send('SET', name, recordOf(entry({ key: numbered(1) })))
    expect(await store.find(aKey().id)).toBeUndefined()
  })

  it('lists no entry of another tenant, even under a name of this one', async () => {
    const { store, entry, send, name } = opened()
    await store.put(entry())
    await store.put(entry({ key: numbered(1) }))
    await send('SET', name, recordOf(entry({ key: { ...aKey(), tenant: 'another' } })))
    expect(await store.page(aKey().tenant, 10)).toEqual({ entries: [entry({ key: numbered(1) })] })
  })

  it('keeps an answer of nine million bytes', async () => {
    const { store, entry } = opened()
    const completion = JSON.stringify('x'.repeat(9_000_000))
    await store.put(entry({ completion }))
    expect((await store.get(aKey()))?.completion).toBe(completion)
  })

  it('refuses an entry that fits into no request, without asking', async () => {
    const { store, entry, commands } = opened()
    const completion = JSON.stringify('an answer not to be told '.repeat(400_000))
    const refusal = await store.put(entry({ completion })).catch(String)
    expect(refusal).toMatch(/^RangeError: an entry of 10\d{6} bytes does not fit into a request/)
    expect(refusal).not.toContain('not to be told')
    expect(commands.requests()).toBe(0)
  })
})

it('the Redis store yields once what a scan meets twice', async () => {
  const { store, asked } = onScans(['7', ['a', 'b', 'a']], ['0', ['b', 'c']])
  await Array.fromAsync(store.entries())
  expect(asked.filter(([command]) => command === 'MGET')).toEqual([
    ['MGET', 'a', 'b'],
    ['MGET', 'c'],
  ])
})

/** The store of a database that answers scans so, and has nothing to read. */
function onScans(...scans: (readonly [cursor: string, names: readonly string[]])[]) {
  const asked: string[][] = []
  const server = setupServer(
    http.post<never, string[]>('https://redis.test/', async ({ request }) => {
      const command = await request.json()
      asked.push(command)
      return HttpResponse.json({ result: command[0] === 'SCAN' ? scans.shift() : [] })
    }),
  )
  server.listen({ onUnhandledFrame: 'error' })
  onTestFinished(() => server.close())
  return { ...open({ url: 'https://redis.test', token: 'token' }), asked }
}
