import { http, HttpResponse } from 'msw/http'
import { setupServer } from 'msw/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Index } from '../../../src/ports.ts'
import { vectorClient } from '../../../src/adapters/upstash-vector/client.ts'
import { vectorIndex } from '../../../src/adapters/upstash-vector/vector-index.ts'
import { aPointer, direction } from '../../contract/samples.ts'
import type { Faults } from '../../support/upstash/vector-faults.ts'
import { open, startService } from './support.ts'

const pointer = aPointer(1_700_000_000_000, direction(2, 0))
const within = { ...pointer.key, space: pointer.space }
const secrets = /not-to-be-told|France|ent_|acme|partition/

const words = 'What is not-to-be-told of France?'

const operations: [string, (index: Index) => Promise<unknown>][] = [
  ['nearest', (index) => index.nearest(within, pointer.probe, 8, 1_700_000_000_000)],
  ['nearest by words', (index) => index.nearest(within, words, 8, 1_700_000_000_000)],
  ['add', (index) => index.add(pointer)],
  ['add by words', (index) => index.add({ ...pointer, probe: words })],
  ['delete', (index) => index.delete(pointer.key)],
  ['size', (index) => index.size()],
]

describe('an index in trouble', () => {
  const troubles: [string, Faults][] = [
    ['sent an answer that cannot be read', { html502: true }],
    ['did not answer within 200 ms', { hang: true }],
    ['could not be reached', { reset: true }],
    ['refused the request', { status: 500 }],
    ['refused the request: too many requests (rate limit)', { status: 429 }],
    ['refused the request: it does not know the token (unauthorized)', { status: 401 }],
  ]

  it.each(operations.flatMap(([name, run]) => troubles.map(([fault, faults]) => ({ name, fault, run, faults }))))(
    '$name says that it $fault, once',
    async ({ fault, run, faults }) => {
      const service = await startService()
      const { index } = await open(service, { timeoutMs: 200 })
      service.requests.reset()
      service.faults.set(faults)
      const told = await failure(run(index))
      expect(told.message).toBe(`Upstash Vector ${fault}.`)
      expect(told.stack).not.toMatch(secrets)
      expect(told.cause).toBeUndefined()
      expect(service.requests.count()).toBe(1)
    },
  )

  it('says that it is full', async () => {
    const service = await startService()
    const { index } = await open(service)
    service.faults.set({ capacity: 0 })
    await expect(index.add(pointer)).rejects.toThrow('refused the request: the index is full (quota).')
  })

  it('says that a vector is of another size', async () => {
    const { index } = await open(await startService())
    const longer = index.add({ ...pointer, probe: direction(3, 0) })
    await expect(longer).rejects.toThrow('refused the request: vectors of another size than the index has.')
  })

  it.each(operations.filter(([name]) => name.endsWith('by words')))(
    'says of %s that it has no model',
    async (_, run) => {
      const { index } = await open(await startService())
      await expect(run(index)).rejects.toThrow('refused the request: the index has no embedding model.')
    },
  )
})

describe('an index whose service says odd things', () => {
  const url = 'https://vector.test'

  /** The nearest, by what the service answers. */
  async function nearest(answer: () => Response) {
    const headers: string[] = []
    const server = setupServer(
      http.post(`${url}/*`, ({ request }) => {
        headers.push(...request.headers.keys())
        return answer()
      }),
    )
    server.listen({ onUnhandledFrame: 'error' })
    onTestFinished(() => server.close())
    const ask = vectorClient({ url, token: 'token-not-to-be-told', timeoutMs: 1_000 })
    const clock = () => 1_700_000_000_000
    const index = vectorIndex({ ask, askPatiently: ask, clock, prefix: 'some', namespaces: 1 })
    return { headers, found: await index.nearest(within, pointer.probe, 8, clock()) }
  }

  it.each([
    ['a web page', () => HttpResponse.html('<p>not-to-be-told</p>')],
    ['no object', () => HttpResponse.json(null)],
    ['an object for a list', () => HttpResponse.json({ result: {} })],
    ['nothing', () => HttpResponse.json({})],
  ])('calls %s an answer that cannot be read', async (_, answer) => {
    const told = await failure(nearest(answer))
    expect(told.message).toBe('Upstash Vector sent an answer that cannot be read.')
  })

  it('repeats none of its words', async () => {
    const error = 'Invalid filter: partition not-to-be-told quota'
    const told = await failure(nearest(() => HttpResponse.json({ error, status: 422 }, { status: 422 })))
    expect(told.message).toBe('Upstash Vector refused the request.')
    expect(told.stack).not.toMatch(secrets)
  })

  const { key, probe: _, ...rest } = pointer
  const metadata = { ...key, ...rest }
  const hit = (parts: object = {}) => ({ id: key.id, score: 0.9, metadata: { ...metadata, ...parts } })

  it('takes 0.9 for a cosine of 0.8', async () => {
    const { found } = await nearest(() => HttpResponse.json({ result: [hit()] }))
    expect(found).toMatchObject([{ key, similarity: expect.closeTo(0.8, 10) }])
  })

  it('never reports a cosine beyond 1', async () => {
    const { found } = await nearest(() => HttpResponse.json({ result: [{ ...hit(), score: 1.000_000_1 }] }))
    expect(found).toMatchObject([{ similarity: 1 }])
  })

  it.each([
    { tenant: 'another' },
    { namespace: 'another' },
    { scope: 'another' },
    { space: 'another' },
    { expiresAt: 1_700_000_000_000 },
    { keepUntil: 1_700_000_000_000 },
    { question: undefined },
    { createdAt: 'yesterday' },
  ])('drops what a filter should have kept back, or cannot be read: %o', async (parts) => {
    const { found } = await nearest(() => HttpResponse.json({ result: [hit(parts), hit({ question: 'sound' })] }))
    expect(found.map(({ question }) => question)).toEqual(['sound'])
  })

  it.each([[{ ...hit(), metadata: undefined }], [{ ...hit(), score: null }], [null]])(
    'drops a hit that is none: %o',
    async (odd) => {
      const { found } = await nearest(() => HttpResponse.json({ result: [odd, hit()] }))
      expect(found).toHaveLength(1)
    },
  )

  it('tells the service nothing about this machine', async () => {
    const { headers } = await nearest(() => HttpResponse.json({ result: [] }))
    expect(headers.filter((name) => name.includes('telemetry'))).toEqual([])
  })
})

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('should have failed'),
    (error: Error) => error,
  )
}
