import { expect, it, onTestFinished } from 'vitest'
import { type Composed, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { silent } from '../../src/insight/log.ts'
import { overUpstash } from '../support/replicas.ts'
import { sameAgain, startUpstream } from '../support/upstream.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const ADMIN_KEY = 'the-operator-of-the-service'
const AUTH = { REPRISE_AUTH: 'keys', REPRISE_ADMIN_KEY: ADMIN_KEY }
const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'
/** So long, and no longer, may a replica go by what held before. */
const SOON_MS = 1_000

it('takes a second at most in a single process', async () => {
  const upstream = await startUpstream(sameAgain)
  const model = { OPENAI_BASE_URL: upstream.baseURL, OPENAI_API_KEY: 'sk-1' }
  const service = await compose(
    readConfig({ REPRISE_DATA_DIR: ':memory:', ...model, ...AUTH }),
    silent,
    undefined,
    () => 0,
  )
  onTestFinished(service.close)
  await switchesOff(service, [service])
})

describeWithRedis('switching off', () => {
  const { replica } = overUpstash()

  it('takes a second at most on every replica', async () => {
    const replicas = [await replica(AUTH), await replica(AUTH)]
    await switchesOff(replicas[0]!, replicas)
  })
})

/** Hits by meaning are had everywhere, and a second after one of them has heard that there are to be none, nowhere. */
async function switchesOff(one: Composed, all: readonly Composed[]): Promise<void> {
  await operate(one, 'PUT', '', { name: 'Acme' })
  const { key } = await operate(one, 'POST', '/keys', { name: 'backend' })
  await asking(one, key, QUESTION)
  await one.drain()
  for (const each of all) {
    for (let tries = 0; (await asking(each, key, REWORDED)) !== 'semantic'; tries++) {
      if (tries > 50) throw new Error('no hit by meaning is to be had')
      await later(100)
    }
  }
  await operate(one, 'PUT', '/namespaces/default/policy', { mode: 'off' })
  await later(SOON_MS)
  for (const each of all) expect(await asking(each, key, REWORDED)).toBe('exact-only.mode-off')
  await operate(one, 'PUT', '/namespaces/default/policy', { rollout: 0 })
  await later(SOON_MS)
  for (const each of all) expect(await asking(each, key, 'How would I reset my password?')).not.toBe('semantic')
}

async function operate({ fetch }: Composed, method: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` }
  const url = `http://localhost/v1/admin/tenants/acme${path}`
  const response = await fetch(new Request(url, { method, headers, body: JSON.stringify(body) }))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { key: string }
}

/** Keeps nothing, so that the question stays one that is answered by meaning or not at all. */
async function asking({ fetch }: Composed, key: string, content: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${key}`, ...(content !== QUESTION && { 'reprise-ttl': '0' }) }
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
  const response = await fetch(new Request('http://localhost/v1/chat/completions', { method: 'POST', headers, body }))
  await response.text()
  return /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
