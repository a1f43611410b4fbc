import { expect, it } from 'vitest'
import { type Answer, live, recorded, whole } from '../../src/answers/answer.ts'
import { chat } from '../../src/dialects/chat/chat.ts'
import { BrokenAnswer } from '../../src/errors.ts'
import { END, completion, delta } from '../support/model.ts'
import { aRequest } from '../support/world.ts'

const asked = chat.parse(JSON.stringify(aRequest('What is the capital of France?', { stream: true })))
const text = JSON.stringify(completion('Paris.'))
const data = (event: string) => event.slice('data: '.length).trim()
const [BEGINNING, MIDDLE, FINISH, COUNTS] = [delta('Par'), delta('is.'), ...END].map(data) as [
  string,
  string,
  string,
  string,
]
const ignore = async () => {}

it('tells a recorded answer whole, and in chunks, as often as asked', async () => {
  const answer = recorded(text, chat)
  expect(await answer.whole).toBe(text)
  expect(await heard(answer)).toBe('Paris.')
  expect(await heard(answer)).toBe('Paris.')
})

it('tells an answer that came in one piece in chunks too', async () => {
  const answer = whole(Promise.resolve(text), chat, ignore)
  expect(await answer.whole).toBe(text)
  expect(await heard(answer)).toBe('Paris.')
})

it('ends an answer that came in one piece only when it has been kept', async () => {
  const kept = Promise.withResolvers<void>()
  let ended = false
  const answer = whole(Promise.resolve(text), chat, () => kept.promise)
  const ending = answer.whole.then(() => (ended = true))
  await turn()
  expect(ended).toBe(false)
  kept.resolve()
  await ending
})

it('breaks off an answer in one piece that does not come to its end, and keeps nothing', async () => {
  const kept: string[] = []
  const answer = whole(Promise.reject(new Error('connection lost')), chat, async (text) => void kept.push(text))
  await expect(answer.whole).rejects.toThrow(BrokenAnswer)
  await expect(heard(answer)).rejects.toThrow(BrokenAnswer)
  expect(kept).toEqual([])
})

it('tells a live answer as it comes', async () => {
  const { source, say, end } = aSpeaker()
  const chunks = live(source, chat, ignore).chunks(asked) as AsyncIterable<string>
  const listening = chunks[Symbol.asyncIterator]()
  for (const chunk of [BEGINNING, MIDDLE]) {
    const hearing = listening.next()
    say(chunk)
    expect(contentOf((await hearing).value)).toBe(contentOf(chunk))
  }
  end()
  expect(await listening.next()).toEqual({ done: true, value: undefined })
})

it('tells everyone a live answer from its start, whenever they come', async () => {
  const { source, say, end } = aSpeaker()
  const answer = live(source, chat, ignore)
  const early = heard(answer)
  say(BEGINNING)
  await turn()
  const late = heard(answer)
  for (const chunk of [MIDDLE, FINISH]) say(chunk)
  end()
  expect(await Promise.all([early, late, heard(answer)])).toEqual(['Paris.', 'Paris.', 'Paris.'])
})

it('hears a live answer out although nobody listens', async () => {
  const { source, say, end } = aSpeaker()
  const kept: string[] = []
  const answer = live(source, chat, async (text) => void kept.push(text))
  for (const chunk of [BEGINNING, MIDDLE, FINISH, COUNTS]) say(chunk)
  end()
  expect(JSON.parse(await answer.whole)).toMatchObject({ choices: [{ message: { content: 'Paris.' } }] })
  expect(kept).toEqual([await answer.whole])
})

it('ends a live answer only when it has been kept', async () => {
  const kept = Promise.withResolvers<void>()
  const { source, say, end } = aSpeaker()
  let ended = false
  const hearing = heard(live(source, chat, () => kept.promise)).then(() => (ended = true))
  for (const chunk of [BEGINNING, FINISH]) say(chunk)
  end()
  await turn()
  expect(ended).toBe(false)
  kept.resolve()
  await hearing
})

it('breaks off a live answer for all who listen, after all that was said, and keeps nothing', async () => {
  const { source, say, fail } = aSpeaker()
  const kept: string[] = []
  const answer = live(source, chat, async (text) => void kept.push(text))
  const told: string[] = []
  const hearing = heard(answer, told)
  say(BEGINNING)
  fail(new BrokenAnswer())
  await expect(hearing).rejects.toThrow(BrokenAnswer)
  await expect(heard(answer)).rejects.toThrow(BrokenAnswer)
  await expect(answer.whole).rejects.toThrow(BrokenAnswer)
  expect(told).toEqual(['Par'])
  expect(kept).toEqual([])
})

it('tells a stream that makes no completion as it came, but never as a whole', async () => {
  const { source, say, end } = aSpeaker()
  const kept: string[] = []
  const answer = live(source, chat, async (text) => void kept.push(text))
  say('{"choices":[]}')
  end()
  expect(await heard(answer)).toBe('')
  await expect(answer.whole).rejects.toThrow(BrokenAnswer)
  expect(kept).toEqual([])
})

it('lets a listener leave without taking anyone along', async () => {
  const { source, say, end } = aSpeaker()
  const answer = live(source, chat, ignore)
  say(BEGINNING)
  for await (const _ of answer.chunks(asked)) break
  say(FINISH)
  end()
  expect(await heard(answer)).toBe('Par')
})

/** A model whose words are put into its mouth. */
function aSpeaker() {
  const { readable, writable } = new TransformStream<string, string>(undefined, { highWaterMark: 10 })
  const writer = writable.getWriter()
  return {
    source: readable,
    say: (chunk: string) => void writer.write(chunk),
    end: () => void writer.close(),
    fail: (error: Error) => {
      // Only after what was said: a stream that errors forgets what it still held.
      setImmediate(() => void writer.abort(error).catch(() => {}))
    },
  }
}

async function heard(answer: Answer, told: string[] = []): Promise<string> {
  for await (const chunk of answer.chunks(asked)) told.push(contentOf(chunk))
  return told.join('')
}

const contentOf = (chunk: string): string => JSON.parse(chunk).choices[0]?.delta.content ?? ''
const turn = () => new Promise((resolve) => setImmediate(resolve))
