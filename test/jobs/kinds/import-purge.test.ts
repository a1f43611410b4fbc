import { expect, it } from 'vitest'
import { ServiceError } from '../../../src/errors.ts'
import { kindsOf } from '../../../src/jobs/kinds.ts'
import { portableOf } from '../../../src/jobs/portable.ts'
import { LEASE_MS } from '../../../src/jobs/turn.ts'
import type { Ports } from '../../../src/ports.ts'
import { createPurges } from '../../../src/tenancy/purges.ts'
import { createRules } from '../../../src/tenancy/rules.ts'
import { answerTo, cellar } from '../cellar.ts'
import { deafBus, lifeOf, world } from '../world.ts'

/** Imports by replicas that know of purges; `quotaOf` is what each entry is preceded by. */
function importing(quotaOf: () => Promise<undefined> = async () => undefined) {
  const { records, bus, clock, ...rest } = world()
  const ours = cellar(clock)
  const purges = createPurges({ rules: createRules({ records, bus, clock }), clock })
  const ports = { ...ours, records, bus, clock } as unknown as Ports
  const unused = { ask: async () => '', reclaim: async () => 0 }
  return {
    ...rest,
    ...ours,
    purges,
    kinds: (changed: Partial<Ports> = {}) => kindsOf({ ports: { ...ports, ...changed }, purges, quotaOf, ...unused }),
    lines: (count: number) => Array.from({ length: count }, (_, nth) => portableOf(answerTo(nth, clock()))),
    /** What is kept and has not been purged. */
    served: async () => (await ours.entriesOf('acme')).filter((entry) => !purges.covers(entry)),
  }
}

it('does not bring back what was purged, although it is done again after a crash', async () => {
  for (const calls of [3, 25, 49, 50, 51, 52, 75]) {
    const { replica, mortal, kinds, lines, settles, advance, purges, store, served } = importing()
    const job = await replica(kinds(), { bus: deafBus }).enqueue('acme', 'import', {}, lines(40))
    const life = lifeOf(calls)
    void mortal(kinds({ store: life.bound(store) }), life).tick()
    await life.ended
    const before = await served()
    await purges.purge('acme', { tag: 'prices' })
    advance(LEASE_MS)
    await replica(kinds()).tick()
    await settles(job, { state: 'done', result: expect.objectContaining({ imported: 40 }) })
    const again = new Set((await served()).map(({ key }) => key.id))
    expect(
      before.filter(({ key }) => again.has(key.id)),
      `after ${calls} calls`,
    ).toEqual([])
  }
})

it('brings in, after a purge of what is old, what is older than that', async () => {
  const { replica, kinds, lines, settles, advance, purges, served } = importing()
  const old = lines(3)
  advance(60_000)
  await purges.purge('acme', { all: true, olderThanMs: 1_000 })
  const job = await replica(kinds()).enqueue('acme', 'import', {}, old)
  await settles(job, { state: 'done' })
  expect(await served()).toHaveLength(3)
})

it('ends, and brings in no more, when its tenant is gone', async () => {
  let left = 10
  const { replica, kinds, lines, settles, served } = importing(async () => {
    if (left-- <= 0) throw new ServiceError(404, 'tenant_not_found', 'gone')
    return undefined
  })
  const job = await replica(kinds()).enqueue('acme', 'import', {}, lines(40))
  await settles(job, { state: 'failed', error: 'gone' })
  expect(await served()).toHaveLength(10)
})
