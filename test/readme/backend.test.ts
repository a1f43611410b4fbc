import OpenAI from 'openai'
import { startReprise } from '../../src/testing.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'

let reprise: Awaited<ReturnType<typeof startReprise>>
beforeAll(async () => {
  reprise = await startReprise({ answers: [{ pattern: 'capital of France', answer: 'Paris.' }] })
})
afterAll(() => reprise.close())

it('asks the model once for one question in two wordings', async () => {
  const openai = new OpenAI({ baseURL: reprise.baseURL, apiKey: 'any' })
  const ask = (content: string) =>
    openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })

  await ask('What is the capital of France?')
  const answer = await ask('Tell me the capital of France')

  expect(answer.choices[0]?.message.content).toBe('Paris.')
  expect(reprise.model.calls).toHaveLength(1)
})
