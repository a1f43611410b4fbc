import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, emptyFolder, reading, startProcess, started } from './support/process.ts'
import { sameAgain, sameAgainTo, startUpstream } from './support/upstream.ts'

const QUESTION = 'Which is the oldest bridge?'

describe('the process', { timeout: 30_000 }, () => {
  it('names the database that it cannot use', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'reprise.db'), 'these are not the pages you are looking for'.repeat(100))
    const service = startProcess({ PORT: '0', REPRISE_DATA_DIR: folder })
    expect(await service.ended).toMatchObject({ code: 1 })
    expect(service.written.stderr).toBe(
      `reprise cannot start:\n  - ${folder}/reprise.db: file is not a database; mend it, or move it out of the way\n`,
    )
  })

  it('says what it chose, and why', async () => {
    const { baseURL } = await startUpstream()
    const folder = emptyFolder()
    const { url, written } = await started({
      OPENAI_BASE_URL: baseURL,
      OPENAI_API_KEY: 'sk-1',
      REPRISE_DATA_DIR: folder,
    })
    const line = (name: string) => new RegExp(`^ +${name} +(.+)$`, 'm').exec(written.stderr)?.[1] ?? ''
    expect(line('reprise')).toBe(url)
    expect(line('model')).toBe(`${baseURL} (OPENAI_API_KEY is set)`)
    expect(line('embedder')).toMatch(/^static\S* \(.*REPRISE_EMBEDDER/)
    expect(line('store')).toMatch(new RegExp(`^${folder}/\\S+, 0 entries \\(.+\\)$`))
    expect(line('index')).toContain('rebuilt from the store')
    expect(line('auth')).toMatch(/^none: .+ \(REPRISE_AUTH\)$/)
  })

  it('is loud about a mock, in every place', async () => {
    const { url, written } = await started({})
    expect(written.stderr).toMatch(/MOCK.*OPENAI_API_KEY is not set/)
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true, model: 'mock' })
    const replies = [
      ask(url, QUESTION),
      ask(url, QUESTION, { stream: true }),
      ask(url, 'mock: error 500'),
      ask(url, QUESTION, { messages: 'none' }),
      fetch(`${url}/v1/models`),
    ]
    const named = (await Promise.all(replies)).map(({ status, headers }) => [status, headers.get('reprise-model')])
    expect(named).toEqual([200, 200, 500, 400, 200].map((status) => [status, 'mock']))
  })

  it('writes to standard output nothing but JSON, and nothing of what was asked, answered or secret', async () => {
    const { baseURL } = await startUpstream((question, heard) =>
      question === 'busy?'
        ? { status: 429, error: { message: 'busy', type: 'requests', param: null, code: null } }
        : { ...sameAgain(question, heard), ...(question === 'broken?' && { breaks: 'hangs up' }) },
    )
    const service = await started({ OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: 'sk-very-secret' })
    const { url } = service
    for (const question of [QUESTION, QUESTION, 'broken?', 'busy?']) await (await ask(url, question)).text()
    await (await ask(url, 'broken?', { stream: true })).text()
    await ask(url, QUESTION, { messages: 'none' })
    await fetch(`${url}/v1/nothing/here`)
    await (await ask(url, 'Another?', { stream: true })).body?.cancel()
    service.kill('SIGTERM')
    expect(await service.ended).toMatchObject({ code: 0 })
    const lines = service.written.stdout.trimEnd().split('\n')
    const details = lines.map((line) => JSON.parse(line)).map(({ detail, error }) => detail ?? error)
    expect(details).toEqual(
      expect.arrayContaining(['exact', 'upstream', 'broke_off', 'invalid_request', 'pass-through']),
    )
    const all = service.written.stdout + service.written.stderr
    for (const secret of ['oldest bridge', 'ünïcödé', 'sk-very-secret']) expect(all).not.toContain(secret)
  })

  it('takes a caller who hangs up in the middle of a question for no fault of its own', async () => {
    const { url, said, written } = await started({})
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.end('POST /v1/chat/completions HTTP/1.1\r\nHost: reprise\r\nContent-Length: 1000\r\n\r\n{"model":')
    await said(/"error":"incomplete_body"/)
    expect(written.stdout).not.toContain('"level":50')
  })

  it('does not start on made-up answers in production', async () => {
    const { ended, written } = startProcess({ PORT: '0', NODE_ENV: 'production' })
    expect(await ended).toEqual({ code: 1, signal: null })
    expect(written.stderr).toContain('REPRISE_MODEL=mock')
  })

  it('does in production if they are asked for by name', async () => {
    const { written } = await started({ NODE_ENV: 'production', REPRISE_MODEL: 'mock' })
    expect(written.stderr).toMatch(/MOCK.*REPRISE_MODEL=mock/)
  })

  it('names all that is wrong with its configuration, and ends', async () => {
    const env = { PORT: 'eighty', REPRISE_EMBEDER: 'openai', NODE_ENV: 'production', OPENAI_KEY: 'sk-very-secret' }
    const { ended, written } = startProcess({ ...env, REPRISE_PRICES_FILE: '/nowhere' })
    expect(await ended).toEqual({ code: 1, signal: null })
    for (const name of [
      'PORT=eighty',
      'did you mean REPRISE_EMBEDDER?',
      'NODE_ENV=production',
      '/nowhere',
      'OPENAI_KEY',
    ]) {
      expect(written.stderr).toContain(name)
    }
    expect(written.stderr).not.toMatch(/sk-very-secret|\n +at /)
    expect(written.stdout).toBe('')
  })

  it('says which port is taken', async () => {
    const { port } = await startUpstream()
    const { ended, written } = startProcess({ REPRISE_DATA_DIR: ':memory:', PORT: String(port) })
    expect(await ended).toEqual({ code: 1, signal: null })
    expect(written.stderr).toMatch(new RegExp(`^reprise cannot start: .*${port}.*PORT`))
    expect(written.stderr).not.toMatch(/\n +at /)
  })
})

