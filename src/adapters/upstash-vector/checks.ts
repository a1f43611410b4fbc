import type { Probe } from '../../ports.ts'
import type { Ask } from './client.ts'
import { describeIndex } from './description.ts'
import type { Description } from './description.ts'

/** An index that cannot be used, with what to do about it. */
export class UnusableIndex extends Error {
  override readonly name = 'UnusableIndex'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/**
 * Passes only an index in which such probes can be compared by their cosine. One that cannot be asked just now is passed
 * as well, with a warning: it may be back any moment, and until then it only costs hits.
 */
export async function checkIndex(ask: Ask, probe: Probe | undefined, warn: (message: string) => void): Promise<void> {
  let described: Description | undefined
  try {
    described = await describeIndex(ask)
  } catch (error) {
    const { message } = error as Error
    if (/unauthorized/.test(message))
      throw new UnusableIndex([`${message} Are the URL and the token those of one Vector index?`])
    return warn(`${message} Whether its index fits the embedder will show later.`)
  }
  const faults = described
    ? faultsOf(described, probe)
    : ['Upstash Vector does not describe its index. Is the URL that of one?']
  if (faults.length > 0) throw new UnusableIndex(faults)
}

function faultsOf(
  { indexType, dimension, similarityFunction, model }: Description,
  probe: Probe | undefined,
): string[] {
  if (indexType !== 'DENSE') {
    return [`The Upstash Vector index is ${indexType}, and its scores are not cosines: create a DENSE one.`]
  }
  const faults: string[] = []
  if (similarityFunction !== 'COSINE') {
    faults.push(`The Upstash Vector index measures ${similarityFunction}: create one that measures COSINE.`)
  }
  if (typeof probe === 'string' && !model) {
    faults.push(
      'The Upstash Vector index has no embedding model, and is to embed: create one with a model, or choose another embedder.',
    )
  }
  if (typeof probe === 'object' && probe.length !== dimension) {
    faults.push(
      `The Upstash Vector index has ${dimension} dimensions, and the embedder ${probe.length}: create an index of ${probe.length}, or choose an embedder of ${dimension}.`,
    )
  }
  return faults
}
