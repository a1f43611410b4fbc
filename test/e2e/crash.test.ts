import { expect, it } from 'vitest'
import { ask, emptyFolder, reading, started } from '../support/process.ts'
import { sameAgainTo, startUpstream } from '../support/upstream.ts'

const QUESTIONS = Array.from({ length: 200 }, (_, at) => `What is the story of house number ${at}?`)
const CALLERS = 32
const ENOUGH = 80

it('has kept every answer it has given in full, and no other, when it is killed in the middle of its work', async () => {
  const upstream = await startUpstream()
  const env = {
    OPENAI_BASE_URL: upstream.baseURL,
    OPENAI_API_KEY: 'sk-1',
    REPRISE_DATA_DIR: emptyFolder(),
    // However slow the machine: an answer that cannot be kept in time is given all the same.
    REPRISE_LOOKUP_TIMEOUT_MS: '20000',
  }
  const before = await started(env)
  const given = new Set<string>()
  const left = [...QUESTIONS]
  const caller = async () => {
    for (let question = left.pop(); question !== undefined; question = left.pop()) {
      const streamed = given.size % 2 === 0
      expect(await answerTo(before.url, question, streamed)).toMatchObject({ content: sameAgainTo(question) })
      given.add(question)
      if (given.size === ENOUGH) before.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, () => caller().catch(failedToFetch)))
  expect(await before.ended).toMatchObject({ signal: 'SIGKILL' })
  expect(left.length).toBeGreaterThan(0)

  const after = await started(env)
  for (const question of QUESTIONS) {
    const { content, detail } = await answerTo(after.url, question, false)
    expect(content).toBe(sameAgainTo(question))
    if (given.has(question)) expect(detail).toBe('exact')
  }
}, 60_000)

/** An answer that was heard to its end. */
async function answerTo(url: string, question: string, streamed: boolean) {
  const response = await ask(url, question, { stream: streamed })
  const detail = /detail=(.+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
  let text = ''
  for await (const piece of reading(response)) text += piece
  if (!streamed) return { detail, content: JSON.parse(text).choices[0].message.content }

  const events = text.split('\n\n').map((event) => event.replace('data: ', ''))
  if (events.at(-2) !== '[DONE]') throw new TypeError('terminated')
  const chunks = events.slice(0, -2).map((event) => JSON.parse(event))
  return { detail, content: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('') }
}

/** What callers must expect of a process that is killed; anything else fails the test. */
function failedToFetch(error: unknown): void {
  if (!(error instanceof TypeError)) throw error
}
