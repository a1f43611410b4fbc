import { expect, it } from 'vitest'
import { type Caller, openHouse } from '../support/isolation/house.ts'

it('shows whoever gets the name of a tenant that is gone none of its jobs, and does none of them', async () => {
  const { call, callers, operate, settle, admit, idle } = await openHouse('keys')
  const victim = callers.find(({ tenant }) => tenant === 'acme')!
  const by = async ({ headers }: Caller, method: string, path: string, body?: unknown) =>
    (await call(method, `/v1/${path}`, { headers, body })).text()
  const question = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How do I reset L-1-?' }] }
  await by(victim, 'POST', 'chat/completions', question)
  const lines = await by(victim, 'GET', 'cache/export')
  const slow = { model: 'gpt-4o-mini', perMinute: 60, questions: ['Who has sent L-2-?', 'Who has sent L-3-?'] }
  for (let place = 0; place < 2; place++) await by(victim, 'POST', 'cache/warm-up', slow)
  await by(victim, 'POST', 'cache/import', lines)
  await operate('DELETE', '/tenants/acme')
  await settle('acme')
  const heir = await admit('acme')
  expect.soft(JSON.parse(await by(heir, 'GET', 'cache/jobs'))).toEqual({ jobs: [] })
  await settle('acme')
  await idle()
  expect(await by(heir, 'GET', 'cache/export')).not.toContain('L-')
})
