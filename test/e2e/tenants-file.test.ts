import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Log, silent } from '../../src/insight/log.ts'
import { eventually } from '../contract/patience.ts'
import { emptyFolder } from '../support/process.ts'
import { startUpstream } from '../support/upstream.ts'
import { PATIENT, startReplica } from './sites.ts'

const [FIRST, SECOND] = ['a-key-that-acme-has-thought-up', 'another-key-that-acme-has-thought-up']
const QUESTION = 'How do I reset my password?'

it('lets in whom the file names, and from its next version on whom that one names', async () => {
  const { write, ask } = await listing(tenants({ keys: [FIRST] }))
  expect((await ask(FIRST, QUESTION)).status).toBe(200)
  expect((await ask(SECOND, QUESTION)).status).toBe(401)
  write(tenants({ keys: [SECOND] }))
  await eventually(async () => expect((await ask(FIRST, QUESTION)).status).toBe(401), PATIENT)
  expect(await ask(SECOND, QUESTION)).toMatchObject({ status: 200, detail: 'exact' })
})

it('holds a tenant to the policy of the next version', async () => {
  const { write, ask } = await listing(tenants({ keys: [FIRST] }))
  await ask(FIRST, QUESTION)
  expect((await ask(FIRST, 'How can I reset my password?')).detail).toBe('semantic')
  write(tenants({ keys: [FIRST], mode: 'shadow' }))
  let times = 0
  // Each time in other words: what has been asked once is there in the very same.
  const inOtherWords = () => ask(FIRST, `How can I reset my password${'?'.repeat(++times)}`)
  await eventually(async () => expect((await inOtherWords()).detail).toBe('shadow'), PATIENT)
})

it.each([
  ['not even YAML', 'tenants: ['],
  ['of another shape', 'tenants: [{ id: acme, nmae: Acme }]'],
  ['with a key that is no hash', 'tenants: [{ id: acme, name: Acme, keys: [{ name: k, keyHash: secret }] }]'],
])('stays with the version before if the next one is %s, and says so', async (_, faulty) => {
  const { write, ask, told } = await listing(tenants({ keys: [FIRST] }))
  write(faulty)
  await eventually(async () => expect(told).toHaveLength(1), PATIENT)
  expect((await ask(FIRST, QUESTION)).status).toBe(200)
  write(tenants({ keys: [SECOND] }))
  await eventually(async () => expect((await ask(SECOND, QUESTION)).status).toBe(200), PATIENT)
})

it('lets the operator look at a tenant of the file, and not touch it', async () => {
  const { operator, request, ask } = await listing(tenants({ keys: [FIRST] }))
  const { text } = await operator('GET', '/tenants/acme')
  expect(JSON.parse(text)).toMatchObject({ id: 'acme', source: 'file' })
  const changed = await operator('PUT', '/tenants/acme', { name: 'Acme', disabled: true })
  expect([changed.status, JSON.parse(changed.text)]).toMatchObject([409, { error: { code: 'tenant_read_only' } }])
  expect((await operator('POST', '/tenants/acme/keys', { name: 'one more' })).status).toBe(409)
  expect((await ask(FIRST, QUESTION)).status).toBe(200)
  expect((await request(FIRST, 'GET', '/v1/cache/stats')).status).toBe(200)
})

/** The service with tenants by file, which can be written anew. */
async function listing(first: string) {
  const path = join(emptyFolder(), 'tenants.yaml')
  const write = (text: string) => {
    // As an editor does it, and a mounted secret: in one step, by another file of the same name.
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
  write(first)
  const { baseURL } = await startUpstream()
  const told: unknown[] = []
  const log: Log = { ...silent, error: (fields) => void told.push(fields) }
  const env = { REPRISE_TENANTS_FILE: path, REPRISE_AUTH: 'keys', REPRISE_DATA_DIR: ':memory:' }
  const replica = await startReplica({ ...env, OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: 'sk-1' }, { log })
  return { ...replica, write, told }
}

function tenants({ keys, mode = 'on' }: { readonly keys: readonly string[]; readonly mode?: string }): string {
  const listed = keys.map((key) => `{ name: backend, keyHash: ${createHash('sha256').update(key).digest('hex')} }`)
  return `tenants: [{ id: acme, name: Acme, policy: { mode: ${mode} }, keys: [${listed.join()}] }]`
}
