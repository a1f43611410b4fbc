import { expect, it } from 'vitest'
import { exported } from '../../src/jobs/export.ts'
import { NOTHING, readLine } from '../../src/jobs/portable.ts'
import { answerTo, cellar } from './cellar.ts'

const NOW = Date.UTC(2026, 0, 1)

async function filled(count: number) {
  const { store } = cellar(() => NOW)
  for (let nth = 0; nth < count; nth++) await store.put(answerTo(nth, NOW))
  await store.put(answerTo(0, NOW, { key: { ...answerTo(0, NOW).key, id: 'ent_of_another', tenant: 'another' } }))
  return store
}
const questions = (text: string) =>
  text
    .split('\n')
    .map(readLine)
    .flatMap((line) => (line === NOTHING ? [] : [line?.question]))

it("gives out all of a tenant's entries, and says at the end that this is all", async () => {
  const text = (await Array.fromAsync(exported(await filled(250), 'source', () => true))).join('')
  expect(questions(text).sort()).toEqual(Array.from({ length: 250 }, (_, nth) => answerTo(nth, NOW).question).sort())
  expect(text.endsWith('{"reprise":1,"end":true}\n')).toBe(true)
})

it('goes on after a mark', async () => {
  const store = await filled(250)
  const pages = await Array.fromAsync(exported(store, 'source', () => true))
  expect(pages.length).toBeGreaterThan(2)
  const { after } = JSON.parse(pages[0]!.trimEnd().split('\n').at(-1)!)
  expect(await Array.fromAsync(exported(store, 'source', () => true, after))).toEqual(pages.slice(1))
})

it('gives out what is wanted only, and nothing of whom it belongs to', async () => {
  const store = await filled(3)
  const text = (await Array.fromAsync(exported(store, 'source', ({ question }) => question.includes(' 1 ')))).join('')
  expect(questions(text)).toEqual([answerTo(1, NOW).question])
  expect(text).not.toContain('source')
})
