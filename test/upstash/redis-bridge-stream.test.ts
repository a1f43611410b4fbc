import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const patience = { tries: 100, pause: () => new Promise<void>((resolve) => setTimeout(resolve, 10)) }

describeWithRedis('the stand-in for Upstash Redis, listened to', () => {
  const { bridge, request, client } = bridgeSubject()

  it('tells a subscriber what is published, in order', async () => {
    const subscriber = client().subscribe<unknown>(['news', 'a b'])
    onTestFinished(() => subscriber.unsubscribe())
    const heard: unknown[] = []
    const subscribed = new Promise<void>((resolve) => {
      let open = 0
      subscriber.on('subscribe', (count) => ((open += count) === 2 ? resolve() : undefined))
    })
    subscriber.on('message', ({ channel, message }) => heard.push([channel, message]))
    await subscribed

    expect(await client().publish('news', 'one, two')).toBe(1)
    await client().publish('news', { three: [4] })
    await client().publish('unheard', 'five')
    await client().publish('news', 'sechs ü')
    await eventually(async () => expect(heard).toHaveLength(3), patience)
    expect(heard).toEqual([
      ['news', 'one, two'],
      ['news', { three: [4] }],
      ['news', 'sechs ü'],
    ])
    expect(await client().publish('a b', 'seven')).toBe(1)
  })

  it('tells a subscriber to a pattern which channel it was', async () => {
    const subscriber = client().psubscribe<unknown>(['user:*'])
    onTestFinished(() => subscriber.unsubscribe())
    await new Promise((resolve) => subscriber.on('psubscribe', resolve))
    const heard = new Promise((resolve) => subscriber.on('pmessage', resolve))
    await client().publish('user:7', { said: 'hello, you' })
    expect(await heard).toEqual({ pattern: 'user:*', channel: 'user:7', message: { said: 'hello, you' } })
  })

  it('unsubscribes whoever hangs up', async () => {
    const subscriber = client().subscribe(['news'])
    await new Promise((resolve) => subscriber.on('subscribe', resolve))
    await subscriber.unsubscribe()
    await eventually(async () => expect(await client().publish('news', 'text')).toBe(0), patience)
  })

  it('lets the client of a wrong token know', async () => {
    const subscriber = client({ token: 'wrong' }).subscribe(['news'])
    const error = await new Promise((resolve) => subscriber.on('error', resolve))
    expect(error).toMatchObject({ message: expect.stringContaining('WRONGPASS') })
  })

  it('writes each event as its parts between commas, a line of it at a time', async () => {
    const events = await listen('/subscribe/news/weather')
    expect(await events.next()).toBe('data: subscribe,news,1\n\n')
    expect(await events.next()).toBe('data: subscribe,weather,2\n\n')
    await client().publish('news', 'a\nb')
    expect(await events.next()).toBe('data: message,news,a\ndata: b\n\n')
  })

  it('tells the monitor each command', async () => {
    const events = await listen('/monitor')
    expect(await events.next()).toBe('data: "OK"\n\n')
    await client().set('key', 'a b')
    expect(await events.next()).toMatch(/^data: \d+\.\d+ \[0 \S+\] "set" "key" "a b"\n\n$/)
  })

  /** The events of a stream, one by one. */
  async function listen(path: string) {
    const response = await request(path, { method: 'POST', body: '[]', headers: { accept: 'text/event-stream' } })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    onTestFinished(() => reader.cancel())
    let text = ''
    return {
      async next(): Promise<string> {
        for (;;) {
          const end = text.indexOf('\n\n') + 2
          if (end > 1) {
            const event = text.slice(0, end)
            text = text.slice(end)
            return event
          }
          text += (await reader.read()).value
        }
      },
    }
  }

  it('ends its streams and opens no others while streams are refused', async () => {
    const ended = (await request('/subscribe/news')).text().catch(() => 'broken')
    bridge().faults.set({ streams: 'refused' })
    expect(await ended).toBe('broken')
    expect((await request('/subscribe/news')).status).toBe(503)
    bridge().faults.set({})
    const opened = await request('/subscribe/news')
    expect(opened.status).toBe(200)
    await opened.body?.cancel()
  })

  it('lets a stream stand and says nothing on it while streams are silent', async () => {
    const reader = (await request('/subscribe/news')).body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toContain('subscribe,news')
    bridge().faults.set({ streams: 'silent' })
    await client().publish('news', 'unheard')
    bridge().faults.set({})
    await client().publish('news', 'heard')
    expect((await reader.read()).value).toBe('data: message,news,heard\n\n')
    await reader.cancel()
  })
})
