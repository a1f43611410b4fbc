import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PriceList, createPricing } from '../../src/insight/pricing.ts'

const models = { 'gpt-4o': { prompt: 2.5, completion: 10 }, free: { prompt: 0, completion: 0 } }
const costOf = createPricing({ asOf: '2026-01-01', source: 'made up', models })
const MILLION = 1e6

it('counts the tokens of the prompt and of the completion each at its own price', () => {
  expect(costOf('gpt-4o', { promptTokens: 2 * MILLION, completionTokens: 0 })).toBe(5)
  expect(costOf('gpt-4o', { promptTokens: 0, completionTokens: MILLION / 2 })).toBe(5)
  expect(costOf('gpt-4o', { promptTokens: 1_000, completionTokens: 100 })).toBeCloseTo(0.0035, 10)
})

it.each(['gpt-4o', 'gpt-4o-2024-08-06', 'openai/gpt-4o', 'openrouter/openai/gpt-4o-2024-08-06'])(
  'knows %s',
  (model) => {
    expect(costOf(model, { promptTokens: MILLION, completionTokens: 0 })).toBe(2.5)
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

it('reads the price list that ships', () => {
  const shipped = PriceList.parse(JSON.parse(readFileSync('fixtures/prices.json', 'utf8')))
  expect(createPricing(shipped)('gpt-4o-mini', { promptTokens: MILLION, completionTokens: MILLION })).toBeGreaterThan(0)
})

it.each([
  ['a negative price', { 'gpt-4o': { prompt: -1, completion: 1 } }],
  ['half a price', { 'gpt-4o': { prompt: 1 } }],
])('does not read a list with %s', (_, models) => {
  expect(PriceList.safeParse({ asOf: '2026-01-01', source: 'made up', models }).success).toBe(false)
})
