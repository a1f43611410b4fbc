import { expect, it, onTestFinished } from 'vitest'
import { compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { silent } from '../src/insight/log.ts'
import { emptyFolder } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

it('finds by meaning again what was kept before it was started', async () => {
  const REPRISE_DATA_DIR = emptyFolder()
  const before = await start({ REPRISE_DATA_DIR })
  await before.ask(QUESTION)
  await before.close()

  const after = await start({ REPRISE_DATA_DIR })
  expect(after.chosen.join('\n')).toContain('1 pointers rebuilt')
  expect(await after.ask(REWORDED)).toBe('semantic')
})

it('compares by another embedder when told to, and asks it once for one question', async () => {
  const { baseURL, calls } = await startUpstream()
  const { ask } = await start(openaiEmbedder(baseURL))
  expect(await ask(QUESTION)).toBe('nothing-near')
  expect(calls.map(({ path, body }) => [path, body.model, body.input])).toEqual([['/v1/embeddings', 'tiny', QUESTION]])
})

it('never compares vectors of two embedders, and keeps the exact tier when they change', async () => {
  const REPRISE_DATA_DIR = emptyFolder()
  const lexical = await start({ REPRISE_DATA_DIR })
  await lexical.ask(QUESTION)
  await lexical.close()

  const { baseURL } = await startUpstream()
  const other = await start({ REPRISE_DATA_DIR, ...openaiEmbedder(baseURL) })
  expect(await other.ask(QUESTION)).toBe('exact')
  expect(await other.ask(REWORDED, { 'reprise-threshold': '0' })).toBe('nothing-near')
})

it('tells with its readiness where answers are, and nothing that was true only at the start', async () => {
  const REPRISE_DATA_DIR = emptyFolder()
  const { fetch } = await start({ REPRISE_DATA_DIR })
  const response = await fetch(new Request('http://localhost/readyz'))
  expect(await response.json()).toMatchObject({ store: `${REPRISE_DATA_DIR}/reprise.db`, index: 'flat, in process' })
})

it('is not ready any more once it drains', async () => {
  const { fetch, drain } = await start({})
  const ready = async () => (await fetch(new Request('http://localhost/readyz'))).status
  expect(await ready()).toBe(200)
  await drain()
  expect(await ready()).toBe(503)
})

const openaiEmbedder = (baseURL: string) => ({
  REPRISE_EMBEDDER: 'openai',
  REPRISE_EMBEDDING_BASE_URL: baseURL,
  REPRISE_EMBEDDING_API_KEY: 'sk-embed',
  REPRISE_EMBEDDING_MODEL: 'tiny',
})

async function start(env: Readonly<Record<string, string>>) {
  const config = readConfig({ REPRISE_DATA_DIR: ':memory:', REPRISE_MODEL: 'mock', ...env })
  const service = await compose(config, silent)
  onTestFinished(service.close)
  return {
    ...service,
    /** Asks, and says how the answer came about. */
    async ask(content: string, headers: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
      const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
      const response = await service.fetch(
        new Request('http://localhost/v1/chat/completions', { method: 'POST', headers, body }),
      )
      await response.text()
      return /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
    },
  }
}
