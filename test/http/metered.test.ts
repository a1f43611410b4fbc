import { expect, it } from 'vitest'
import { type Seen, metered } from '../../src/http/metered.ts'
import { QUESTION, said, world } from '../support/world.ts'

/** What is seen of a body that comes in these pieces, and what comes out of it. */
async function passing(pieces: string[], type = 'application/json') {
  const seen: Seen[] = []
  const body = ReadableStream.from(pieces).pipeThrough(new TextEncoderStream())
  const response = new Response(body, { status: 201, headers: { 'content-type': type, 'x-own': 'yes' } })
  const passed = metered(response, (one) => seen.push(one))
  return { seen, text: await passed.text(), status: passed.status, own: passed.headers.get('x-own') }
}

const USED = { usage: { promptTokens: 7, completionTokens: 3 }, model: 'gpt-4o' }
const CHAT = '{"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"details":{"a":1}}}'

it('lets everything pass as it is, and sees what a completion cost', async () => {
  expect(await passing([CHAT])).toEqual({ seen: [USED], text: CHAT, status: 201, own: 'yes' })
})

it('sees it whichever way the body is cut', async () => {
  for (let at = 1; at < CHAT.length; at++) {
    expect((await passing([CHAT.slice(0, at), CHAT.slice(at)])).seen).toEqual([USED])
  }
})

it.each([
  ['embeddings', '{"data":[],"model":"e","usage":{"prompt_tokens":5,"total_tokens":5}}', 5, 0],
  ['responses', '{"model":"e","usage":{"input_tokens":4,"output_tokens":2},"user":null}', 4, 2],
])('knows the names of %s', async (_, body, promptTokens, completionTokens) => {
  expect((await passing([body])).seen).toEqual([{ model: 'e', usage: { promptTokens, completionTokens } }])
})

it('takes the last count of a stream', async () => {
  const event = (tokens: number) =>
    `data: {"model":"m","choices":[{"delta":{}}],"usage":{"prompt_tokens":9,"completion_tokens":${tokens}}}\n\n`
  const { seen } = await passing([event(1), event(2), 'data: [DONE]\n\n'], 'text/event-stream')
  expect(seen).toEqual([{ model: 'm', usage: { promptTokens: 9, completionTokens: 2 } }])
})

it('takes an event for a token where a stream says nothing of its cost', async () => {
  const event = 'data: {"model":"m","choices":[{"delta":{"content":"word"}}],"usage":null}\n\n'
  const { seen } = await passing([event, event, event, 'data: [DONE]\n\n'], 'text/event-stream')
  expect(seen).toEqual([{ model: 'm', usage: { promptTokens: 0, completionTokens: 3 } }])
})

it.each(['', 'not json', '{"object":"list","data":[]}', '{"usage":{', '{"usage":"much"}', '{"usage":{"cost":1}}'])(
  'makes nothing up: %j',
  async (body) => {
    expect((await passing([body])).seen).toEqual([{ model: undefined, usage: undefined }])
  },
)

it('tells once what it has seen when nobody wants more', async () => {
  const seen: Seen[] = []
  const endless = ReadableStream.from(
    (async function* () {
      for (;;) yield new TextEncoder().encode('data: {"delta":{}}\n\n')
    })(),
  )
  const response = new Response(endless, { headers: { 'content-type': 'text/event-stream' } })
  const reader = metered(response, (one) => seen.push(one)).body!.getReader()
  await reader.read()
  await reader.cancel()
  expect(seen).toHaveLength(1)
  expect(seen[0]!.usage!.completionTokens).toBeGreaterThan(0)
})

it.each(['no-store', 'no-cache'])(
  'counts what an answer cost, whatever the caller asks of the cache: %s',
  async (control) => {
    const { ask, hear, stats } = world()
    await said(await ask(QUESTION, { 'cache-control': control }))
    expect((await stats()).spent).toMatchObject({ prompt_tokens: 14, completion_tokens: 3 })
    await said(await hear(QUESTION, { 'cache-control': control }))
    expect((await stats()).spent.completion_tokens).toBeGreaterThan(3)
  },
)
