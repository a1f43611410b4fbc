import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { type Message, USAGE, sameAgainTo } from '../support/upstream.ts'
import { asking, detailOf, startService } from './service.ts'

type Request = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>

const weather = (city: string, id: string) => ({
  id,
  type: 'function' as const,
  function: { name: 'get_weather', arguments: JSON.stringify({ city, unit: 'celsius' }) },
})
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object' } } }]

const kinds: [string, Request, Message[]][] = [
  ['a text', asking('Which is the oldest bridge?'), [{ content: sameAgainTo('the oldest bridge') }]],
  [
    'JSON',
    { ...asking('JSON, please'), response_format: { type: 'json_object' } },
    [{ content: '{"a":[1,{"b":"ü"}]}' }],
  ],
  ['two choices', { ...asking('A name?'), n: 2 }, [{ content: 'Ada, of course.' }, { content: 'Or Grace, rather.' }]],
  ['a tool call', { ...asking('Rain in Paris?'), tools }, [{ tool_calls: [weather('Paris', 'call_1')] }]],
  [
    'parallel tool calls',
    { ...asking('Rain in Paris or Rome?'), tools },
    [{ content: 'Let me look.', tool_calls: [weather('Paris', 'call_1'), weather('Rome', 'call_2')] }],
  ],
]

describe.each(kinds)('the SDK, asking for %s,', (_, request, choices) => {
  it('gets again what it got first, and not from the model', async () => {
    const { openai, upstream } = await startService(() => ({ choices }))
    const first = await openai.chat.completions.create(request).withResponse()
    const second = await openai.chat.completions.create(request).withResponse()
    expect(first.data.choices.map(({ message }) => message)).toMatchObject(choices)
    expect(second.data).toEqual(first.data)
    expect(detailOf(second.response)).toBe('exact')
    expect(upstream.calls).toHaveLength(1)
  })

  it('streams what it got whole', async () => {
    const { openai, upstream } = await startService(() => ({ choices }))
    const whole = await openai.chat.completions.create(request)
    const streamed = await openai.chat.completions.stream({ ...request, stream: true }).finalChatCompletion()
    expect(saidBy(streamed)).toEqual(saidBy(whole))
    expect(upstream.calls).toHaveLength(1)
  })

  it('gets whole what it streamed', async () => {
    const { openai, upstream } = await startService(() => ({ choices }))
    const streamed = await openai.chat.completions.stream({ ...request, stream: true }).finalChatCompletion()
    const whole = await openai.chat.completions.create(request)
    expect(streamed.choices.map(({ message }) => message)).toMatchObject(choices)
    expect(saidBy(whole)).toEqual(saidBy(streamed))
    expect(whole.usage).toEqual(USAGE)
    expect(upstream.calls).toHaveLength(1)
  })

  it('streams the same again', async () => {
    const { openai, upstream } = await startService(() => ({ choices }))
    const first = await openai.chat.completions.stream({ ...request, stream: true }).finalChatCompletion()
    const second = await openai.chat.completions.stream({ ...request, stream: true }).finalChatCompletion()
    expect(saidBy(second)).toEqual(saidBy(first))
    expect(upstream.calls).toHaveLength(1)
  })
})

