import { expect, it } from 'vitest'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import type { Log } from '../../src/insight/log.ts'
import { inTurn, json, says } from '../support/model.ts'
import { aRequest, world } from '../support/world.ts'

const QUESTION = 'What does patient Annabel Lee suffer from'
const ANSWER = 'From love'
const SECRETS = ['Annabel', ANSWER, 'sk-caller', 'session-cookie', 'key-in-query']
const headers = { authorization: 'Bearer sk-caller', cookie: 'id=session-cookie' }

it('writes no question, no answer and no secret into the log', async () => {
  const { log, lines } = recording()
  const broken = new Response(`data: {"choices":[{"delta":{"content":"${ANSWER}"}}]}\n\n`)
  const at = world({
    service: { log },
    tenantOf: () => 'default',
    model: inTurn(
      says(ANSWER),
      says(ANSWER),
      async () => json({ error: { message: `${QUESTION}? ${ANSWER}.` } }, { status: 400 }),
      () => Promise.reject(new Error(`could not send ${QUESTION}`)),
      async () => new Response(broken.body, { headers: { 'content-type': 'text/event-stream' } }),
      says(ANSWER),
    ),
  })
  await at.ask(QUESTION, headers)
  await at.ask(QUESTION, headers)
  await at.hear(`${QUESTION} now`, headers)
  await at.ask(QUESTION, { ...headers, 'cache-control': 'no-store' })
  await at.ask(`${QUESTION} really`, { ...headers, 'cache-control': 'no-cache' })
  await at.ask('Nevermore', headers)
  await (await at.hear('Annabel', headers)).text()
  await at.post('/chat/completions?key=key-in-query', aRequest(QUESTION), headers)
  await at.post('/chat/completions', `{"model": "${QUESTION}`, headers)
  await at.post('/chat/completions', { messages: QUESTION }, headers)
  await at.app.request('/v1/models?key=key-in-query', { headers })
  await at.post('/cache/explain', aRequest(QUESTION), headers)
  await at.idle()
  expect(lines.length).toBeGreaterThanOrEqual(8)
  expect(lines.filter((line) => SECRETS.some((secret) => line.includes(secret)))).toEqual([])
})

it('writes none of them into the log of the service as it is composed', async () => {
  const { log, lines } = recording()
  const config = readConfig({ REPRISE_DATA_DIR: ':memory:', REPRISE_MODEL: 'mock' })
  const { fetch, drain, close } = await compose(config, log)
  const body = JSON.stringify(aRequest(QUESTION))
  for (const _ of ['miss', 'hit']) {
    const request = new Request('http://reprise.test/v1/chat/completions', { method: 'POST', headers, body })
    await (await fetch(request)).text()
  }
  await drain()
  await close()
  expect(lines.map((line) => JSON.parse(line).outcome)).toEqual(['miss', 'hit'])
  expect(lines.filter((line) => SECRETS.some((secret) => line.includes(secret)))).toEqual([])
})

/** A log that remembers what it was told, errors and their causes included. */
function recording() {
  const lines: string[] = []
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value
  const note = (fields: object, message?: string) => void lines.push(JSON.stringify({ ...fields, message }, plain))
  const log: Log = { info: note, warn: note, error: note, flush() {} }
  return { log, lines }
}
