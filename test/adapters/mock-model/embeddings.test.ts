import { expect, it } from 'vitest'
import { mockModel } from '../../../src/adapters/mock-model/mock-model.ts'
import { post } from './asking.ts'

it('gives each text a direction of unit length', async () => {
  const { data, ...rest } = await embed({ input: ['hello', 'hello there'] })
  expect(rest).toEqual({
    object: 'list',
    model: 'text-embedding-3-small',
    usage: { prompt_tokens: 5, total_tokens: 5 },
  })
  expect(data).toMatchObject([
    { object: 'embedding', index: 0 },
    { object: 'embedding', index: 1 },
  ])
  expect(data.map(({ embedding }) => embedding.length)).toEqual([64, 64])
  for (const { embedding } of data) expect(dot(embedding, embedding)).toBeCloseTo(1, 6)
})

it('gives the same text the same direction, and another text another', async () => {
  const texts = Array.from({ length: 50 }, (_, at) => `question ${at}`)
  const { data } = await embed({ input: [...texts, 'question 0'] })
  const vectors = data.map(({ embedding }) => embedding)
  expect(vectors.at(-1)).toEqual(vectors[0])
  const others = vectors.slice(1, -1).map((vector) => dot(vectors[0] ?? [], vector))
  expect(Math.max(...others.map(Math.abs))).toBeLessThan(0.5)
})

it('encodes as base64 what it would give as floats', async () => {
  const floats = await embed({ input: 'hello', dimensions: 4 })
  const encoded = await post(mockModel(), '/embeddings', {
    model: 'text-embedding-3-small',
    input: 'hello',
    dimensions: 4,
    encoding_format: 'base64',
  })
  const { data } = (await encoded.json()) as { data: [{ embedding: string }] }
  const bytes = Buffer.from(data[0].embedding, 'base64')
  expect([0, 4, 8, 12].map((at) => bytes.readFloatLE(at))).toEqual(floats.data[0]?.embedding)
})

it('takes token ids for a text, alone or many', async () => {
  const one = await embed({ input: [1, 2, 3] })
  const many = await embed({ input: [[1, 2, 3], [4]] })
  expect(one.data).toHaveLength(1)
  expect(many.data.map(({ index }) => index)).toEqual([0, 1])
  expect(many.data[0]?.embedding).toEqual(one.data[0]?.embedding)
})

it('refuses a request without input', async () => {
  const response = await post(mockModel(), '/embeddings', { model: 'text-embedding-3-small' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param: 'input' } })
})

interface Embeddings {
  data: { index: number; embedding: number[] }[]
}

async function embed(request: object): Promise<Embeddings> {
  const response = await post(mockModel(), '/embeddings', { model: 'text-embedding-3-small', ...request })
  return (await response.json()) as Embeddings
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)
}
