import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The service as a process of its own, in this environment and no other; it does not outlive the test. */
export function startProcess(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      child.emit('written')
    })
  }
  // `close` rather than `exit`: by then all it wrote has been read.
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })

  /** Resolves with what the pattern finds as soon as it is written; rejects if the process ends without it. */
  async function said(pattern: RegExp): Promise<RegExpExecArray> {
    let over = false
    for (;;) {
      const match = pattern.exec(written.stderr) ?? pattern.exec(written.stdout)
      if (match) return match
      if (over) throw new Error(`it never said ${pattern}:\n${written.stderr}${written.stdout}`)
      await Promise.race([once(child, 'written'), ended.then(() => (over = true))])
    }
  }

  return { written, ended, said, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The service as a process that is up; in memory and on any free port, unless told otherwise. */
export async function started(env: Readonly<Record<string, string>>) {
  const service = startProcess({ PORT: '0', REPRISE_DATA_DIR: ':memory:', ...env })
  return { ...service, url: (await service.said(/^ +reprise +(http:\S+)\n[^]*^ +auth.*\n/m))[1]! }
}

/** An empty folder that goes when the test is over, after the processes that were started in it. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Asks a question, on a connection that may be used again; `members` are the request's own, besides it. */
export function ask(url: string, question: string, members: object = {}): Promise<Response> {
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }], ...members }
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** The text of a body, piece by piece, as it comes. */
export async function* reading({ body }: Response): AsyncGenerator<string> {
  for await (const text of body!.pipeThrough(new TextDecoderStream())) yield text
}
