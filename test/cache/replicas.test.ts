import { expect, it, vi } from 'vitest'
import type { Lease } from '../../src/ports.ts'
import { type Send, inTurn, json, says } from '../support/model.ts'
import { QUESTION, type WorldOptions, detail, heard, said, settled, world } from '../support/world.ts'

/** Two replicas of one service: they share all but their memory and their way to the model. */
function replicas(models: readonly [Send, Send], options: WorldOptions = {}) {
  const one = world({ ...options, model: models[0] })
  const { store, index, sessions, bus, lease } = one.ports
  const other = world({ ...options, model: models[1], ports: () => ({ store, index, sessions, bus, lease }) })
  return { one, other }
}

function gated(send: Send) {
  const gate = Promise.withResolvers<void>()
  const model: Send = async (...request) => {
    await gate.promise
    return send(...request)
  }
  return { model, open: gate.resolve }
}

it('asks the model once for what two replicas are asked at once', async () => {
  const { model, open } = gated(says('Paris.'))
  const { one, other } = replicas([model, says('London.')])
  const asking = [one.ask(QUESTION), settled().then(() => other.ask(QUESTION))]
  await settled()
  await settled()
  open()
  const [first, second] = await Promise.all(asking)
  expect([detail(first!), detail(second!)]).toEqual(['nothing-near', 'joined'])
  expect([await said(first!), await said(second!)]).toEqual(['Paris.', 'Paris.'])
  expect(other.calls).toEqual([])
})

it('streams to the caller of one replica what another was told', async () => {
  const { model, open } = gated(says('Paris.'))
  const { one, other } = replicas([model, says('London.')])
  const first = one.ask(QUESTION)
  await settled()
  const second = other.hear(QUESTION)
  await settled()
  open()
  await first
  expect(await said(await second)).toBe('Paris.')
  expect(other.calls).toEqual([])
})

it("asks for itself when another replica's call fails", async () => {
  const { model, open } = gated(async () => json({ error: { message: 'busy' } }, { status: 429 }))
  const { one, other } = replicas([model, says('London.')])
  const first = one.ask(QUESTION)
  await settled()
  const second = other.ask(QUESTION)
  await settled()
  open()
  expect((await first).status).toBe(429)
  expect(await said(await second)).toBe('London.')
})

it("asks for itself when another replica's answer is not worth keeping", async () => {
  const { model, open } = gated(says('', {}))
  const { one, other } = replicas([model, says('London.')])
  const first = one.ask(QUESTION)
  await settled()
  const second = other.ask(QUESTION)
  await settled()
  open()
  await first
  expect(await said(await second)).toBe('London.')
})

it('asks for itself when it has waited for as long as it may', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  try {
    const { model } = gated(says('Paris.'))
    const { one, other } = replicas([model, says('London.')], { limits: { joinTimeoutMs: 2_000 } })
    void one.ask(QUESTION)
    await settled()
    const second = other.ask(QUESTION)
    await settled()
    for (let passed = 0; passed < 2_000; passed += 500) {
      other.pass(0.5)
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(await said(await second)).toBe('London.')
  } finally {
    vi.useRealTimers()
  }
})

it('leads itself when the replica that was asking has died', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  try {
    const { one, other } = replicas([says('Paris.'), says('London.')])
    const { lease } = one.ports
    await one.ask(QUESTION, { 'reprise-ttl': '0' })
    const { key } = await explained(one)
    await lease.take(`flight/${key.id}`, 1_000)
    const second = other.ask(QUESTION)
    await settled()
    await vi.advanceTimersByTimeAsync(500)
    one.pass(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(await said(await second)).toBe('London.')
  } finally {
    vi.useRealTimers()
  }
})

it('takes what has landed since it looked, rather than asking again', async () => {
  const lookingUp = Promise.withResolvers<void>()
  const one = world({ model: says('Paris.') })
  const { store, index, sessions, bus, lease } = one.ports
  const shared = { store, index, sessions, bus, lease }
  const other = world({
    model: says('London.'),
    ports: ({ embedder }) => ({
      ...shared,
      embedder: { ...embedder, embed: (text) => lookingUp.promise.then(() => embedder.embed(text)) },
    }),
  })
  const second = other.ask(QUESTION, { 'reprise-threshold': '1' })
  await settled()
  await one.ask(QUESTION)
  await index.delete((await one.entries())[0]!.key)
  lookingUp.resolve()
  expect(await said(await second)).toBe('Paris.')
  expect(other.calls).toEqual([])
})

it('does not give what has just landed to a caller for whom it is too old', async () => {
  const { ask, pass, calls } = world()
  await ask(QUESTION)
  pass(3)
  expect(await said(await ask(QUESTION, { 'cache-control': 'max-age=2' }))).toBe('Answer 2.')
  expect(calls).toHaveLength(2)
})

it('asks the model when leases cannot be had', async () => {
  const broken: Lease = { take: () => Promise.reject(new Error('down')) }
  const { ask, stats } = world({ ports: () => ({ lease: broken }) })
  expect(await said(await ask(QUESTION))).toBe('Answer 1.')
  expect((await stats()).failures.by_name).toEqual({ 'lease.take': 1 })
})

it('is not held up by a lease that cannot be given back', async () => {
  const { ask } = world({
    ports: ({ lease }) => ({
      lease: {
        async take(...args) {
          const held = await lease.take(...args)
          return held && { ...held, release: () => Promise.reject(new Error('down')) }
        },
      },
    }),
  })
  expect(await said(await ask(QUESTION))).toBe('Answer 1.')
  expect(detail(await ask(QUESTION))).toBe('exact')
})

it('gives back the lease when it has asked, so that nobody waits for it later', async () => {
  const { ask, ports, app } = world({ model: inTurn(says(''), says('Paris.')) })
  await ask(QUESTION)
  const response = await app.request('/v1/cache/explain', { method: 'POST', body: body() })
  const { key } = (await response.json()) as { key: { id: string } }
  expect(await ports.lease.take(`flight/${key.id}`, 1_000)).toBeDefined()
})

it('remembers in its own conversation what another replica was told', async () => {
  const { model, open } = gated(says('Paris.'))
  const { one, other } = replicas([model, says('London.')])
  const first = one.hear(QUESTION, { 'reprise-session': 'one' })
  await settled()
  const second = other.ask(QUESTION, { 'reprise-session': 'two' })
  await settled()
  open()
  await heard(await first)
  await second
  const { sessions } = one.ports
  expect(await sessions.get('default', 'two')).toBe(await sessions.get('default', 'one'))
})

const body = () => JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: QUESTION }] })

async function explained({ app }: ReturnType<typeof world>) {
  const response = await app.request('/v1/cache/explain', { method: 'POST', body: body() })
  return (await response.json()) as { key: { id: string } }
}
