import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Stands before a server: all that is asked gets through and is done, but of the replies some are lost. */
export async function startLossy(target: string) {
  let [every, replies, lost] = [Infinity, 0, 0]
  const server = createServer((asked, response) => {
    const { method, url, headers } = asked
    const passed = request(target + url, { method, headers }, (reply) => {
      if (++replies % every === 0) {
        lost++
        response.destroy()
        return void reply.resume()
      }
      response.writeHead(reply.statusCode!, reply.headers)
      response.flushHeaders()
      reply.pipe(response)
    })
    passed.on('error', () => response.destroy())
    response.on('close', () => passed.destroy())
    asked.pipe(passed)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    /** From now on the last of every so many replies does not arrive. */
    loseOneIn(many: number): void {
      every = many
    },
    lost: () => lost,
  }
}
