import { existsSync, readFileSync, readdirSync } from 'node:fs'
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

it.each(['README.md', ...readdirSync(at('docs')).map((name) => `docs/${name}`)])(
  'links from %s only to what there is',
  (page) => {
    const links = [...readFileSync(at(page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
      ([, link]) => link!,
    )
    expect(links.filter((link) => !existsSync(new URL(link, at(page))))).toEqual([])
  },
)

it('leads to every page of the documents', () => {
  const pages = readdirSync(at('docs')).map((name) => `docs/${name}`)
  expect(pages.filter((page) => !readme.includes(`](${page})`))).toEqual([])
})

it('justifies every dependency', () => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const names = Object.keys({ ...dependencies, ...optionalDependencies })
  const justified = new Set([...readme.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) => cell!.split(/[, ]+/)))
  expect(names.filter((name) => !justified.has(name))).toEqual([])
})
