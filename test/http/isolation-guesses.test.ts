import { expect, it } from 'vitest'
import { type Caller, openHouse } from '../support/isolation/house.ts'

/** A tenant that has an entry and a job, and another who knows what they are called. */
async function knowing() {
  const { call, callers, idle } = await openHouse('keys')
  const of = (name: string): Caller => callers.find(({ tenant }) => tenant === name)!
  const [victim, mallory] = [of('acme'), of('acme-2')]
  const by = async ({ headers }: Caller, method: string, path: string, body?: unknown) => {
    const response = await call(method, path, { headers, body })
    return { status: response.status, text: await response.text() }
  }
  const question = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How do I reset L-1-?' }] }
  await by(victim, 'POST', '/v1/chat/completions', question)
  await idle()
  const [entry = ''] = /ent_\w+/.exec((await by(victim, 'GET', '/v1/cache/entries')).text) ?? []
  const order = { model: 'gpt-4o-mini', questions: ['Who has sent L-1-?'] }
  const [job = ''] = /job_\w+/.exec((await by(victim, 'POST', '/v1/cache/warm-up', order)).text) ?? []
  return { by, victim, mallory, entry, job }
}

/** Ways to write down an id of another tenant's, some of which may come to mean what they should not. */
const SPELLINGS: readonly ((id: string, kind: string) => string)[] = [
  (id) => id,
  (id) => `${id}%20`,
  (id) => `${id}%00`,
  (id) => `%20${id}`,
  (id) => id.toUpperCase(),
  (id) => id.slice(0, -1),
  (id) => `${id.slice(0, 4)}*`,
  (id) => id.replace('_', '%5F'),
  (id) => id.replace('_', '%255F'),
  (id) => `acme%2F${id}`,
  (id) => `..%2Facme%2F${id}`,
  (id) => `..%5Cacme%5C${id}`,
  (id) => `%2e%2e%2facme%2f${id}`,
  (id, kind) => `../${kind}/${id}`,
  (id, kind) => `%2e%2e/${kind}/${id}`,
  (id) => `${id};tenant=acme`,
  (id) => `${id}?tenant=acme`,
  (id) => `${id}${'x'.repeat(10_000)}`,
  (id) => `${'%2F'.repeat(2_000)}${id}`,
]

it('finds 404 under another’s id however it is written, in the words for one that never was', async () => {
  const { by, mallory, victim, entry, job } = await knowing()
  for (const [kind, id] of [
    ['entries', entry],
    ['jobs', job],
  ] as const) {
    for (const spelt of SPELLINGS) {
      for (const method of ['GET', 'DELETE']) {
        const at = (id: string) => `/v1/cache/${kind}/${spelt(id, kind)}`
        const nobodys = `${id.slice(0, 4)}${'0'.repeat(24)}`
        const [got, expected] = [await by(mallory, method, at(id)), await by(mallory, method, at(nobodys))]
        expect(got.status, `${method} ${at(id).slice(0, 100)}`).toBe(404)
        const plain = ({ text }: typeof got) => text.replaceAll(/(?:ent|job)((?:_|%5F)[0-9a-f]*)/gi, 'its id')
        expect(plain(got)).toBe(plain(expected))
      }
    }
    expect((await by(victim, 'GET', `/v1/cache/${kind}/${id}`)).status).toBe(200)
  }
})

it('purges nothing of another’s by its id', async () => {
  const { by, mallory, victim, entry } = await knowing()
  const purged = await by(mallory, 'POST', '/v1/cache/purge', { id: entry })
  expect(purged).toEqual(await by(mallory, 'POST', '/v1/cache/purge', { id: `ent_${'0'.repeat(24)}` }))
  expect((await by(victim, 'GET', `/v1/cache/entries/${entry}`)).status).toBe(200)
})

it.each(['1', '999999', '-1', '0', 'ent_0', '1 OR 1=1', '%00'])(
  'finds nothing behind the cursor %j',
  async (cursor) => {
    const { by, mallory } = await knowing()
    for (const path of [`entries?cursor=${cursor}`, `export?after=${cursor}`]) {
      const { status, text } = await by(mallory, 'GET', `/v1/cache/${path}`)
      expect([200, 400], text).toContain(status)
      expect(text).not.toMatch(/L-1-|ent_[0-9a-f]{24}|"question"/)
    }
  },
)
