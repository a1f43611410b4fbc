import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { busContract } from '../../contract/bus.contract.ts'
import { eventually } from '../../contract/patience.ts'
import { startRedisBridge } from '../../support/upstash/redis-bridge.ts'
import { describeWithRedis } from '../../support/upstash/with-redis.ts'
import { startRedisServer } from '../../support/upstash/redis-server.ts'
import { onEveryDatabase, onStandIn, open, openBus, patience } from './support.ts'

onEveryDatabase(({ name, access }) => {
  busContract({
    name: `the bus of ${name}`,
    async create() {
      const prefix = `test-${randomUUID()}`
      return { ours: openBus(access(), prefix), theirs: openBus(access(), prefix), patience }
    },
  })
})

onStandIn('the Redis bus', (bridge) => {
  it('needs one connection for all topics', async () => {
    const bus = openBus(bridge(), 'many')
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    const heard: string[] = []
    const topics = Array.from({ length: 100 }, (_, nth) => `topic ${nth}`)
    for (const topic of topics) bus.subscribe(topic, (message) => heard.push(message))
    for (const topic of topics) await bus.publish(topic, topic)
    await eventually(async () => expect(heard).toEqual(topics), patience)
    expect(bridge().commands.requests()).toBe(1 + topics.length)
  })

  it.each(['two\nlines', 'two\r\nlines', 'two\u2028lines', ' data: message,ours:bus,', '"', 'x'.repeat(100_000)])(
    'carries a message that could be mistaken, or cut: %j',
    async (message) => {
      const bus = openBus(bridge(), 'ours')
      const heard: string[] = []
      await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
      bus.subscribe('a,b', (message) => heard.push(message))
      await bus.publish('a,b', message)
      await eventually(async () => expect(heard).toEqual([message]), patience)
    },
  )

  it('is not connected with a wrong token', async () => {
    const bus = openBus({ ...bridge(), token: 'wrong' }, 'wrong')
    await eventually(async () => expect(bridge().commands.requests()).toBeGreaterThan(1), patience)
    expect(bus.connection()).toBeUndefined()
  })

  it('hears only what it could have said, and only on its own channel', async () => {
    const bus = openBus(bridge(), 'ours')
    const { send } = open(bridge())
    const heard: string[] = []
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    bus.subscribe('topic', (message) => heard.push(message))
    await openBus(bridge(), 'theirs').publish('topic', 'on another channel')
    await send('PUBLISH', 'ours:bus', 'topic,no JSON')
    await send('PUBLISH', 'ours:bus', '["topic"]')
    await bus.publish('topic', 'ours')
    await eventually(async () => expect(heard).toEqual(['ours']), patience)
  })

  it('says that it is no longer connected once it has been closed', async () => {
    const bus = openBus(bridge(), 'closed')
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    bus.close()
    await eventually(async () => expect(bus.connection()).toBeUndefined(), patience)
  })
})

describeWithRedis('a Redis bus that has lost its connection', () => {
  it('says so, and hears again once the database is back', async () => {
    const server = await startRedisServer()
    onTestFinished(server.close)
    const first = await startRedisBridge({ redisPort: server.port, token: 'token' })
    const bus = openBus(first, 'lost')
    const heard: string[] = []
    bus.subscribe('topic', (message) => heard.push(message))
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    await first.close()
    await eventually(async () => expect(bus.connection()).toBeUndefined(), patience)
    const port = Number(new URL(first.url).port)
    const again = await startRedisBridge({ redisPort: server.port, token: 'token', port })
    onTestFinished(again.close)
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    await bus.publish('topic', 'news')
    await eventually(async () => expect(heard).toEqual(['news']), patience)
  })
})

describe('a Redis bus whose connection is dead', () => {
  it('finds out by asking, and connects again', async () => {
    const service = await startDeaf('subscribe,dead:bus,1')
    const bus = openBus(service, 'dead', { silenceMs: 20, timeoutMs: 100, retryMs: 200 })
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    await eventually(async () => expect(bus.connection()).toBeUndefined(), patience)
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    expect(service.asked.slice(0, 3)).toEqual(['/subscribe/dead:bus', '/', '/subscribe/dead:bus'])
  })

  it('connects again if it may not even ask', async () => {
    const service = await startDeaf('subscribe,dead:bus,1', { takes: false })
    const bus = openBus(service, 'dead', { silenceMs: 20, timeoutMs: 60_000, retryMs: 200 })
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    await eventually(async () => expect(bus.connection()).toBeUndefined(), patience)
    await eventually(async () => expect(bus.connection()).toBeDefined(), patience)
    expect(service.asked.slice(0, 3)).toEqual(['/subscribe/dead:bus', '/', '/subscribe/dead:bus'])
  })

  it('gives a service that will not talk to it some rest', async () => {
    const service = await startDeaf('unsubscribe,dead:bus,0', { hangsUp: true })
    const bus = openBus(service, 'dead', { retryMs: 60_000 })
    await eventually(async () => expect(service.asked).toHaveLength(1), patience)
    for (let nth = 0; nth < 50; nth++) await bus.publish('topic', 'news')
    expect(service.asked.filter((path) => path !== '/')).toHaveLength(1)
  })

  it('does not take a connection without a greeting for one', async () => {
    const service = await startDeaf('unsubscribe,dead:bus,0')
    const bus = openBus(service, 'dead', { timeoutMs: 50 })
    await eventually(async () => expect(service.asked.length).toBeGreaterThan(1), patience)
    expect(bus.connection()).toBeUndefined()
  })
})

/** A service that tells nobody what it takes. */
async function startDeaf(greeting: string, { takes = true, hangsUp = false } = {}) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    if (request.url === '/') return void response.writeHead(takes ? 200 : 500).end('{"result":1}')
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${greeting}\n\n`)
    if (hangsUp) response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, token: 'token', asked }
}
