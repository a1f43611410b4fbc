import { expect, it } from 'vitest'
import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import type { Label } from '../../src/labels/label.ts'
import { createVerdicts } from '../../src/labels/verdicts.ts'
import type { Records } from '../../src/ports.ts'
import { createRules } from '../../src/tenancy/rules.ts'
import { createVersions } from '../../src/tenancy/versions.ts'
import { aKey, hex } from '../contract/samples.ts'
import { type OpenRecords, onEveryRecords, openSqliteRecords } from '../support/records.ts'

const ENTRY = aKey().id
const QUESTION = hex('question')
const wrong = (parts: Partial<Label> = {}): Label => ({
  tenant: 'acme',
  namespace: 'default',
  space: 'words-1',
  entry: ENTRY,
  question: QUESTION,
  score: 4,
  right: false,
  source: 'feedback',
  weight: 1,
  ...parts,
})

/** Two replicas over the same records; the second is not told of anything by the bus. */
function replicas(open: OpenRecords = openSqliteRecords) {
  let now = 0
  const clock = () => now
  const asked: string[] = []
  let broken = false
  const records = open()
  const watched: Records = {
    ...records,
    async versions(kinds) {
      asked.push('versions')
      if (broken) throw new Error('down')
      return records.versions(kinds)
    },
    async get(kind, id) {
      asked.push(`get ${kind} ${id}`)
      if (broken) throw new Error('down')
      return records.get(kind, id)
    },
  }
  const replica = () => {
    const ports = { records: watched, bus: localBus(), clock }
    const versions = createVersions(ports, ['rules', 'verdicts'])
    const rules = createRules(ports, 'rules', versions)
    return { rules, ...createVerdicts({ rules: createRules(ports, 'verdicts', versions), clock }) }
  }
  return {
    ours: replica(),
    theirs: replica(),
    another: replica,
    records,
    asked,
    advance: (ms: number) => void (now += ms),
    breakDown: () => void (broken = true),
  }
}

onEveryRecords((open) => {
  it('remembers for all replicas, within a second, and for those that start later', async () => {
    const { ours, theirs, another, advance } = replicas(open)
    await theirs.fresh('acme', [ENTRY])
    await ours.record(wrong())
    expect(ours.refuses('acme', ENTRY, QUESTION)).toBe(true)
    expect(ours.offsetOf('acme', ENTRY)).toBeLessThan(-0.9)
    advance(1_000)
    for (const replica of [theirs, another()]) {
      await replica.fresh('acme', [ENTRY])
      expect(replica.refuses('acme', ENTRY, QUESTION)).toBe(true)
      expect(replica.offsetOf('acme', ENTRY)).toBe(ours.offsetOf('acme', ENTRY))
    }
  })

  it('keeps what all say at once', async () => {
    const { ours, theirs } = replicas(open)
    const all = Array.from({ length: 20 }, (_, nth) => hex(`${nth}`))
    await Promise.all(all.map((question, nth) => (nth % 2 ? ours : theirs).record(wrong({ question }))))
    await ours.record(wrong())
    expect(all.every((question) => ours.refuses('acme', ENTRY, question))).toBe(true)
  })

  it('forgets a tenant, and no other', async () => {
    const { ours } = replicas(open)
    await ours.record(wrong())
    await ours.record(wrong({ tenant: 'acme-2' }))
    await ours.forget('acme')
    for (const tenant of ['acme', 'acme-2']) await ours.fresh(tenant, [ENTRY])
    expect(ours.refuses('acme', ENTRY, QUESTION)).toBe(false)
    expect(ours.refuses('acme-2', ENTRY, QUESTION)).toBe(true)
  })
})

it('knows nothing of other tenants, entries and questions', async () => {
  const { ours } = replicas()
  await ours.record(wrong())
  const other = aKey({ digest: hex('other') }).id
  await Promise.all([ours.fresh('acme-2', [ENTRY]), ours.fresh('acme', [other])])
  expect(ours.refuses('acme-2', ENTRY, QUESTION)).toBe(false)
  expect(ours.refuses('acme', other, QUESTION)).toBe(false)
  expect(ours.refuses('acme', ENTRY, hex('other'))).toBe(false)
  expect(ours.offsetOf('acme', other)).toBe(0)
  expect(ours.countsOf('acme', other)).toEqual({ right: 0, wrong: 0, expected: 0 })
})

it('counts the same feedback once', async () => {
  const { ours, records } = replicas()
  await ours.record(wrong())
  const version = await records.version('verdicts')
  for (let nth = 0; nth < 3; nth++) await ours.record(wrong())
  expect(ours.countsOf('acme', ENTRY)).toMatchObject({ right: 0, wrong: 1 })
  expect(await records.version('verdicts')).toBe(version)
})

it('reads nothing as long as nobody has judged anything', async () => {
  const { ours, asked } = replicas()
  for (let nth = 0; nth < 10; nth++) await ours.fresh(`tenant-${nth}`, [ENTRY])
  expect(asked).toEqual(['versions'])
})

it('asks for its version together with that of the rules: nothing more than twice a second', async () => {
  const { ours, theirs, asked, advance } = replicas()
  await theirs.record(wrong())
  asked.length = 0
  for (let nth = 0; nth < 100; nth++) {
    await ours.rules.get('tenant/acme')
    await ours.fresh('acme', [ENTRY])
    advance(100)
  }
  expect(asked.filter((what) => what === 'versions')).toHaveLength(20)
  expect(asked.filter((what) => what !== 'versions')).toEqual([
    'get rules tenant/acme',
    `get verdicts acme/${ENTRY[4]}`,
  ])
})

it('leaves the rules as they are known', async () => {
  const { ours, theirs, asked, advance } = replicas()
  await ours.rules.get('tenant/acme')
  asked.length = 0
  await theirs.record(wrong())
  advance(1_000)
  await ours.rules.get('tenant/acme')
  expect(asked.filter((what) => what.startsWith('get rules'))).toEqual([])
})

it('rejects what cannot be told', async () => {
  const { ours, advance, breakDown, records } = replicas()
  await ours.record(wrong())
  await records.swap('verdicts', `acme/${ENTRY[4]}`, await records.get('verdicts', `acme/${ENTRY[4]}`), '{"ent":1}')
  advance(1_000)
  await expect(ours.fresh('acme', [ENTRY])).rejects.toMatchObject({ status: 503, code: 'verdicts_unavailable' })
  breakDown()
  advance(1_000)
  await expect(ours.fresh('acme', [ENTRY])).rejects.toThrow('down')
  await expect(ours.record(wrong())).rejects.toThrow('down')
})

it('grants an answer 64 aliases', async () => {
  const { ours } = replicas()
  const granted = []
  for (let nth = 0; nth < 70; nth++) granted.push(await ours.grantAlias('acme', ENTRY, 7, `${nth}`))
  expect(granted.filter(Boolean)).toHaveLength(64)
  expect(await ours.grantAlias('acme', ENTRY, 7, '0')).toBe(true)
})