describe('the process, told to stop,', { timeout: 30_000 }, () => {
  it('takes nobody in any more, finishes the stream it is in the middle of, keeps the answer and ends', async () => {
    const { env, upstream, release } = await pausing()
    const service = await started(env)
    const stream = reading(await ask(service.url, QUESTION, { stream: true }))
    await stream.next()
    const toldAt = performance.now()
    service.kill('SIGTERM')
    await service.said(/"draining"/)
    await expect(ask(service.url, 'Too late?')).rejects.toThrow('fetch failed')
    release()
    expect(await toEnd(stream)).toMatch(/data: \[DONE\]\n\n$/)
    expect(await service.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - toldAt).toBeLessThan(10_000)

    const again = await started(env)
    const response = await ask(again.url, QUESTION)
    expect(response.headers.get('cache-status')).toContain('detail=exact')
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: sameAgainTo(QUESTION) } }] })
    expect(upstream.calls).toHaveLength(1)
  })

  it('finishes for the cache even what its caller no longer waits for', async () => {
    const { env, upstream, release } = await pausing()
    const service = await started(env)
    const stream = reading(await ask(service.url, QUESTION, { stream: true }))
    await stream.next()
    await stream.return(undefined)
    service.kill('SIGTERM')
    await service.said(/"draining"/)
    release()
    expect(await service.ended).toEqual({ code: 0, signal: null })
    const response = await ask((await started(env)).url, QUESTION)
    expect(response.headers.get('cache-status')).toContain('detail=exact')
    expect(upstream.calls).toHaveLength(1)
  })

  it('waits no longer than it may', async () => {
    const { env } = await pausing()
    const service = await started({ ...env, REPRISE_DRAIN_MS: '50' })
    const stream = reading(await ask(service.url, QUESTION, { stream: true }))
    await stream.next()
    service.kill('SIGTERM')
    await expect(toEnd(stream)).rejects.toThrow('terminated')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })

  it('does not wait for connections on which nobody asks anything', async () => {
    const service = await started({ REPRISE_DRAIN_MS: '60000' })
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    await once(socket, 'connect')
    await (await ask(service.url, QUESTION)).text()
    service.kill('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
    socket.destroy()
  })

  it('ends at once if it is told again', async () => {
    const { env } = await pausing()
    const service = await started(env)
    await reading(await ask(service.url, QUESTION, { stream: true })).next()
    service.kill('SIGTERM')
    await service.said(/"draining"/)
    service.kill('SIGTERM')
    expect(await service.ended).toEqual({ code: 1, signal: null })
  })
})

/** A model that pauses in the middle of its first answer until it is released, and a service to go with it. */
async function pausing() {
  const { promise: pause, resolve: release } = Promise.withResolvers<void>()
  const upstream = await startUpstream((question, heard) => ({ ...sameAgain(question, heard), pause }))
  const env = { OPENAI_BASE_URL: upstream.baseURL, OPENAI_API_KEY: 'sk-1', REPRISE_DATA_DIR: emptyFolder() }
  return { upstream, env, release }
}

async function toEnd(stream: AsyncGenerator<string>): Promise<string> {
  let all = ''
  for await (const text of stream) all += text
  return all
}
