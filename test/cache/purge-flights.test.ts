import { expect, it } from 'vitest'
import { END, type Send, delta, inTurn, json, says, streaming } from '../support/model.ts'
import { gate, purging, slow } from '../support/purging.ts'
import { QUESTION, detail, said, settled } from '../support/world.ts'

it('keeps no answer that was asked for before the purge, and gives it only to those who asked then', async () => {
  const air = gate()
  const { ask, hear, purge, entries, idle } = purging({ model: inTurn(slow(says('old'), air), says('new')) })
  air.close()
  const leader = ask(QUESTION)
  await settled()
  const [joined, listening] = [ask(QUESTION), hear(QUESTION)]
  await settled()
  await purge()
  air.open()
  expect(await Promise.all([leader, joined, listening].map(async (response) => said(await response)))).toEqual([
    'old',
    'old',
    'old',
  ])
  await idle()
  expect(await entries()).toEqual([])
  expect(await said(await ask(QUESTION))).toBe('new')
})

it('lets nobody who asks after the purge join a flight from before it, whichever lands first', async () => {
  for (const first of ['old', 'new']) {
    const [before, after] = [gate(), gate()]
    const { ask, purge, idle } = purging({ model: inTurn(slow(says('old'), before), slow(says('new'), after)) })
    before.close()
    after.close()
    const asked = ask(QUESTION)
    await settled()
    await purge()
    const late = [ask(QUESTION), settled().then(() => ask(QUESTION))]
    await settled()
    await settled()
    for (const { open } of first === 'old' ? [before, after] : [after, before]) {
      open()
      await settled()
    }
    expect(await said(await asked)).toBe('old')
    expect(await Promise.all(late.map(async (response) => said(await response)))).toEqual(['new', 'new'])
    await idle()
    const again = await ask(QUESTION)
    expect([detail(again), await said(again)]).toEqual(['exact', 'new'])
  }
})

it('keeps no stream that was under way when the purge came', async () => {
  const half = gate()
  const told: Send = async () => {
    async function* events() {
      yield delta('old ')
      await half.pass()
      yield* [delta('story'), ...END]
    }
    return streaming(events())
  }
  const { hear, ask, purge, idle } = purging({ model: inTurn(told, says('new')) })
  half.close()
  const listening = await hear(QUESTION)
  await purge()
  half.open()
  expect(await said(listening)).toBe('old story')
  await idle()
  expect(await said(await ask(QUESTION))).toBe('new')
})

it('keeps nothing that was being refreshed when the purge came', async () => {
  const air = gate()
  const policies = { default: { ttlSeconds: 60, staleWhileRevalidateSeconds: 3_600 } }
  const model = inTurn(says('older'), slow(says('old'), air), says('new'))
  const { ask, pass, purge, entries, idle } = purging({ model, policies })
  await ask(QUESTION)
  pass(90)
  air.close()
  expect(detail(await ask(QUESTION))).toBe('stale')
  await settled()
  await purge()
  air.open()
  await idle()
  expect(await entries()).toEqual([])
  expect(await said(await ask(QUESTION))).toBe('new')
})

it('gives a purged answer to nobody for whom the model was out', async () => {
  const out: Send = async () => json({ error: { message: 'overloaded' } }, { status: 503 })
  const policies = { default: { ttlSeconds: 60, staleIfErrorSeconds: 3_600 } }
  const air = gate()
  const { ask, pass, purge } = purging({ model: inTurn(says('old'), out, slow(out, air)), policies })
  await ask(QUESTION)
  pass(90)
  expect(await said(await ask(QUESTION))).toBe('old')
  air.close()
  const asked = ask(QUESTION)
  await settled()
  await purge()
  air.open()
  expect((await asked).status).toBe(503)
})
