import type { MockModel } from '../../../src/adapters/mock-model/mock-model.ts'

/** Posts a chat request whose last user message is `content`. */
export function ask(model: MockModel, content: string, more: object = {}, signal?: AbortSignal): Promise<Response> {
  return post(
    model,
    '/chat/completions',
    { model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...more },
    signal,
  )
}

export function post(model: MockModel, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return model.send(path, {
    method: 'POST',
    headers: new Headers({ 'content-type': 'application/json' }),
    body: JSON.stringify(body),
    signal,
  })
}

/** The body write by write, as many as arrive, and what ended it if it was not its end. */
export async function writesOf(response: Response): Promise<{ writes: string[]; failure?: unknown }> {
  const writes: string[] = []
  const decoder = new TextDecoder()
  try {
    for await (const write of response.body ?? []) writes.push(decoder.decode(write, { stream: true }))
    return { writes }
  } catch (failure) {
    return { writes, failure }
  }
}

/** The choices of every chunk of a stream. */
export async function choicesOf(response: Response): Promise<unknown[]> {
  const { writes } = await writesOf(response)
  return writes.slice(0, -1).flatMap((write) => JSON.parse(write.slice('data: '.length)).choices)
}
