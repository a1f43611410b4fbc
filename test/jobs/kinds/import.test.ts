import { expect, it } from 'vitest'
import { importing } from '../../../src/jobs/kinds/import.ts'
import { placeMark, portableOf } from '../../../src/jobs/portable.ts'
import { idOf } from '../../../src/keys/key.ts'
import type { Entry } from '../../../src/ports.ts'
import { answerTo, cellar, nothingPurged } from '../cellar.ts'
import { world } from '../world.ts'

const HOUR = 3_600_000

function open(parts: (ours: ReturnType<typeof cellar>) => Partial<Parameters<typeof importing>[0]> = () => ({})) {
  const { replica, settles, clock } = world()
  const ours = cellar(clock)
  const { enqueue, get } = replica([importing({ ...ours, ...parts(ours) })])
  return {
    ...ours,
    /** Imports the lines as the tenant `acme`; gives what it came to. */
    async take(lines: readonly string[]) {
      const job = await enqueue('acme', 'import', {}, lines)
      await settles(job, { state: 'done' })
      return (await get('acme', job.id))!
    },
  }
}

/** The entry as it would be if `acme` had it. */
function taken({ key, ...entry }: Entry, parts: Partial<Entry> = {}): Entry {
  const ours = { ...key, tenant: 'acme' }
  return { ...entry, key: { ...ours, id: idOf(ours) }, epoch: 3, ...parts }
}

it('takes entries in as those of the tenant, under names of their own', async () => {
  const { take, entriesOf, clock } = open()
  const [one, other] = [answerTo(1, clock() - HOUR / 60), answerTo(2, clock())]
  const job = await take([portableOf(one), '', portableOf(other), placeMark('7')])
  expect(job.result).toEqual({ imported: 2, older: 0, expired: 0, bad: 0, badLines: [] })
  expect(job.progress).toEqual({ done: 4, failed: 0, total: 4 })
  expect(await entriesOf('acme')).toEqual([taken(one), taken(other)])
  expect(await entriesOf('source')).toEqual([])
})

it('counts lines that it cannot read, and says which', async () => {
  const { take, clock } = open()
  const lines = Array.from({ length: 30 }, (_, nth) => (nth % 2 ? portableOf(answerTo(nth, clock())) : 'what is this?'))
  const job = await take(lines)
  const badLines = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
  expect(job.result).toEqual({ imported: 15, older: 0, expired: 0, bad: 15, badLines })
  expect(job.progress).toEqual({ done: 30, failed: 15, total: 30 })
})

it('leaves out what is over, and keeps what is only stale', async () => {
  const { take, entriesOf, clock } = open()
  const over = answerTo(1, clock() - HOUR, { expiresAt: clock() - 1, keepUntil: clock() })
  const stale = answerTo(2, clock() - HOUR, { expiresAt: clock() - 1, keepUntil: clock() + 1 })
  expect((await take([portableOf(over), portableOf(stale)])).result).toMatchObject({ imported: 1, expired: 1 })
  expect((await entriesOf('acme')).map(({ question }) => question)).toEqual([stale.question])
})

it('leaves a later answer alone, unless it has been purged', async () => {
  const purged = answerTo(2, 0).question
  const { take, store, entriesOf, clock } = open(() => ({
    purges: { ...nothingPurged, covers: ({ question }) => question === purged },
  }))
  const later = [1, 2].map((nth) => taken(answerTo(nth, clock(), { model: 'later' })))
  for (const entry of later) await store.put(entry)
  const earlier = [1, 2].map((nth) => portableOf(answerTo(nth, clock() - 1, { model: 'earlier' })))
  expect((await take(earlier)).result).toMatchObject({ imported: 1, older: 1 })
  expect((await entriesOf('acme')).map(({ model }) => model).sort()).toEqual(['earlier', 'later'])
})

it('replaces an earlier answer, and takes none for later than now', async () => {
  const { take, store, entriesOf, clock } = open()
  await store.put(taken(answerTo(1, clock() - 1, { model: 'earlier' })))
  const future = answerTo(1, clock() + HOUR, {
    model: 'later',
    expiresAt: clock() + 2 * HOUR,
    keepUntil: clock() + 2 * HOUR,
  })
  await take([portableOf(future)])
  expect(await entriesOf('acme')).toMatchObject([{ model: 'later', createdAt: clock() }])
})

it('takes a vector of its own space as it comes, and makes one in place of any other', async () => {
  const { take, embedder, index, entriesOf, clock } = open()
  const away = new Float32Array(((await embedder.embed('x')) as Float32Array).length)
  away[0] = 1
  const says = 'a'.repeat(32)
  const ours = answerTo(1, clock(), { space: embedder.space, vector: away, says })
  const foreign = answerTo(2, clock(), { space: 'elsewhere-1', vector: away })
  const wrongSize = answerTo(3, clock(), { space: embedder.space, vector: new Float32Array([1, 0]) })
  const none = answerTo(4, clock())
  await take([ours, foreign, wrongSize, none].map(portableOf))

  const made = (entry: Entry) => embedder.embed(entry.question)
  const found = (await entriesOf('acme')).map(({ space, vector }) => ({ space, vector }))
  expect(found).toEqual([
    { space: embedder.space, vector: away },
    { space: embedder.space, vector: await made(foreign) },
    { space: embedder.space, vector: await made(wrongSize) },
    { space: undefined, vector: undefined },
  ])
  expect(await index.size()).toBe(3)
  const within = { ...taken(ours).key, space: embedder.space }
  expect(await index.nearest(within, away, 1, 0)).toMatchObject([{ key: taken(ours).key, says, similarity: 1 }])
})

it('leaves embedding to an index that does that itself', async () => {
  const added: unknown[] = []
  const { take, entriesOf, clock } = open(({ embedder, index }) => ({
    embedder: { ...embedder, space: 'of-the-index', embed: async (text) => text },
    index: { ...index, add: async ({ probe, space }) => void added.push({ probe, space }) },
  }))
  const entry = answerTo(1, clock(), { space: 'of-the-index' })
  await take([portableOf(entry)])
  expect(added).toEqual([{ probe: entry.question, space: 'of-the-index' }])
  expect(await entriesOf('acme')).toMatchObject([{ space: 'of-the-index', vector: undefined }])
})

it('keeps to the quota of its tenant', async () => {
  const quotas: unknown[] = []
  const { take, clock } = open(({ store }) => ({
    quotaOf: async (tenant) => ({ maxEntries: tenant.length, maxBytes: 1e6 }),
    store: { ...store, put: async (_, quota) => void quotas.push(quota) },
  }))
  await take([portableOf(answerTo(1, clock()))])
  expect(quotas).toEqual([{ maxEntries: 4, maxBytes: 1e6 }])
})
