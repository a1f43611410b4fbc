import { z } from 'zod'
import type { Usage } from '../ports.ts'

/** More than any model has cost; a slip of a few digits is found at the start, not on the bill. */
const Price = z.number().min(0).max(10_000)

/** Prices in US dollars for a million tokens, by model, as of a date. An embedder's tokens are all of the prompt. */
export const PriceList = z.strictObject({
  asOf: z.iso.date(),
  source: z.string(),
  models: z.record(z.string(), z.strictObject({ prompt: Price, completion: Price })),
})
export type PriceList = z.infer<typeof PriceList>

/** A dollar, in the whole numbers that money is counted in. */
export const NANO_USD = 1e9

/** What so many tokens cost, in whole nano-dollars; `undefined` if the price of the model is not known. */
export type CostOf = (model: string, usage: Usage) => number | undefined

/** Costs by a price list. */
export function createPricing(list: PriceList): CostOf {
  const models = new Map(Object.entries(list.models))
  const priceOf = (model: string) => {
    const name = model.replace(/^.*\//, '')
    // A dated snapshot costs what its model costs: gpt-4o-2024-08-06.
    return models.get(name) ?? models.get(name.replace(/-\d{4}-\d{2}-\d{2}$/, ''))
  }
  return (model, { promptTokens, completionTokens }) => {
    const price = priceOf(model)
    // A dollar for a million tokens is a thousand nano-dollars for one.
    return price && Math.round((promptTokens * price.prompt + completionTokens * price.completion) * 1000)
  }
}
