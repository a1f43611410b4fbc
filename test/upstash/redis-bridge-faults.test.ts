import { expect, it } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

describeWithRedis('the stand-in for Upstash Redis, with a fault', () => {
  const { bridge, request, post, call, client } = bridgeSubject()
  const impatient = () => client({ signal: () => AbortSignal.timeout(50) })

  it('answers late', async () => {
    bridge().faults.set({ latencyMs: 60 })
    const before = performance.now()
    expect(await client().set('key', 1)).toBe('OK')
    expect(performance.now() - before).toBeGreaterThan(58)
  })

  it('answers too late for a client in a hurry, and has done what was asked all the same', async () => {
    bridge().faults.set({ latencyMs: 150 })
    await expect(impatient().set('key', 'late')).rejects.toMatchObject({ name: 'TimeoutError' })
    bridge().faults.set({})
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 10))
    await eventually(async () => expect(await client().get('key')).toBe('late'), { tries: 100, pause })
  })

  it('never answers', async () => {
    bridge().faults.set({ hang: true })
    await expect(impatient().get('key')).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('answers with a status of its own, which the client does not try to mend', async () => {
    bridge().faults.set({ status: 503 })
    await expect(client({ retry: { retries: 3 } }).get('key')).rejects.toThrow('cannot be reached')
    expect((await request('/ping')).status).toBe(503)
    expect(bridge().commands.requests()).toBe(2)
  })

  it('answers as a gateway does, in HTML', async () => {
    bridge().faults.set({ html502: true })
    await expect(client().get('key')).rejects.toThrow('502 Bad Gateway')
  })

  it('resets the connection, which the client tries again', async () => {
    bridge().faults.set({ reset: true })
    const redis = client({ retry: { retries: 2, backoff: () => 0 } })
    await expect(redis.get('key')).rejects.toThrow('fetch failed')
    expect(bridge().commands.requests()).toBe(3)
  })

  it('keeps from Redis what it fails at', async () => {
    bridge().faults.set({ status: 500 })
    await call('/', ['SET', 'key', 1])
    expect(bridge().commands.count()).toBe(0)
    bridge().faults.set({})
    expect(await client().get('key')).toBeNull()
  })

  it('fails at a share of the requests, and for the same seed at the same ones', async () => {
    const statuses = async (seed: number) => {
      bridge().faults.set({ failShare: 0.25, seed })
      const seen: number[] = []
      for (let left = 200; left > 0; left--) seen.push((await request('/ping')).status)
      return seen
    }
    const [first, second, other] = [await statuses(1), await statuses(1), await statuses(2)]
    const failed = first.filter((status) => status === 500).length
    expect(failed).toBeGreaterThan(30)
    expect(failed).toBeLessThan(70)
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('applies a fault to no more than its share', async () => {
    bridge().faults.set({ status: 429, failShare: 0 })
    expect((await request('/ping')).status).toBe(200)
    bridge().faults.set({ status: 429, failShare: 1 })
    expect((await request('/ping')).status).toBe(429)
  })

  it('forgets the scripts, so that the client sends them anew', async () => {
    const script = client().createScript<string>("return redis.call('PING')")
    await script.exec([], [])
    bridge().faults.set({ noScript: true })
    bridge().commands.reset()
    expect(await script.exec([], [])).toBe('PONG')
    expect(bridge().commands.count('EVAL')).toBe(1)
  })

  it('has no space left, but for what needs none', async () => {
    await call('/', ['SET', 'key', 'kept'])
    bridge().faults.set({ capacityQuota: true })
    const error = 'ERR DB capacity quota exceeded'
    await expect(client().set('other', 1)).rejects.toThrow(error)
    expect((await post('/', ['hset', 'hash', 'field', 1])).status).toBe(400)
    expect(
      await call('/pipeline', [
        ['SET', 'key', 'new'],
        ['GET', 'key'],
        ['EVAL', 'return 1', 0],
      ]),
    ).toEqual([{ error }, { result: 'kept' }, { error }])
    expect(
      await call('/multi-exec', [
        ['DEL', 'key'],
        ['SET', 'key', 'new'],
      ]),
    ).toEqual({ error })
    expect(await client().get('key')).toBe('kept')
    expect(await client().del('key')).toBe(1)
  })
})
