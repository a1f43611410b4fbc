import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { createDice } from '../support/dice.ts'
import { ask, emptyFolder, started } from '../support/process.ts'
import { sameAgainTo, startUpstream } from '../support/upstream.ts'

const QUESTIONS = Array.from(
  { length: 200 },
  (_, nth) => `${String(nth).padStart(3, '0')} is the number of which house?`,
)
const KILLS = 3
/** A job that was running is taken up again within seconds; on a machine that is busy with other things, within more. */
const PATIENT = { tries: 300, pause: () => pause(100) }
const LONG = { timeout: 120_000 }
const dice = createDice(Date.now())

/** A model, and a folder in which a service has kept its answer to each question. */
async function kept() {
  const upstream = await startUpstream()
  const folder = emptyFolder()
  const env = { OPENAI_BASE_URL: upstream.baseURL, OPENAI_API_KEY: 'sk-1', REPRISE_LOG_LEVEL: 'silent' }
  const service = await started({ ...env, REPRISE_DATA_DIR: folder, REPRISE_LOOKUP_TIMEOUT_MS: '20000' })
  for (const question of QUESTIONS) await (await ask(service.url, question)).arrayBuffer()
  const lines = await (await fetch(`${service.url}/v1/cache/export`)).text()
  service.kill('SIGKILL')
  await service.ended
  upstream.calls.length = 0
  return {
    upstream,
    folder,
    lines,
    inOtherSpace: { ...env, REPRISE_EMBEDDER: 'openai', REPRISE_EMBEDDING_DIMENSIONS: '8' },
  }
}

it('goes on with an import after each kill, and loses and doubles nothing', LONG, async () => {
  const { upstream, lines, inOtherSpace } = await kept()
  const env = { ...inOtherSpace, REPRISE_DATA_DIR: emptyFolder() }
  const { imported } = await doneDespiteKills(env, '/v1/cache/import', lines)
  expect(imported).toBe(QUESTIONS.length)
  await expectAll(env, upstream)
})

it('goes on with re-embedding after each kill, and loses and doubles nothing', LONG, async () => {
  const { upstream, folder, inOtherSpace } = await kept()
  const env = { ...inOtherSpace, REPRISE_DATA_DIR: folder }
  await doneDespiteKills(env, '/v1/cache/re-embed', '')
  await expectAll(env, upstream)
})

type Env = Readonly<Record<string, string>>

/** What a job comes to whose process is killed each time that it has done so much of what was left. */
async function doneDespiteKills(env: Env, path: string, body: string): Promise<Record<string, number>> {
  let service = await started(env)
  const begun = (await (await fetch(service.url + path, { method: 'POST', body })).json()) as Job
  const job = async () => (await (await fetch(`${service.url}/v1/cache/jobs/${begun.id}`)).json()) as Job
  let done = 0
  for (let kills = 0; kills < KILLS; kills++) {
    const until = done + 1 + dice.below((QUESTIONS.length - 50 - done) / 2)
    await eventually(async () => expect((done = (await job()).progress.done)).toBeGreaterThanOrEqual(until), QUICK)
    await pause(dice.below(20))
    service.kill('SIGKILL')
    await service.ended
    service = await started(env)
    expect(await job()).toMatchObject({ state: 'running' })
  }
  await eventually(async () => expect(await job()).toMatchObject({ state: 'done' }), PATIENT)
  const { progress, result } = await job()
  expect(progress).toMatchObject({ failed: 0 })
  service.kill('SIGKILL')
  await service.ended
  return result!
}

/** Looks often: what it waits for is over soon. */
const QUICK = { tries: 5_000, pause: () => pause(2) }

/** Everything is there once, in the new space, and is served. */
async function expectAll(env: Env, { calls }: Awaited<ReturnType<typeof startUpstream>>): Promise<void> {
  const { url } = await started(env)
  const entries = await entriesOf(url)
  expect(entries.map(({ question }) => question).sort()).toEqual(QUESTIONS)
  expect(new Set(entries.map(({ space }) => space))).toEqual(new Set([expect.stringContaining('openai/')]))
  const { store } = (await (await fetch(`${url}/v1/cache/stats`)).json()) as Stats
  expect(store.entries).toBe(QUESTIONS.length)
  for (const question of QUESTIONS) {
    const response = await ask(url, question)
    expect(response.headers.get('cache-status')).toContain('detail=exact')
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: sameAgainTo(question) } }] })
  }
  expect(calls.filter(({ path }) => path.endsWith('/completions'))).toEqual([])
}

async function entriesOf(url: string): Promise<Listed['entries'][number][]> {
  const entries = []
  let cursor = ''
  do {
    const page = (await (await fetch(`${url}/v1/cache/entries?limit=100${cursor}`)).json()) as Listed
    entries.push(...page.entries)
    cursor = page.next === null ? '' : `&cursor=${page.next}`
  } while (cursor)
  return entries
}

interface Job {
  readonly id: string
  readonly state: string
  readonly progress: { readonly done: number; readonly failed: number }
  readonly result?: Record<string, number>
}

interface Listed {
  readonly entries: readonly { readonly question: string; readonly space: string | null }[]
  readonly next: string | null
}

interface Stats {
  readonly store: { readonly entries: number }
}
