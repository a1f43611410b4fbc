import { z } from 'zod'
import type { Ask } from './client.ts'

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
 * Passes only an index in which vectors of this size can be compared by their cosine. One that cannot be asked just now
 * is passed as well, with a warning: it may be back any moment, and until then it only costs hits.
 */
export async function checkIndex(
  ask: Ask,
  dimensions: number | undefined,
  warn: (message: string) => void,
): Promise<void> {
  let told: unknown
  try {
    told = await ask((index) => index.info())
  } catch (error) {
    const { message } = error as Error
    if (/unauthorized/.test(message))
      throw new UnusableIndex([`${message} Are the URL and the token those of one Vector index?`])
    return warn(`${message} Whether its index fits the embedder will show later.`)
  }
  const { data } = info.safeParse(told)
  const faults = data
    ? faultsOf(data, dimensions ?? data.dimension)
    : ['Upstash Vector does not describe its index. Is the URL that of one?']
  if (faults.length > 0) throw new UnusableIndex(faults)
}

function faultsOf({ indexType, dimension, similarityFunction }: Info, dimensions: number): string[] {
  if (indexType !== 'DENSE') {
    return [`The Upstash Vector index is ${indexType}, and its scores are not cosines: create a DENSE one.`]
  }
  const faults: string[] = []
  if (similarityFunction !== 'COSINE') {
    faults.push(`The Upstash Vector index measures ${similarityFunction}: create one that measures COSINE.`)
  }
  if (dimension !== dimensions) {
    faults.push(
      `The Upstash Vector index has ${dimension} dimensions, and the embedder ${dimensions}: create an index of ${dimensions}, or choose an embedder of ${dimension}.`,
    )
  }
  return faults
}

type Info = z.infer<typeof info>
const info = z.object({ indexType: z.string().default('DENSE'), dimension: z.number(), similarityFunction: z.string() })
