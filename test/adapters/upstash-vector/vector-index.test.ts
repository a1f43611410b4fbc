import { Index } from '@upstash/vector'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../contract/patience.ts'
import { aKey, aPointer, direction, hex } from '../../contract/samples.ts'
import { open, patience, startService } from './support.ts'

describe('the index on Upstash Vector', () => {
  const { key, space } = aPointer(0, direction(2, 0))
  const within = { ...key, space }
  const pointer = (nth: number, at: number, scope = key.scope) =>
    aPointer(at, direction(2, nth % 90), { key: aKey({ scope, digest: hex(`${nth}`) }), question: `${nth}` })

  it('adds, looks and deletes with one request each', async () => {
    const service = await startService()
    const { index, clock } = await open(service)
    service.requests.reset()
    await index.add(pointer(0, clock()))
    await index.nearest(within, direction(2, 0), 8, clock())
    await index.delete(key)
    expect(['upsert', 'query', 'delete'].map(service.requests.count)).toEqual([1, 1, 1])
    expect(service.requests.count()).toBe(3)
  })

  it('has text embedded by the same request that adds it or looks for it', async () => {
    const service = await startService({ embed: (text) => direction(2, Number.parseFloat(text)) })
    const { index, clock } = await open(service, { probe: 'any' })
    service.requests.reset()
    await index.add({ ...pointer(0, clock()), probe: '30 degrees' })
    expect(await index.nearest(within, '90 degrees', 8, clock())).toMatchObject([
      { question: '0', similarity: expect.closeTo(0.5, 6) },
    ])
    expect(['upsert-data', 'query-data'].map(service.requests.count)).toEqual([1, 1])
    expect(service.requests.count()).toBe(2)
  })

  it('keeps the number of namespaces within bounds, with names that no URL can misread', async () => {
    const service = await startService()
    const { index, clock } = await open(service, { prefix: 'some', namespaces: 4 })
    const odd = aKey({ namespace: '../other?x=1#y', tenant: 'ünï/cörn' })
    await index.add(aPointer(clock(), direction(2, 0), { key: odd }))
    expect(await index.nearest({ ...odd, space }, direction(2, 0), 1, clock())).toHaveLength(1)
    for (let nth = 0; nth < 50; nth++) await index.add(pointer(nth, clock(), hex(`scope ${nth}`)))
    const namespaces = new Set(service.requests.of('upsert').map(({ namespace }) => namespace))
    expect([...namespaces].sort()).toEqual(['some-0', 'some-1', 'some-2', 'some-3'])
  })

  it('has one home for a key, whatever space its vector is of', async () => {
    const { index, clock } = await open(await startService())
    await index.add(pointer(0, clock()))
    await index.add({ ...pointer(0, clock()), space: 'another@1' })
    expect(await index.size()).toBe(1)
    expect(await index.nearest(within, direction(2, 0), 8, clock())).toEqual([])
  })

  it('puts none of the caller’s words into a filter', async () => {
    const service = await startService()
    const { index, clock } = await open(service)
    const odd = { tenant: `a' OR tenant != '`, namespace: '"', scope: key.scope, space: "'" }
    await index.nearest(odd, direction(2, 0), 8, clock())
    expect(service.requests.of('query')[0]?.body).toMatchObject({
      filter: expect.stringMatching(/^partition = '[0-9a-f]{32}' AND expiresAt > \d+ AND keepUntil > \d+$/),
    })
  })

  it('finds the stale, however stale, for whoever takes anything', async () => {
    const { index, clock, advance } = await open(await startService())
    await index.add({ ...pointer(0, clock()), keepUntil: clock() + 1e9 })
    advance(1e8)
    expect(await index.nearest(within, direction(2, 0), 8, Number.NEGATIVE_INFINITY)).toHaveLength(1)
  })

  it('finds nothing that is past keepUntil', async () => {
    const { index, clock, advance } = await open(await startService())
    await index.add(pointer(0, clock()))
    advance(119_999)
    expect(await index.nearest(within, direction(2, 0), 8, 0)).toHaveLength(1)
    advance(1)
    expect(await index.nearest(within, direction(2, 0), 8, 0)).toEqual([])
  })

  // A thousand requests, on a machine that may be busy.
  it(
    'finds what is near among many scopes, although the service gives up on filters that little passes',
    { timeout: 30_000 },
    async () => {
      const { index, clock } = await open(await startService({ filterBudget: 100 }))
      for (let nth = 0; nth < 1_000; nth++) await index.add(pointer(nth, clock(), hex(`scope ${nth % 250}`)))
      const found = await Promise.all(
        Array.from({ length: 250 }, (_, nth) =>
          index.nearest({ ...within, scope: hex(`scope ${nth}`) }, direction(2, 45), 4, clock()),
        ),
      )
      expect(found.flat()).toHaveLength(1_000)
    },
  )

  it('finds what is near behind records that are not of our making', async () => {
    const service = await startService()
    const { index, clock } = await open(service)
    await index.add(pointer(40, clock()))
    const [{ namespace, body }] = service.requests.of('upsert') as unknown as [Upsert]
    const raw = new Index({ ...service, enableTelemetry: false }).namespace(namespace)
    for (const id of ['a', 'b', 'c'])
      await raw.upsert({ id, vector: [1, 0], metadata: { ...body.metadata, question: 1 } })
    expect(await index.nearest(within, direction(2, 0), 1, clock())).toMatchObject([{ question: '40' }])
  })

  it('sweeps what is past keepUntil, in every namespace, and spares the rest', async () => {
    const { index, clock, advance } = await open(await startService(), { namespaces: 4 })
    for (let nth = 0; nth < 40; nth++) await index.add(pointer(nth, clock(), hex(`scope ${nth}`)))
    advance(120_000)
    await index.add(pointer(0, clock()))
    expect(await index.sweep()).toBe(40)
    expect(await index.sweep()).toBe(0)
    expect(await index.size()).toBe(1)
  })

  it('neither counts nor sweeps what others keep in the same index', async () => {
    const service = await startService()
    const ours = await open(service)
    const theirs = await open(service)
    await theirs.index.add(pointer(0, theirs.clock()))
    ours.advance(120_000)
    expect(await ours.index.size()).toBe(0)
    expect(await ours.index.sweep()).toBe(0)
    expect(await theirs.index.size()).toBe(1)
  })

  it('counts what is not to be seen yet', async () => {
    const service = await startService({ visibilityDelayMs: 1e9 })
    const { index, clock } = await open(service)
    await index.add(pointer(0, clock()))
    expect(await index.size()).toBe(1)
    service.settle()
    await eventually(async () => expect(await index.size()).toBe(1), patience)
  })

  it('keeps a question of forty-seven thousand bytes, and refuses a longer one without asking', async () => {
    const service = await startService()
    const { index, clock } = await open(service)
    const long = { ...pointer(0, clock()), question: 'é'.repeat(23_500) }
    await index.add(long)
    const [match] = await index.nearest(within, direction(2, 0), 1, clock())
    expect(match?.question).toBe(long.question)
    service.requests.reset()
    const refusal = await index.add({ ...long, question: 'not to be told '.repeat(3_200) }).catch(String)
    expect(refusal).toMatch(/^RangeError: a pointer of 48\d{3} bytes does not fit into Upstash Vector/)
    expect(refusal).not.toContain('not to be told')
    expect(service.requests.count()).toBe(0)
  })
})

interface Upsert {
  readonly namespace: string
  readonly body: { readonly metadata: object }
}
