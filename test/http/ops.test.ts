import { expect, it } from 'vitest'
import { says } from '../support/model.ts'
import { QUESTION, settled, world } from '../support/world.ts'

it('is alive', async () => {
  const { app } = world()
  const response = await app.request('/healthz')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok' })
})

it('is alive even while it drains', async () => {
  const { app } = world({ service: { draining: () => true } })
  expect((await app.request('/healthz')).status).toBe(200)
})

it('is ready, and says what was chosen', async () => {
  const { app } = world({ service: { chosen: { model: 'mock', index: 'flat' } } })
  const response = await app.request('/readyz')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    ready: true,
    draining: false,
    health: {},
    in_flight: 0,
    model: 'mock',
    index: 'flat',
  })
})

it('is not ready once it drains, but still answers', async () => {
  const { app, ask } = world({ service: { draining: () => true } })
  const response = await app.request('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ ready: false, draining: true })
  expect((await ask(QUESTION)).status).toBe(200)
})

it('says how many calls are under way', async () => {
  const gate = Promise.withResolvers<void>()
  const { app, ask } = world({
    model: async (...request) => {
      await gate.promise
      return says('Paris.')(...request)
    },
  })
  const asking = [ask(QUESTION), ask(QUESTION), ask('Where to buy a bicycle')]
  await settled()
  expect(await (await app.request('/readyz')).json()).toMatchObject({ in_flight: 2 })
  gate.resolve()
  await Promise.all(asking)
  expect(await (await app.request('/readyz')).json()).toMatchObject({ in_flight: 0 })
})

it('says that the model is a mock, if it is', async () => {
  const { app } = world({ service: { notice: { 'reprise-model': 'mock' } } })
  expect((await app.request('/readyz')).headers.get('reprise-model')).toBe('mock')
})

it('gives its description as it is written', async () => {
  const { app } = world({ service: { openapi: 'openapi: 3.1.0\n' } })
  const response = await app.request('/openapi.yaml')
  expect(response.headers.get('content-type')).toBe('application/yaml')
  expect(await response.text()).toBe('openapi: 3.1.0\n')
})
