import { expect, it } from 'vitest'
import { type Caller, openHouse } from '../support/isolation/house.ts'
import { detail } from '../support/world.ts'

const QUESTION = 'How do I reset my password? L-1-'
const REWORDED = 'My password: how can I reset it? L-1-'

/** Tenants of whom each has an answer, and was served it for a question that is like it. */
async function visiting() {
  const house = await openHouse('keys')
  const { call, callers, idle } = house
  const ask = (caller: Caller, content: string) => {
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content }] }
    return call('POST', '/v1/chat/completions', { headers: { ...caller.headers }, body })
  }
  const judge = async (caller: Caller, hit: Response, correct = false) => {
    const body = { request_id: hit.headers.get('x-request-id'), correct }
    const response = await call('POST', '/v1/cache/feedback', { headers: { ...caller.headers }, body })
    return { status: response.status, text: await response.text() }
  }
  const served = async (caller: Caller) => {
    await (await ask(caller, QUESTION)).text()
    await idle()
    const hit = await ask(caller, REWORDED)
    expect(detail(hit)).toBe('semantic')
    return hit
  }
  const of = (name: string): Caller => callers.find(({ tenant }) => tenant === name)!
  return { ...house, ask, judge, served, victim: of('acme'), mallory: of('acme-2') }
}

it('knows another’s hit no more than one that never was, though the other has one like it', async () => {
  const { served, judge, ask, victim, mallory } = await visiting()
  const [hit] = [await served(victim), await served(mallory)]
  const never = new Response('', { headers: { 'x-request-id': `req_${'A'.repeat(44)}` } })
  const refused = await judge(mallory, hit)
  expect(refused.status).toBe(404)
  expect(refused).toEqual(await judge(mallory, never))
  for (const caller of [victim, mallory]) expect(detail(await ask(caller, REWORDED))).toBe('semantic')
})

it('holds for who said it, and for nobody else', async () => {
  const { served, judge, ask, victim, mallory } = await visiting()
  const [hit] = [await served(victim), await served(mallory)]
  expect((await judge(victim, hit)).status).toBe(200)
  expect(detail(await ask(victim, REWORDED))).toBe('known-wrong')
  expect(detail(await ask(mallory, REWORDED))).toBe('semantic')
})

it('is forgotten with the tenant, so that the next of that name begins anew', async () => {
  const { served, judge, settle, admit, operate } = await visiting()
  await settle('acme-3')
  const first = await admit('acme-3')
  expect((await judge(first, await served(first))).status).toBe(200)
  await operate('DELETE', '/tenants/acme-3')
  await settle('acme-3')
  await served(await admit('acme-3'))
})

it('wants a key, as everything does', async () => {
  const { call } = await visiting()
  const body = { entry_id: 'ent_0', correct: true }
  expect((await call('POST', '/v1/cache/feedback', { body })).status).toBe(401)
})
