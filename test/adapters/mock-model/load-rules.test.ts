import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadRules } from '../../../src/adapters/mock-model/load-rules.ts'
import { mockModel } from '../../../src/adapters/mock-model/mock-model.ts'

it('reads the files of a folder in the order of their names', async () => {
  const folder = await folderWith({
    'b.json': '[{ "text": "who?", "answer": "b" }]',
    'a.json': '[{ "text": "who?", "answer": "a" }]',
    'README.md': 'not rules',
  })
  expect((await loadRules(folder)).map(({ answer }) => answer)).toEqual(['a', 'b'])
})

it('collects the faults of all files', async () => {
  const folder = await folderWith({ 'a.json': '[{ "text": 1 }]', 'b.json': '{', 'c.json': '[]' })
  await expect(loadRules(folder)).rejects.toMatchObject({
    faults: [
      `${join(folder, 'a.json')}, rule 1, text: Invalid input: expected string, received number`,
      expect.stringContaining(`${join(folder, 'b.json')}: not JSON: `),
    ],
  })
})

it('rejects when the folder does not exist', async () => {
  await expect(loadRules('no/such/folder')).rejects.toThrow('ENOENT')
})

it.each([
  ['How do I reset my password?', /one hour/],
  ['I forgot my password, what now?', /one hour/],
  ['How do I turn on 2FA?', /authenticator app/],
  ['How do I turn off 2FA?', /confirm with your password/],
  ['Can I return shoes within 30 days?', /^Yes\. Within 30 days/],
  ['Do you offer 60-day returns?', /^No\. Returns end after 30 days, so 60 days/],
  ['What is the capital of France?', /^Paris\.$/],
  ['mock: slow 2000', /^This answer was 2000 ms late\.$/],
])('ships an answer to "%s"', async (content, answer) => {
  const model = mockModel({ rules: await loadRules('fixtures/mock'), delay: async () => {} })
  const body = JSON.stringify({ model: 'mock', messages: [{ role: 'user', content }] })
  const response = await model.send('/chat/completions', { method: 'POST', headers: new Headers(), body })
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: expect.stringMatching(answer) } }] })
})

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mock-rules-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  return folder
}
