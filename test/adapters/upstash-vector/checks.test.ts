import { describe, expect, it } from 'vitest'
import { UnusableIndex } from '../../../src/adapters/upstash-vector/checks.ts'
import { open, startService } from './support.ts'

describe('the check of the index at the start', () => {
  const faultsOf = async (work: Promise<unknown>): Promise<readonly string[]> => {
    const error = await work.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UnusableIndex)
    return (error as UnusableIndex).faults
  }

  it('passes a dense index of the embedder’s size that measures the cosine', async () => {
    const { index } = await open(await startService({ dimension: 256 }), { dimensions: 256 })
    expect(await index.size()).toBe(0)
  })

  it('names both sizes, and all else that is wrong', async () => {
    const service = await startService({ dimension: 1536, similarityFunction: 'EUCLIDEAN' })
    expect(await faultsOf(open(service, { dimensions: 256 }))).toEqual([
      'The Upstash Vector index measures EUCLIDEAN: create one that measures COSINE.',
      'The Upstash Vector index has 1536 dimensions, and the embedder 256: create an index of 256, or choose an embedder of 1536.',
    ])
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
