import { expect } from 'vitest'
import { HELP, type Office, OWN_KEY, TOPICS } from './office.ts'
import type { Site } from './sites.ts'

const PARCELS = ['What does a parcel to France cost?', 'What does a parcel to Spain cost?']

/** A tenant with a key of ours, a key of its own for the model, and a policy. */
export async function opens(office: Office, site: Site): Promise<void> {
  const { desk, upstream } = office
  expect((await desk.operator('GET', '/tenants/acme')).status).toBe(404)
  const made = await desk.operator('PUT', '/tenants/acme', { name: 'Acme', upstream: { apiKey: OWN_KEY } })
  expect(made.status).toBe(201)
  expect(JSON.parse(made.text)).toMatchObject({ id: 'acme', upstream: { hint: OWN_KEY.slice(-4) } })
  expect(made.text).not.toContain(OWN_KEY)

  const key = await office.newKey('first')
  expect((await office.ask('Good morning')).status).toBe(200)
  expect((await desk.ask(undefined, 'Good morning')).status).toBe(401)
  expect((await desk.ask(`${key.slice(0, -1)}_`, 'Good morning')).status).toBe(401)
  expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${OWN_KEY}`])
  expect(site.written()).toContain('Acme')
  expect(site.written()).not.toMatch(new RegExp(`${OWN_KEY}|${key}`))
}

/** What would be served is told and counted, and nothing is. */
export async function shadows(office: Office): Promise<void> {
  await office.policy({ mode: 'shadow', threshold: 0.9, ttlSeconds: 3600, staleWhileRevalidateSeconds: 600 })
  for (const topic of TOPICS) expect((await office.ask(`How do I ${topic}?`, HELP)).said).toMatch(/^Answer/)
  await office.agrees()
  for (const topic of TOPICS) expect(await office.ask(`How can I ${topic}?`, HELP)).toMatchObject({ detail: 'shadow' })
  // The very same words are answered as ever.
  expect(await office.ask(`How do I ${TOPICS[0]}?`, HELP)).toMatchObject({ detail: 'exact' })
  await office.agrees()
  expect(await office.stats()).toMatchObject({ misses: { by_reason: { shadow: 4 } }, hits: { semantic: 0, exact: 1 } })
}

/** To about half of the callers, always the same ones, and then to all. */
export async function rollsOut(office: Office): Promise<void> {
  const callers = Array.from({ length: 20 }, (_, at) => ({ ...HELP, 'reprise-user': `caller-${at}` }))
  await office.policy({ mode: 'on', rollout: 50, threshold: 0.9, ttlSeconds: 3600, staleWhileRevalidateSeconds: 600 })
  for (const caller of callers) await office.ask('How do I reset my password?', caller)
  await office.agrees()
  const groups = await office.details('How can I reset my password?', callers)
  await office.agrees()
  expect(await office.details('My password: how can I reset it?', callers)).toEqual(groups)
  expect(new Set(groups)).toEqual(new Set(['semantic', 'control']))
  const served = groups.filter((detail) => detail === 'semantic').length
  expect(served).toBeGreaterThan(4)
  expect(served).toBeLessThan(16)
  await office.agrees()
  const counted = { hits: { semantic: 2 * served }, misses: { by_reason: { control: 2 * (20 - served) } } }
  expect(await office.stats('&by=namespace')).toMatchObject(counted)

  await office.policy({ mode: 'on', rollout: 100, threshold: 0.9, ttlSeconds: 3600, staleWhileRevalidateSeconds: 600 })
  const all = await office.details('Please, how do I reset my password?', callers)
  expect(new Set(all)).toEqual(new Set(['semantic']))
  await office.agrees()
}

/** Gone everywhere when the purge is over, and nothing else with it. */
export async function purgesATag(office: Office): Promise<void> {
  for (const parcel of PARCELS) await office.ask(parcel, { 'reprise-tags': 'prices, parcels' })
  await office.ask('Can I return shoes?', { 'reprise-tags': 'returns' })
  await office.agrees()
  const dry = await office.own('POST', '/cache/purge', { tag: 'prices', dryRun: true })
  expect(dry).toMatchObject({ matched: 2, purged: 0 })
  for (const parcel of PARCELS) expect(await office.isKept(parcel)).toBe(true)

  const purge = await office.own('POST', '/cache/purge', { tag: 'prices' })
  expect(purge).toEqual({ matched: 2, purged: 2, complete: true })
  for (const parcel of PARCELS) expect(await office.isKept(parcel)).toBe(false)
  expect(await office.isKept('Can I return shoes?')).toBe(true)
  expect(await office.own('GET', '/cache/entries?tag=parcels')).toMatchObject({ entries: [], next: null })
}
