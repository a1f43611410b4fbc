import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PriceList, createPricing } from '../../src/insight/pricing.ts'

const models = { 'gpt-4o': { prompt: 2.5, completion: 10 }, free: { prompt: 0, completion: 0 } }
const costOf = createPricing({ asOf: '2026-01-01', source: 'made up', models })
const MILLION = 1e6
const DOLLAR = 1e9

it('counts the tokens of the prompt and of the completion each at its own price', () => {
  expect(costOf('gpt-4o', { promptTokens: 2 * MILLION, completionTokens: 0 })).toBe(5 * DOLLAR)
  expect(costOf('gpt-4o', { promptTokens: 0, completionTokens: MILLION / 2 })).toBe(5 * DOLLAR)
  expect(costOf('gpt-4o', { promptTokens: 1_000, completionTokens: 100 })).toBe(0.0035 * DOLLAR)
})

it('counts in whole numbers, so that sums are exact', () => {
  const thirds = createPricing({
    asOf: '2026-01-01',
    source: 'made up',
    models: { m: { prompt: 0.1 / 3, completion: 0 } },
  })
  expect(thirds('m', { promptTokens: 1, completionTokens: 0 })).toBe(33)
  expect(costOf('gpt-4o', { promptTokens: 3, completionTokens: 7 })).toBe(77_500)
})

it.each(['gpt-4o', 'gpt-4o-2024-08-06', 'openai/gpt-4o', 'openrouter/openai/gpt-4o-2024-08-06'])(
  'knows %s',
  (model) => {
    expect(costOf(model, { promptTokens: MILLION, completionTokens: 0 })).toBe(2.5 * DOLLAR)
  },
)

it('tells a model that costs nothing from one whose price is not known', () => {
  expect(costOf('free', { promptTokens: MILLION, completionTokens: MILLION })).toBe(0)
})

it.each(['gpt-4o-mini', 'gpt-4o-mini-2024-07-18', 'gpt-4', '', 'constructor', '__proto__'])(
  'does not know %j',
  (model) => {
    expect(costOf(model, { promptTokens: 1, completionTokens: 1 })).toBeUndefined()
  },
)

it.each([
  ['gpt-4o-mini', 0.75],
  ['text-embedding-3-small', 0.02],
])('has the price of %s in the list that ships', (model, usd) => {
  const shipped = PriceList.parse(JSON.parse(readFileSync('fixtures/prices.json', 'utf8')))
  const tokens = { promptTokens: MILLION, completionTokens: MILLION }
  expect(createPricing(shipped)(model, tokens)).toBe(usd * DOLLAR)
})

it.each([
  ['a negative price', { models: { 'gpt-4o': { prompt: -1, completion: 1 } } }],
  ['half a price', { models: { 'gpt-4o': { prompt: 1 } } }],
  ['a price by the token, as it seems', { models: { 'gpt-4o': { prompt: 2_500_000, completion: 1 } } }],
  ['a price of another kind', { models: { 'gpt-4o': { prompt: 1, completion: 1, cached: 1 } } }],
  ['no date', { asOf: undefined }],
  ['a date that never was', { asOf: '2026-02-30' }],
])('does not read a list with %s', (_, wrong) => {
  const list = { asOf: '2026-01-01', source: 'made up', models }
  expect(PriceList.safeParse(list).success).toBe(true)
  expect(PriceList.safeParse({ ...list, ...wrong }).success).toBe(false)
})
