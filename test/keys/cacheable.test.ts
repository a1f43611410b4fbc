import { expect, it } from 'vitest'
import type { Embedder } from '../../src/ports.ts'
import { isOfTheRoom, isWelcome, whyBypass, whyExactOnly } from '../../src/keys/cacheable.ts'
import { asking, callOf } from '../support/call.ts'
import { file, image, result, says, sound, text } from '../support/messages.ts'

const embedder: Embedder = {
  near: true,
  space: 'test',
  threshold: 0.9,
  fits: (text) => text.length <= 100,
  embed: () => Promise.reject(new Error('not asked for here')),
}
const TOOL = { type: 'function', function: { name: 'rate' } }
const USER = says('user', 'And now?')

it.each([
  ['store', asking('Hi', { store: true })],
  ['web-search', asking('Hi', { web_search_options: {} })],
  ['web-search', asking('Hi', { model: 'gpt-4o-search-preview' })],
  ['web-search', asking('Hi', { model: 'gpt-4o-mini-search-preview-2025-03-11' })],
  ['web-search', asking('Hi', { model: 'gpt-5-search-api' })],
  ['audio', asking('Hi', { modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'mp3' } })],
  ['audio', asking('Hi', { modalities: ['audio'] })],
  ['audio', asking('Hi', { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }, USER] })],
  ['hosted-tools', asking('Hi', { tools: [TOOL, { type: 'web_search' }] })],
  ['hosted-tools', asking('Hi', { tools: [{ type: 'mcp', server_url: 'https://mcp.example' }] })],
  ['hosted-tools', asking('Hi', { tools: [{ type: 'a_tool_of_tomorrow' }] })],
  ['remote-content', asking([imageAt('https://pictures.example/cat.png')])],
  ['remote-content', asking([{ type: 'image_url', image_url: 'https://pictures.example/cat.png' }])],
  ['remote-content', asking([{ type: 'file', file: { file_id: 'file-1' } }])],
  ['remote-content', asking([{ type: 'file', file: { file_url: 'https://files.example/a.pdf' } }])],
  ['remote-content', asking('', { messages: [says('user', [imageAt('http://a.example/b')]), USER] })],
  ['remote-content', asking([{ type: 'image_file', image_file: { file_id: 'file-1' } }])],
  ['remote-content', asking([{ type: 'input_file', file_id: 'file-1' }])],
  ['remote-content', asking([{ type: 'video_url', video_url: { url: 'https://films.example/cat.mp4' } }])],
  ['prewarm', asking('Hi', { prompt_cache_options: { prewarm: true } })],
  ['prewarm', asking('Hi', { prompt_cache_options: { comparison_response_id: 'resp_1' } })],
])('passes by for %s', (why, body) => {
  expect(whyBypass(callOf(body))).toBe(why)
})

it.each([
  ['a plain question', asking('Hi')],
  ['an answer that is not to be stored upstream', asking('Hi', { store: false })],
  ['text as the one modality', asking('Hi', { modalities: ['text'] })],
  ['tools of the caller', asking('Hi', { tools: [TOOL, { type: 'custom', custom: { name: 'sql' } }] })],
  ['an image that is all there', asking([text('A cat?'), image('AAAA')])],
  ['a file that is all there', asking([file('AAAA'), { type: 'file', file: { file_id: null, file_data: 'AAAA' } }])],
  [
    'a URL in the text',
    asking([text('What is https://a.example?'), { ...text('this'), source_url: 'https://a.example' }]),
  ],
  ['a prompt cache', asking('Hi', { prompt_cache_options: { ttl: '24h' } })],
  ['nulls', asking('Hi', { store: null, audio: null, web_search_options: null, tools: null, modalities: null })],
])('looks up %s', (_, body) => {
  expect(whyBypass(callOf(body))).toBeUndefined()
})

it('passes by for a caller who says no-store', () => {
  expect(whyBypass(callOf(asking('Hi'), { headers: { 'Cache-Control': 'no-store' } }))).toBe('no-store')
  expect(whyBypass(callOf(asking('Hi', { cache: { mode: 'no-store' } })))).toBe('no-store')
})

