import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const redisAvailable = (): boolean => spawnSync('redis-server', ['--version']).status === 0

export interface RedisServer {
  readonly port: number
  /** Ends the process; all it held is gone. */
  close(): Promise<void>
}

/** A Redis of one's own, empty, on a free loopback port; it answers by the time this resolves. */
export async function startRedisServer(): Promise<RedisServer> {
  const port = await freePort()
  const dir = await mkdtemp(join(tmpdir(), 'reprise-redis-'))
  const settings = { port: `${port}`, bind: '127.0.0.1', dir, save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const killed = () => child.kill('SIGKILL')
  process.once('exit', killed)

  const ended = once(child, 'exit')
  await Promise.race([said(child.stdout, 'Ready to accept connections'), ended.then(failed)])

  return {
    port,
    async close() {
      process.off('exit', killed)
      child.kill()
      await ended
      await rm(dir, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}

function said(output: NodeJS.ReadableStream, words: string): Promise<void> {
  const lines = createInterface({ input: output })
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line.includes(words)) resolve()
    })
  })
}

function failed([code]: unknown[]): never {
  throw new Error(`redis-server ended with ${code} before it was ready`)
}
