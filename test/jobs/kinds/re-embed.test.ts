import { expect, it } from 'vitest'
import { reEmbedding } from '../../../src/jobs/kinds/re-embed.ts'
import { LEASE_MS } from '../../../src/jobs/turn.ts'
import type { Store } from '../../../src/ports.ts'
import { answerTo, cellar, nothingPurged } from '../cellar.ts'
import { deafBus, lifeOf, world } from '../world.ts'

const OLD = { space: 'old-1', vector: new Float32Array([1, 0]), says: 'a'.repeat(32) }

/** A store with so many entries of an old space, all of them of `source`. */
async function open(count: number, change: (store: Store) => Partial<Store> = () => ({})) {
  const around = world()
  const ours = cellar(around.clock)
  for (let nth = 0; nth < count; nth++) await ours.store.put(answerTo(nth, around.clock(), OLD))
  const its = { ...ours, store: { ...ours.store, ...change(ours.store) } }
  return { ...around, ...ours, its, kind: reEmbedding(its) }
}

it('brings every entry of another space into the present one, and changes nothing else of it', async () => {
  const { replica, settles, kind, store, embedder, index, entriesOf, clock } = await open(60)
  const exact = answerTo(100, clock())
  const other = answerTo(0, clock(), OLD)
  await store.put(exact)
  await store.put({ ...other, key: { ...other.key, id: 'ent_other', tenant: 'other' } })
  const job = await replica([kind]).enqueue('source', 're-embed', {})
  await settles(job, { state: 'done', result: { moved: 60, failed: 0 } })

  const { space } = embedder
  for (const entry of await entriesOf('source')) {
    const nth = Number(/\d+/.exec(entry.question)![0])
    const vector = await embedder.embed(entry.question)
    expect(entry).toEqual(
      nth === 100 ? exact : answerTo(nth, clock(), { ...OLD, space, vector: vector as typeof OLD.vector }),
    )
  }
  expect(await index.size()).toBe(60)
  const [first] = await entriesOf('source')
  expect(await index.nearest({ ...first!.key, space }, first!.vector!, 1, 0)).toMatchObject([{ says: OLD.says }])
  expect(await entriesOf('other')).toMatchObject([{ space: 'old-1' }])
})

it('leaves behind what has no place in the new space', async () => {
  const { replica, settles, kind, store, entriesOf, clock } = await open(0)
  await store.put(answerTo(1, clock(), { ...OLD, question: '' }))
  const job = await replica([kind]).enqueue('source', 're-embed', {})
  await settles(job, { state: 'done', result: { moved: 0, failed: 1 } })
  expect(await entriesOf('source')).toMatchObject([{ space: 'old-1' }])
})

it('brings back nothing that was deleted, replaced or purged meanwhile', async () => {
  const { replica, settles, its, store, entriesOf, clock } = await open(4)
  const [deleted, replaced, purged] = [0, 1, 2].map((nth) => answerTo(nth, clock(), OLD))
  const newer = answerTo(1, clock() + 1, { space: 'old-1', model: 'newer' })
  const embedder = {
    ...its.embedder,
    async embed(text: string) {
      if (text === deleted!.question) await store.delete(deleted!.key)
      if (text === replaced!.question) await store.put(newer)
      return its.embedder.embed(text)
    },
  }
  const purges = { ...nothingPurged, covers: ({ question }: { question: string }) => question === purged!.question }
  const job = await replica([reEmbedding({ ...its, embedder, purges })]).enqueue('source', 're-embed', {})
  await settles(job, { state: 'done' })
  const left = (await entriesOf('source')).map(({ question, model, space }) => [question, model, space])
  expect(left.sort()).toEqual(
    [
      [newer.question, 'newer', 'old-1'],
      [purged!.question, 'gpt-mini', 'old-1'],
      [answerTo(3, 0).question, 'gpt-mini', embedder.space],
    ].sort(),
  )
})

it('goes on where it was when its replica dies', async () => {
  let puts = 0
  const around = await open(60, (store) => ({ put: (entry) => (puts++, store.put(entry)) }))
  const { replica, mortal, settles, advance, kind, its, entriesOf, embedder } = around
  const job = await replica([kind], { bus: deafBus }).enqueue('source', 're-embed', {})
  const life = lifeOf(150)
  const dying = reEmbedding({ ...its, store: life.bound(its.store), index: life.bound(its.index) })
  void mortal([dying], life).tick()
  await life.ended
  advance(LEASE_MS)
  await replica([kind]).tick()
  await settles(job, { state: 'done', progress: { done: 50, failed: 0 } })
  expect((await entriesOf('source')).every(({ space }) => space === embedder.space)).toBe(true)
  expect(puts).toBeLessThanOrEqual(61)
})
