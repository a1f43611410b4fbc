import { z } from 'zod'
import type { Ask } from './client.ts'

/** What the service says of its index; `undefined` if that is not what an index says. */
export async function describeIndex(ask: Ask): Promise<Description | undefined> {
  return description.safeParse(await ask((index) => index.info())).data
}

export type Description = z.infer<typeof description>

const description = z
  .object({
    indexType: z.string().default('DENSE'),
    dimension: z.number(),
    similarityFunction: z.string(),
    denseIndex: z.object({ embeddingModel: z.string().nullish() }).nullish(),
  })
  .transform(({ denseIndex, ...rest }) => {
    // An index that embeds nothing has a model of no name.
    return { ...rest, model: denseIndex?.embeddingModel || undefined }
  })
