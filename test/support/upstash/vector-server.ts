import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ZodError } from 'zod'
import { createCommands } from './vector-commands.ts'
import { createFaults, respond } from './vector-faults.ts'
import { createIndex } from './vector-index.ts'
import type { IndexOptions } from './vector-index.ts'
import { Refusal } from './vector-refusal.ts'

export interface VectorServerOptions extends IndexOptions {
  readonly token: string
  readonly port?: number
}

/** A request as it reached the service. */
export interface Heard {
  readonly command: string
  readonly namespace: string
  readonly body: unknown
}

/** A stand-in for Upstash Vector, in memory and over real HTTP, until it is closed. */
export async function startVectorServer(options: VectorServerOptions) {
  const faults = createFaults()
  const index = createIndex(options, faults.capacity)
  const commands = createCommands(index)
  let heard: Heard[] = []

  function run({ command, namespace, body, parameters }: Request, authorization: string | undefined): unknown {
    if (authorization !== `Bearer ${options.token}`) throw new Refusal(401, 'Unauthorized: Invalid auth token')
    if (!Object.hasOwn(commands, command)) throw new Refusal(404, `Unknown command: ${command}`)
    return commands[command]!(body, namespace, parameters)
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const asked = await read(request)
      heard.push(asked)
      if (await faults.spoil(request, response)) return
      respond(response, 200, { result: run(asked, request.headers.authorization) })
    } catch (error) {
      const { status, message } = refusalOf(error)
      respond(response, status, { error: message, status })
    }
  }

  const server = createServer((request, response) => void serve(request, response))
  await once(server.listen(options.port ?? 0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    token: options.token,
    faults: { set: faults.set },
    requests: {
      count: (command?: string) => heard.filter((each) => command === undefined || each.command === command).length,
      of: (command: string): readonly Heard[] => heard.filter((each) => each.command === command),
      reset: () => void (heard = []),
    },

    /** Makes all that was written visible to queries now. */
    settle(): void {
      for (const namespace of index.namespaces.values()) namespace.settle()
    },

    async close(): Promise<void> {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

interface Request extends Heard {
  readonly parameters: URLSearchParams
}

/** A client that does not escape a namespace may reach another one, or another command, just as with the real service. */
async function read(request: IncomingMessage): Promise<Request> {
  const { method = '', url = '/' } = request
  if (!METHODS.includes(method)) throw new Refusal(405, 'Method Not Allowed')
  const text = Buffer.concat(await request.toArray()).toString()
  const { pathname, searchParams: parameters } = new URL(url, 'http://vector')
  const [, command = '', ...rest] = pathname.split('/')
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text)
    return { command, namespace: decodeURIComponent(rest.join('/')), body, parameters }
  } catch {
    throw new Refusal(400, 'Malformed request')
  }
}

/** The documentation uses them all, on the same paths; the SDK only ever POSTs. */
const METHODS = ['POST', 'GET', 'PUT', 'DELETE']

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof ZodError) return new Refusal(422, error.issues[0]?.message ?? 'Invalid request')
  return new Refusal(500, `Internal error: ${error}`)
}
