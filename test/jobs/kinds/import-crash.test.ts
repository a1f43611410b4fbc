import { expect, it } from 'vitest'
import { importing } from '../../../src/jobs/kinds/import.ts'
import { portableOf } from '../../../src/jobs/portable.ts'
import { LEASE_MS } from '../../../src/jobs/turn.ts'
import { answerTo, cellar } from '../cellar.ts'
import { deafBus, lifeOf, settled, world } from '../world.ts'

const LINES = 50
const BAD = 30
const BATCH = 25

/** An import of 50 lines by a replica that dies after so many calls; another comes when its lease has ended. */
async function importedDespiteDeathAfter(calls: number) {
  const { records, replica, mortal, settles, advance, clock } = world()
  const ours = cellar(clock)
  let puts = 0
  const store = {
    ...ours.store,
    put(...args: Parameters<typeof ours.store.put>) {
      puts++
      return ours.store.put(...args)
    },
  }
  const kind = importing({ ...ours, store })
  const lines = Array.from({ length: LINES }, (_, nth) => {
    const space = nth % 2 ? ours.embedder.space : undefined
    return nth === BAD ? 'not a line' : portableOf(answerTo(nth, clock(), { space }))
  })
  const { enqueue, get } = replica([kind], { bus: deafBus })
  const job = await enqueue('acme', 'import', {}, lines)

  const life = lifeOf(calls)
  const its = { store: life.bound(store), index: life.bound(ours.index), embedder: life.bound(ours.embedder) }
  void mortal([importing({ ...ours, ...its })], life).tick()
  while (!life.isOver() && (await get('acme', job.id))!.state !== 'done') await settled()
  const outlived = !life.isOver()

  advance(LEASE_MS)
  await replica([kind]).tick()
  await settles(job, { state: 'done' })
  const { progress, result } = (await get('acme', job.id))!
  const found = (await ours.entriesOf('acme')).map(({ question }) => Number(/\d+/.exec(question)![0]))
  const pointers = await ours.index.size()
  return { outlived, puts, progress, result, found, pointers, spooled: await records.list('spool') }
}

it('loses and doubles nothing, whenever its replica dies', { timeout: 60_000 }, async () => {
  const expected = Array.from({ length: LINES }, (_, nth) => nth).filter((nth) => nth !== BAD)
  for (let calls = 0; ; calls++) {
    const { outlived, puts, progress, result, found, pointers, spooled } = await importedDespiteDeathAfter(calls)
    const after = `after ${calls} calls`
    expect(result, after).toEqual({ imported: 49, older: 0, expired: 0, bad: 1, badLines: [BAD + 1] })
    expect(progress, after).toEqual({ done: LINES, failed: 1, total: LINES })
    expect(
      found.sort((a, b) => a - b),
      after,
    ).toEqual(expected)
    expect(pointers, after).toBe(25)
    expect(spooled, after).toEqual([])
    expect(puts, after).toBeLessThanOrEqual(outlived ? 49 : 49 + BATCH)
    if (!outlived) continue
    // Of the store, the index and the embedder alone.
    expect(calls).toBeGreaterThan(49 + 49 + 25 + 25)
    return
  }
})
