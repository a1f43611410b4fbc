import { expect, it } from 'vitest'
import { END, type Send, delta, inTurn, json, says, streaming } from '../support/model.ts'
import { QUESTION, detail, heard, said, settled, world } from '../support/world.ts'

/** A model that answers when its gate is opened. */
function gated(send: Send) {
  const gate = Promise.withResolvers<void>()
  const model: Send = async (...request) => {
    await gate.promise
    return send(...request)
  }
  return { model, open: gate.resolve }
}

/** A model that says half of its answer, and does as it is told when its gate is opened. */
function halfway(rest: () => readonly string[]) {
  const gate = Promise.withResolvers<void>()
  async function* events() {
    yield delta('Par')
    await gate.promise
    yield* rest()
  }
  return { model: async () => streaming(events()), open: gate.resolve }
}

const breaksOff = () => {
  throw new Error('connection lost')
}

it('asks the model once for fifty equal requests at once', async () => {
  const { model, open } = gated(says('Paris.'))
  const { ask, calls } = world({ model })
  const asking = Array.from({ length: 50 }, () => ask(QUESTION))
  await settled()
  open()
  const responses = await Promise.all(asking)
  expect(await Promise.all(responses.map(said))).toEqual(Array(50).fill('Paris.'))
  expect(responses.map(detail)).toEqual(['nothing-near', ...Array(49).fill('joined')])
  expect(calls).toHaveLength(1)
})

it('asks the model separately for tenants who ask the same at once', async () => {
  const { model, open } = gated(says('Paris.'))
  const { ask, calls } = world({ model })
  const asking = ['acme', 'globex'].map((authorization) => ask(QUESTION, { authorization }))
  await settled()
  open()
  await Promise.all(asking)
  expect(calls).toHaveLength(2)
})

it('lets whoever comes late hear a stream from its start', async () => {
  const { model, open } = halfway(() => [delta('is.'), ...END])
  const { hear, calls } = world({ model })
  const first = await hear(QUESTION)
  const late = await hear(QUESTION)
  expect(detail(late)).toBe('joined')
  const [beginning, all] = late.body!.tee()
  const { value } = await beginning.getReader().read()
  expect(new TextDecoder().decode(value)).toContain('"content":"Par"')
  open()
  expect(await said(new Response(all, late))).toBe('Paris.')
  expect(await said(first)).toBe('Paris.')
  expect(calls).toHaveLength(1)
})

it('gives a whole answer to whoever joins a stream and asked for one', async () => {
  const { model, open } = halfway(() => [delta('is.'), ...END])
  const { ask, hear, calls } = world({ model })
  const streamed = await hear(QUESTION)
  const joining = ask(QUESTION)
  await settled()
  open()
  const joined = await joining
  expect(detail(joined)).toBe('joined')
  expect(await said(joined)).toBe('Paris.')
  expect(await said(streamed)).toBe('Paris.')
  expect(calls).toHaveLength(1)
})

it('streams to whoever joins a whole answer and asked for a stream', async () => {
  const { model, open } = gated(says('Paris.'))
  const { ask, hear, calls } = world({ model })
  const first = ask(QUESTION)
  await settled()
  const joining = hear(QUESTION)
  await settled()
  open()
  const joined = await joining
  expect(detail(joined)).toBe('joined')
  expect(await said(joined)).toBe('Paris.')
  expect(await said(await first)).toBe('Paris.')
  expect(calls).toHaveLength(1)
})

it.each(['ask', 'hear'] as const)(
  "gives everyone who joined a try of their own when the leader's fails: %s",
  async (how) => {
    const { model, open } = gated(
      inTurn(async () => json({ error: { message: 'busy' } }, { status: 429 }), says('Paris.')),
    )
    const at = world({ model })
    const asking = [at[how](QUESTION), at[how](QUESTION), at[how](QUESTION)]
    await settled()
    expect(at.calls).toHaveLength(1)
    open()
    const [leader, ...joiners] = await Promise.all(asking)
    expect(leader!.status).toBe(429)
    for (const joiner of joiners) {
      expect(detail(joiner)).toBe('nothing-near')
      expect(await said(joiner)).toBe('Paris.')
    }
    expect(at.calls).toHaveLength(3)
  },
)

it('tells everyone who listens that a stream broke off', async () => {
  const { model, open } = halfway(breaksOff)
  const { hear } = world({ model })
  const listening = [await hear(QUESTION), await hear(QUESTION)]
  open()
  for (const response of listening) {
    const events = await heard(response)
    expect(events).toHaveLength(2)
    expect(events[0]).toContain('"content":"Par"')
    expect(JSON.parse(events[1]!)).toMatchObject({ error: { type: 'server_error', code: 'upstream_broke_off' } })
  }
})

it('gives whoever wants a whole answer a try of their own when the stream they joined breaks off', async () => {
  const { model, open } = halfway(breaksOff)
  const { ask, hear, calls } = world({ model: inTurn(model, says('Paris.')) })
  await hear(QUESTION)
  const joining = [ask(QUESTION), ask(QUESTION)]
  await settled()
  open()
  expect(await Promise.all((await Promise.all(joining)).map(said))).toEqual(['Paris.', 'Paris.'])
  expect(calls).toHaveLength(3)
})

it('starts afresh once a call has failed', async () => {
  const { ask } = world({ model: inTurn(async () => json({}, { status: 500 }), says('Paris.')) })
  expect((await ask(QUESTION)).status).toBe(500)
  expect(await said(await ask(QUESTION))).toBe('Paris.')
})

it('hears a stream to its end and keeps it though its only reader has left', async () => {
  const { model, open } = halfway(() => [delta('is.'), ...END])
  const { ask, hear, idle, calls } = world({ model })
  const response = await hear(QUESTION)
  await response.body!.cancel()
  open()
  await idle()
  const next = await ask(QUESTION)
  expect(detail(next)).toBe('exact')
  expect(await said(next)).toBe('Paris.')
  expect(calls[0]!.signal?.aborted).toBe(false)
})

it('goes on telling the others when one reader leaves', async () => {
  const { model, open } = halfway(() => [delta('is.'), ...END])
  const { hear } = world({ model })
  const [leaver, stayer] = [await hear(QUESTION), await hear(QUESTION)]
  await leaver.body!.cancel()
  open()
  expect(await said(stayer)).toBe('Paris.')
})

it('has nothing left in the air when every call is over', async () => {
  const { ask, idle, app } = world()
  await ask(QUESTION)
  await idle()
  expect(await (await app.request('/readyz')).json()).toMatchObject({ in_flight: 0 })
})

it('has every call in the air until it is over, those included that were made anew for who had joined', async () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const fails: Send = async () => (await first.promise, json({}, { status: 500 }))
  const answers: Send = async (...request) => (await second.promise, says('Paris.')(...request))
  const { ask, app } = world({ model: inTurn(fails, answers) })
  const asking = [ask(QUESTION), ask(QUESTION)]
  await settled()
  first.resolve()
  await settled()
  expect(await (await app.request('/readyz')).json()).toMatchObject({ in_flight: 1 })
  second.resolve()
  await Promise.all(asking)
})
