import { describe, expect, it } from 'vitest'
import { direction } from '../../contract/samples.ts'
import { UnusableIndex } from '../../../src/adapters/upstash-vector/checks.ts'
import { open, startService } from './support.ts'

describe('the check of the index at the start', () => {
  const faultsOf = async (work: Promise<unknown>): Promise<readonly string[]> => {
    const error = await work.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UnusableIndex)
    return (error as UnusableIndex).faults
  }

  it('passes a dense index of the embedder’s size that measures the cosine', async () => {
    const { index } = await open(await startService({ dimension: 256 }), { probe: direction(256, 0) })
    expect(await index.size()).toBe(0)
  })

  it('names both sizes, and all else that is wrong', async () => {
    const service = await startService({ dimension: 1536, similarityFunction: 'EUCLIDEAN' })
    expect(await faultsOf(open(service, { probe: direction(256, 0) }))).toEqual([
      'The Upstash Vector index measures EUCLIDEAN: create one that measures COSINE.',
      'The Upstash Vector index has 1536 dimensions, and the embedder 256: create an index of 256, or choose an embedder of 1536.',
    ])
  })

  const embed = (text: string) => [text.length, 1]

  it('passes an index with a model for questions in words, whatever its size', async () => {
    const { index } = await open(await startService({ embed }), { probe: 'any' })
    expect(await index.size()).toBe(0)
  })

  it('passes an index with a model for vectors as well, if they are of its size', async () => {
    const service = await startService({ embed })
    expect(await (await open(service)).index.size()).toBe(0)
    expect(await faultsOf(open(service, { probe: direction(256, 0) }))).toEqual([expect.stringContaining('256')])
  })

  it('refuses an index that is to embed and has no model, and names all else that is wrong', async () => {
    const service = await startService({ similarityFunction: 'EUCLIDEAN' })
    expect(await faultsOf(open(service, { probe: 'any' }))).toEqual([
      'The Upstash Vector index measures EUCLIDEAN: create one that measures COSINE.',
      'The Upstash Vector index has no embedding model, and is to embed: create one with a model, or choose another embedder.',
    ])
  })

  it('leaves open what the embedder gives if it can give nothing just now', async () => {
    const { index } = await open(await startService({ dimension: 256 }), { probe: undefined })
    expect(await index.size()).toBe(0)
  })

  it.each(['SPARSE', 'HYBRID'] as const)('refuses a %s index', async (indexType) => {
    expect(await faultsOf(open(await startService({ indexType })))).toEqual([
      `The Upstash Vector index is ${indexType}, and its scores are not cosines: create a DENSE one.`,
    ])
  })

  it('asks about URL and token if the service does not let us in', async () => {
    const { url } = await startService()
    const [fault] = await faultsOf(open({ url, token: 'wrong-and-not-to-be-told' }))
    expect(fault).toContain('it does not know the token (unauthorized)')
    expect(fault).toContain('Are the URL and the token those of one Vector index?')
    expect(fault).not.toContain('not-to-be-told')
  })
})
