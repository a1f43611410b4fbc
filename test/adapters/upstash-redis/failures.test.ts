import { http, HttpResponse } from 'msw/http'
import { setupServer } from 'msw/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { redisClient } from '../../../src/adapters/upstash-redis/client.ts'
import type { RedisFaults } from '../../support/upstash/redis-bridge-faults.ts'
import { anEntry } from '../../contract/samples.ts'
import { onStandIn, open } from './support.ts'

const secrets = /not-to-be-told|France|Paris|ent_|test-|WRONGPASS|ERR /

onStandIn('a Redis store in trouble', (bridge) => {
  it.each<[string, RedisFaults]>([
    ['sent an answer that cannot be read', { html502: true }],
    ['did not answer within 200 ms', { hang: true }],
    ['could not be reached', { reset: true }],
    ['refused the command', { status: 500 }],
    ['refused the command', { status: 429 }],
    ['refused the command: the database is full (quota)', { capacityQuota: true }],
  ])('says that it %s, once: %o', async (fault, faults) => {
    const { store, clock } = open(bridge(), { timeoutMs: 200 })
    bridge().faults.set(faults)
    const told = await failure(store.put(anEntry(clock())))
    expect(told.message).toBe(`Upstash Redis ${fault}.`)
    expect(`${told.stack}`).not.toMatch(secrets)
    expect(told.cause).toBeUndefined()
    expect(bridge().commands.requests()).toBe(1)
  })

  it('says that the token is not known, and not the token', async () => {
    const { store, clock } = open({ ...bridge(), token: 'wrong-and-not-to-be-told' })
    const told = await failure(store.put(anEntry(clock())))
    expect(told.message).toBe('Upstash Redis refused the command: it does not know the token (unauthorized).')
    expect(told.stack).not.toMatch(secrets)
  })

  it('rejects a look that was not answered, rather than finding nothing', async () => {
    const { store, sessions, lease, clock } = open(bridge(), { timeoutMs: 100 })
    bridge().faults.set({ hang: true })
    const looks = [store.get(anEntry(clock()).key), sessions.get('acme', 'chat'), lease.take('flight', 1_000)]
    for (const look of looks) await expect(look).rejects.toThrow('did not answer within 100 ms')
  })
})

describe('the Redis client', () => {
  const url = 'https://redis.test'

  /** What the client says of an answer, and how often it asked. */
  async function on(answer: () => Response) {
    let requests = 0
    const headers: string[] = []
    const server = setupServer(
      http.post(`${url}/*`, ({ request }) => {
        requests++
        headers.push(...request.headers.keys())
        return answer()
      }),
    )
    server.listen({ onUnhandledFrame: 'error' })
    onTestFinished(() => server.close())
    const send = redisClient({ url, token: 'token-not-to-be-told', timeoutMs: 1_000 })
    const told = await failure(send('SET', 'key-not-to-be-told', 'capacity quota, not-to-be-told'))
    expect(told.stack).not.toMatch(secrets)
    expect(requests).toBe(1)
    return { told: told.message, headers }
  }

  it.each([
    ['ERR max requests limit exceeded. Limit: 500000', 'refused the command: too many requests (rate limit)'],
    ['ERR max daily request limit exceeded', 'refused the command: too many requests (rate limit)'],
    ['ERR DB capacity quota exceeded', 'refused the command: the database is full (quota)'],
    ['ERR max request size exceeded. Limit: 1', 'refused the command: too large'],
    ['NOPERM this user may not run set', 'refused the command: the token may not do this (is it the read-only one?)'],
    ["ERR unknown command 'not-to-be-told'", 'refused the command'],
    ['ERR something', 'refused the command'],
  ])('makes of %j that the service %s', async (error, fault) => {
    const { told } = await on(() => HttpResponse.json({ error }, { status: 400 }))
    expect(told).toBe(`Upstash Redis ${fault}.`)
  })

  it.each([
    ['a web page', () => HttpResponse.html('<p>not-to-be-told</p>')],
    ['no object', () => HttpResponse.json(null)],
    ['no object with an error status', () => HttpResponse.json(null, { status: 500 })],
    ['an object without a result', () => HttpResponse.json({})],
    ['nothing', () => new HttpResponse(null, { status: 200 })],
  ])('calls %s an answer that cannot be read', async (_, answer) => {
    expect((await on(answer)).told).toBe('Upstash Redis sent an answer that cannot be read.')
  })

  it('says that a lost connection could not be reached', async () => {
    expect((await on(() => HttpResponse.error())).told).toBe('Upstash Redis could not be reached.')
  })

  it('tells the service nothing about this machine', async () => {
    const { headers } = await on(() => HttpResponse.error())
    expect(headers.filter((name) => name.includes('telemetry'))).toEqual([])
  })
})

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('should have failed'),
    (error: Error) => error,
  )
}
