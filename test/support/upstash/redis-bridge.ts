import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CommandLog, createCommandLog } from './redis-bridge-commands.ts'
import { openDatabase } from './redis-bridge-database.ts'
import { type RedisFaults, createFaults } from './redis-bridge-faults.ts'
import { formatOf, send, sendReplies, sendReply } from './redis-bridge-reply.ts'
import { readBody, understand } from './redis-bridge-request.ts'
import { stream } from './redis-bridge-stream.ts'
import { isFailure } from './resp.ts'

export interface RedisBridge {
  readonly url: string
  readonly token: string
  readonly commands: CommandLog
  readonly faults: { set(faults: RedisFaults): void }
  close(): Promise<void>
}

export interface RedisBridgeOptions {
  readonly redisPort: number
  readonly token: string
  /** Any free one, unless told. */
  readonly port?: number
}

/** A stand-in for Upstash Redis: its REST API, spoken by a real Redis on this machine. */
export async function startRedisBridge({ redisPort, token, port = 0 }: RedisBridgeOptions): Promise<RedisBridge> {
  const commands = createCommandLog()
  const faults = createFaults()
  const database = await openDatabase(redisPort, commands, faults)
  let answered = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    commands.request()
    const url = new URL(request.url ?? '/', 'http://bridge')
    const body = await readBody(request)
    if (await faults.befall(response)) return
    if (!METHODS.includes(request.method ?? '')) return send(response, 405, { error: 'ERR method not allowed' })
    if (tokenOf(request, url) !== token) return send(response, 401, WRONG_TOKEN)

    const format = formatOf(request.headers)
    if (isFailure(format)) return send(response, 400, format)
    const asked = isFailure(body) ? body : understand(url, body)
    if (isFailure(asked)) return send(response, 400, asked)

    response.setHeader('upstash-sync-token', `sync-${++answered}`)
    if (asked.kind === 'stream') return stream(response, redisPort, asked.command, faults)
    if (asked.kind === 'command') return sendReply(response, await database.run(asked.command), format)
    if (asked.kind === 'pipeline')
      return sendReplies(response, await Promise.all(asked.commands.map(database.run)), format)

    const json = format === 'resp2' ? 'utf8' : format
    const replies = await database.transact(asked.commands)
    return isFailure(replies) ? sendReply(response, replies, json) : sendReplies(response, replies, json)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      if (response.headersSent) response.destroy()
      else send(response, 500, { error: `ERR ${String(cause)}` })
    })
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const { port: found } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${found}`,
    token,
    commands,
    faults,
    async close() {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
      database.close()
    },
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT']
const WRONG_TOKEN = { error: 'WRONGPASS invalid or missing auth token' }

const tokenOf = ({ headers }: IncomingMessage, { searchParams }: URL) =>
  headers.authorization?.match(/^Bearer (.+)$/i)?.[1] ?? searchParams.get('_token')
