import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { serve } from '@hono/node-server'

export interface Listening {
  readonly url: string
  /** Takes no new connections, and resolves when the last request has been answered or `graceMs` have passed. */
  stop(graceMs: number): Promise<void>
}

/** Serves on Node; rejects if the port cannot be had. */
export function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, hostname }: { port: number; hostname: string },
): Promise<Listening> {
  const { promise, resolve, reject } = Promise.withResolvers<Listening>()
  const server = serve({ fetch, port, hostname }, ({ address, port, family }: AddressInfo) => {
    resolve({ url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, stop })
  }) as Server
  server.on('error', reject)
  // Longer than the idle time of the usual load balancer, which would otherwise reuse a connection as we close it.
  server.keepAliveTimeout = 75_000

  // Clients like to connect before they have anything to ask; Node takes that for a request under way.
  const yetToAsk = new Set<Socket>()
  server.on('connection', (socket) => {
    yetToAsk.add(socket)
    socket.once('close', () => yetToAsk.delete(socket))
  })
  server.on('request', ({ socket }) => yetToAsk.delete(socket))

  function stop(graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    // Closing spares connections in use; each of them would be kept, idle after its answer, until the grace ends.
    server.keepAliveTimeout = 1
    server.keepAliveTimeoutBuffer = 0
    const timer = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    for (const socket of yetToAsk) socket.destroy()
    return promise
  }
  return promise
}