describe('the SDK', () => {
  it('sees a new request id each time, and whose it is', async () => {
    const { openai } = await startService()
    const first = await openai.chat.completions.create(asking('Who?')).withResponse()
    const second = await openai.chat.completions.create(asking('Who?')).withResponse()
    const third = await openai.chat.completions.create({ ...asking('Who?'), stream: true }).withResponse()
    await chunksOf(third.data)
    const ids = [first, second, third].map(({ request_id }) => request_id)
    expect(ids).toEqual(['req_upstream_1', expect.stringMatching(/^req_/), expect.stringMatching(/^req_/)])
    expect(new Set(ids).size).toBe(3)
  })

  it('is told of the limits and the timing of the call it caused, and never of those of another', async () => {
    const { openai } = await startService()
    const first = await openai.chat.completions.create(asking('Who?')).withResponse()
    const second = await openai.chat.completions.create(asking('Who?')).withResponse()
    expect(first.response.headers.get('openai-processing-ms')).toBe('42')
    expect(second.response.headers.get('openai-processing-ms')).toBeNull()
    expect(first.response.headers.get('set-cookie')).toBeNull()
  })

  it.each(['live', 'again'])('hears the token counts of a stream, %s, if it asks for them', async (when) => {
    const { openai } = await startService()
    const request = { ...asking('How many?'), stream: true as const, stream_options: { include_usage: true } }
    if (when === 'again') await chunksOf(await openai.chat.completions.create(request))
    const chunks = await chunksOf(await openai.chat.completions.create(request))
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: USAGE })
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true)
  })

  it.each(['live', 'again'])('hears nothing of token counts, %s, if it does not', async (when) => {
    const { openai } = await startService()
    const request = { ...asking('How many?'), stream: true as const }
    if (when === 'again') await chunksOf(await openai.chat.completions.create(request))
    const chunks = await chunksOf(await openai.chat.completions.create(request))
    expect(chunks.filter((chunk) => 'usage' in chunk || chunk.choices.length === 0)).toEqual([])
  })

  it('finds one id, one time and one model in all chunks, and the same ones again', async () => {
    const { openai } = await startService()
    const request = { ...asking('Who are you?'), stream: true as const }
    const headOf = ({ id, created, model }: OpenAI.ChatCompletionChunk) => `${id} ${created} ${model}`
    const heads = new Set((await chunksOf(await openai.chat.completions.create(request))).map(headOf))
    for (const chunk of await chunksOf(await openai.chat.completions.create(request))) heads.add(headOf(chunk))
    expect([...heads]).toEqual(['chatcmpl-1 1770933001 gpt-4o-mini-2024-07-18'])
  })

  it('hears a replayed stream begin with the role and end with the reason', async () => {
    const { openai } = await startService()
    await openai.chat.completions.create(asking('Who are you?'))
    const chunks = await chunksOf(await openai.chat.completions.create({ ...asking('Who are you?'), stream: true }))
    expect(chunks.at(0)?.choices[0]?.delta.role).toBe('assistant')
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.slice(0, -1).every(({ choices }) => choices[0]?.finish_reason === null)).toBe(true)
  })

  it('hears a refusal, plain and streamed, and each time from the model', async () => {
    const refusal = 'I cannot help with that.'
    const { openai, upstream } = await startService(() => ({ choices: [{ refusal }] }))
    const plain = await openai.chat.completions.create(asking('How to do harm?'))
    const streamed = await openai.chat.completions.stream(asking('How to do harm?')).finalChatCompletion()
    expect(plain.choices[0]?.message).toMatchObject({ content: null, refusal })
    expect(streamed.choices[0]?.message).toMatchObject({ content: null, refusal })
    expect(upstream.calls).toHaveLength(2)
  })

  it('asks the model with the key of the service, not with its own', async () => {
    const { openai, upstream } = await startService()
    await openai.chat.completions.create(asking('Who?'))
    expect(upstream.calls[0]?.headers.authorization).toBe('Bearer sk-service')
  })
})

/** What an answer says, however it came. The SDK's helpers add members of their own, and leave some out. */
function saidBy({ id, created, model, choices }: OpenAI.ChatCompletion) {
  const said = choices.map(({ message: { role, content, refusal, tool_calls = [] }, index, finish_reason }) => {
    const calls = tool_calls.map(
      (call) => call.type === 'function' && [call.id, call.function.name, call.function.arguments],
    )
    return { index, role, content, refusal, calls, finish_reason }
  })
  return { id, created, model, said }
}

async function chunksOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<OpenAI.ChatCompletionChunk[]> {
  const chunks: OpenAI.ChatCompletionChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}
