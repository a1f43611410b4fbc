import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Starts tools/minilm-server with a Python that has its requirements; resolves once it listens. */
export async function startMinilm(python: string): Promise<{ readonly url: string; close(): void }> {
  const server = fileURLToPath(new URL('../../tools/minilm-server/server.py', import.meta.url))
  const child = spawn(python, [server], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { url: await urlOf(child), close: () => child.kill() }
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`tools/minilm-server ended with ${code}; its requirements.txt says what --python needs`)),
    )
    child.stdout!.once('data', (line: Buffer) => resolve(line.toString().trim()))
  })
}
