import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningReprise, startReprise } from '../../src/testing.ts'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const readme = readFileSync(at('README.md'), 'utf8')

let reprise: RunningReprise
beforeAll(async () => {
  reprise = await startReprise()
})
afterAll(() => reprise.close())

it('promises on its first screen what a new user sees', async () => {
  const asked = [...readme.matchAll(/^ask '([^']+)' +# Cache-Status: (.+)$/gm)].map(([, question, status]) => ({
    question,
    status,
  }))
  const seen = []
  for (const { question } of asked) {
    const response = await fetch(`${reprise.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] }),
    })
    seen.push({
      question,
      status: response.headers.get('cache-status')?.replace(/ttl=\d+; key="ent_\w+"/, 'ttl=3567; key="ent_…"'),
    })
  }

  expect(asked).toHaveLength(3)
  expect(seen).toEqual(asked)
})

it('shows a test of a backend that is run here as it stands', () => {
  const ours = readFileSync(at('test/readme/backend.test.ts'), 'utf8').replace(
    '../../src/testing.ts',
    'reprise/testing',
  )
  expect(readme).toContain(ours.trim())
})

it('links only to what there is', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, link]) => link!)
  expect(links.filter((link) => !existsSync(at(link)))).toEqual([])
  expect(links.length).toBeGreaterThan(8)
})

it('justifies every dependency', () => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const names = Object.keys({ ...dependencies, ...optionalDependencies })
  expect(
    names.filter((name) => !readme.split('\n').some((line) => line.startsWith('| ') && line.includes(name))),
  ).toEqual([])
})
