import { once } from 'node:events'
import { connect } from 'node:net'

/** A command as Redis takes it: its name, then its arguments, all of them bytes. */
export type Command = readonly Buffer[]

/** A reply as RESP2 tells it: a status is not a string, and an error is a value like any other. */
export type Reply = Status | Failure | Buffer | bigint | null | readonly Reply[]

export interface Status {
  readonly status: string
}

export interface Failure {
  readonly error: string
}

export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'error' in value

/** `get` and `GET` are one command. */
export const nameOf = (command: Command): string => String(command[0]).toUpperCase()

export interface RedisConnection {
  /** Commands are answered in the order in which they are sent; none waits for the one before. */
  send(command: Command): Promise<Reply>
  /** Sends the last command of this connection: whatever comes from then on is told to the listener. */
  listen(command: Command, listener: (reply: Reply) => void): void
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>
  close(): void
}

/** A connection to the Redis on this loopback port. A reply that is lost with the connection is a rejection. */
export async function connectRedis(port: number): Promise<RedisConnection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')

  const waiting: PromiseWithResolvers<Reply>[] = []
  let tell = (reply: Reply) => waiting.shift()?.resolve(reply)
  const parse = createParser()
  socket.on('data', (chunk) => parse(chunk).forEach((reply) => tell(reply)))

  const lost = () => new Error('the connection to Redis is lost')
  // Without a listener, an error would end the process; that the connection is lost is told by `close`.
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('close', () => waiting.splice(0).forEach(({ reject }) => reject(lost())))

  return {
    send(command) {
      if (!socket.writable) return Promise.reject(lost())
      const awaited = Promise.withResolvers<Reply>()
      waiting.push(awaited)
      socket.write(encodeCommand(command))
      return awaited.promise
    },

    listen(command, listener) {
      tell = listener
      socket.write(encodeCommand(command))
    },

    closed,
    close: () => void socket.destroy(),
  }
}

/** Takes what has come in, in whatever pieces, and gives back the replies that are complete by then. */
export function createParser(): (chunk: Buffer) => Reply[] {
  let chunks: Buffer[] = []
  let size = 0
  let enough = 0
  return (chunk) => {
    chunks.push(chunk)
    size += chunk.length
    // A long string comes in many pieces; to join them at each would take long.
    if (size < enough) return []

    const bytes = Buffer.concat(chunks)
    const replies: Reply[] = []
    let end = 0
    let read = readReply(bytes, end)
    for (; 'reply' in read; read = readReply(bytes, end)) {
      replies.push(read.reply)
      end = read.end
    }
    chunks = [bytes.subarray(end)]
    size = bytes.length - end
    enough = read.enough - end
    return replies
  }
}

/** A reply and where the next one begins; or how many bytes there must be, at the least, for this one to end. */
type Read = { readonly reply: Reply; readonly end: number } | { readonly enough: number }

function readReply(bytes: Buffer, start: number): Read {
  const eol = bytes.indexOf(EOL, start)
  if (eol === -1) return { enough: bytes.length + 1 }
  const line = bytes.toString('utf8', start + 1, eol)
  const end = eol + EOL.length
  const mark = String.fromCharCode(bytes[start]!)
  if (mark === '+') return { reply: { status: line }, end }
  if (mark === '-') return { reply: { error: line }, end }
  if (mark === ':') return { reply: BigInt(line), end }
  if (mark === '$') return readString(bytes, end, Number(line))
  if (mark === '*') return readArray(bytes, end, Number(line))
  throw new Error(`not a RESP2 reply: ${mark}${line}`)
}

const EOL = '\r\n'

function readString(bytes: Buffer, start: number, length: number): Read {
  if (length === -1) return { reply: null, end: start }
  const end = start + length
  const enough = end + EOL.length
  if (bytes.length < enough) return { enough }
  return { reply: bytes.subarray(start, end), end: enough }
}

function readArray(bytes: Buffer, start: number, length: number): Read {
  if (length === -1) return { reply: null, end: start }
  const reply: Reply[] = []
  let end = start
  while (reply.length < length) {
    const item = readReply(bytes, end)
    if ('enough' in item) return item
    reply.push(item.reply)
    end = item.end
  }
  return { reply, end }
}

export const encodeCommand = (command: Command): Buffer => encodeReply(command)

/** The reply in RESP2 again, as Redis sent it; but of the two ways to say nothing, only that of a string. */
export function encodeReply(reply: Reply): Buffer {
  if (reply === null) return Buffer.from(`$-1${EOL}`)
  if (typeof reply === 'bigint') return Buffer.from(`:${reply}${EOL}`)
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length}${EOL}`), reply, Buffer.from(EOL)])
  if ('status' in reply) return Buffer.from(`+${reply.status}${EOL}`)
  if ('error' in reply) return Buffer.from(`-${reply.error}${EOL}`)
  return Buffer.concat([Buffer.from(`*${reply.length}${EOL}`), ...reply.map(encodeReply)])
}
