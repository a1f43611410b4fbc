import { expect, it } from 'vitest'
import { createBudgets } from '../../src/insight/budget.ts'

const LIMITED = { tenant: 'acme', limits: { usdPerDay: 1 } }

it('lets in whoever it cannot be told of in time what they have spent', async () => {
  const silent = { add: async () => {}, read: () => new Promise<never>(() => {}) }
  const { refusal } = createBudgets({ counters: silent, clock: () => 0 })
  expect(await refusal(LIMITED)).toBeUndefined()
})

it('lets them in as well if it is told that nobody knows', async () => {
  const broken = { add: async () => {}, read: () => Promise.reject(new Error('down')) }
  const { refusal } = createBudgets({ counters: broken, clock: () => 0 })
  expect(await refusal(LIMITED)).toBeUndefined()
})