it.each([
  ['tools', asking('Hi', { tools: [TOOL] })],
  ['tools', asking('Hi', { functions: [TOOL.function] })],
  ['not-last-word', asking('', { messages: [USER, says('assistant', 'The answer')] })],
  ['not-last-word', asking('', { messages: [USER, result('4 %')] })],
  ['not-last-word', asking('', { messages: [USER, says('system', 'Be brief.')] })],
  ['multimodal', asking([text('A cat?'), image('AAAA')])],
  ['multimodal', asking([image('AAAA')])],
  ['multimodal', asking('', { messages: [says('user', [image('AAAA')]), USER] })],
  ['multimodal', asking([text('Who speaks?'), sound('AAAA')])],
  ['choices', asking('Hi', { n: 2 })],
  ['logprobs', asking('Hi', { logprobs: true })],
  ['logprobs', asking('Hi', { top_logprobs: 3 })],
  ['seed', asking('Hi', { seed: 0 })],
  ['prediction', asking('Hi', { prediction: { type: 'content', content: 'Hello' } })],
  ['no-question', asking('')],
  ['no-question', asking(' \n ')],
  ['no-question', asking([])],
  ['temperature', asking('Hi', { temperature: 1.2 })],
  ['match', asking('Hi', { cache: { match: 'exact' } })],
  ['window', asking('a'.repeat(101))],
])('finds only the very same words because of %s', (why, body) => {
  expect(whyExactOnly(callOf(body), embedder)).toBe(why)
})

it.each([
  ['a plain question', asking('Hi')],
  ['a conversation', asking('', { messages: [USER, says('assistant', 'Yes.'), USER] })],
  ['several text parts', asking([text('a'), text('b')])],
  ['defaults spelt out', asking('Hi', { n: 1, logprobs: false, temperature: 1 })],
  ['no tools', asking('Hi', { tools: [] })],
  ['nulls', asking('Hi', { n: null, seed: null, tools: null, logprobs: null, prediction: null, temperature: null })],
  ['a question that just fits', asking('a'.repeat(100))],
])('finds what means the same for %s', (_, body) => {
  expect(whyExactOnly(callOf(body), embedder)).toBeUndefined()
})

it('goes by the temperature that the policy of the namespace allows', () => {
  const policies = { careful: { maxTemperature: 0 } }
  const warm = asking('Hi', { temperature: 0.1, cache: { namespace: 'careful' } })
  expect(whyExactOnly(callOf(warm, { policies }), embedder)).toBe('temperature')
  const unsaid = asking('Hi', { cache: { namespace: 'careful' } })
  expect(whyExactOnly(callOf(unsaid, { policies }), embedder)).toBeUndefined()
})

const entryTimes = { createdAt: 1_000, expiresAt: 61_000 }

it.each([
  ['an entry until it expires', '', 60_999, true],
  ['no entry from its expiry on', '', 61_000, false],
  ['an entry as old as max-age', 'max-age=30', 31_000, true],
  ['no entry older than max-age', 'max-age=30', 31_001, false],
  ['a new entry at max-age=0', 'max-age=0', 1_000, true],
  ['an entry within max-stale of its expiry', 'max-stale=10', 70_999, true],
  ['no entry beyond max-stale', 'max-stale=10', 71_000, false],
  ['an entry as stale as the policy allows, for a bare max-stale', 'max-stale', 3_660_999, true],
  ['no entry more stale than that', 'max-stale=9999', 3_661_000, false],
  ['no entry older than max-age, however stale it may be', 'max-stale, max-age=30', 31_001, false],
])('welcomes %s', (_, control, now, welcome) => {
  const call = callOf(asking('Hi'), { headers: { 'Cache-Control': control } })
  expect(isWelcome(entryTimes, call, now)).toBe(welcome)
})

const key = { id: 'ent_1', tenant: 'acme', namespace: 'faq', scope: 's', digest: 'd' }
const entry = {
  key,
  question: 'Hi',
  completion: '{}',
  model: 'gpt-4o',
  usage: undefined,
  tags: [],
  vector: undefined,
  space: 'test',
  tookMs: 1,
  epoch: 0,
  createdAt: 0,
  expiresAt: 1,
  keepUntil: 1,
}

it('takes an entry of another question for one of the room', () => {
  expect(isOfTheRoom(entry, { ...key, id: 'ent_2', digest: 'other' }, 'test')).toBe(true)
})

it.each(['tenant', 'namespace', 'scope'])('does not take an entry of another %s for one of the room', (part) => {
  expect(isOfTheRoom(entry, { ...key, [part]: 'other' }, 'test')).toBe(false)
})

it('does not take an entry of another vector space for one of the room', () => {
  expect(isOfTheRoom(entry, key, 'other')).toBe(false)
})

function imageAt(url: string) {
  return { type: 'image_url', image_url: { url } }
}
