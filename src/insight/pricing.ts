import { z } from 'zod'
import type { Usage } from '../ports.ts'

/** Prices in US dollars for a million tokens, by model, as of a date. */
export const PriceList = z.strictObject({
  asOf: z.iso.date(),
  source: z.string(),
  models: z.record(z.string(), z.strictObject({ prompt: z.number().min(0), completion: z.number().min(0) })),
})
export type PriceList = z.infer<typeof PriceList>

/** What the model would have cost, in US dollars; `undefined` if the list does not know it. */
export function createPricing(list: PriceList): (model: string, usage: Usage) => number | undefined {
  const models = new Map(Object.entries(list.models))
  const priceOf = (model: string) => {
    const name = model.replace(/^.*\//, '')
    // A dated snapshot costs what its model costs: gpt-4o-2024-08-06.
    return models.get(name) ?? models.get(name.replace(/-\d{4}-\d{2}-\d{2}$/, ''))
  }
  return (model, { promptTokens, completionTokens }) => {
    const price = priceOf(model)
    return price && (promptTokens * price.prompt + completionTokens * price.completion) / 1e6
  }
}
