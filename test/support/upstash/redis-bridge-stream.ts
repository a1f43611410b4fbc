import type { ServerResponse } from 'node:http'
import type { createFaults } from './redis-bridge-faults.ts'
import { send } from './redis-bridge-reply.ts'
import { type Command, type Reply, connectRedis } from './resp.ts'

/** Tells what a channel or the monitor says, on a connection of its own, for as long as both sides stay. */
export async function stream(
  response: ServerResponse,
  redisPort: number,
  command: Command,
  faults: ReturnType<typeof createFaults>,
): Promise<void> {
  if (faults.current().streams === 'refused') return send(response, 503, { error: 'ERR no streams just now' })
  const connection = await connectRedis(redisPort)
  const forget = faults.onRefusal(() => response.destroy())
  response.on('close', () => {
    forget()
    connection.close()
  })
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  connection.listen(command, (reply) => {
    if (faults.current().streams !== 'silent') response.write(eventOf(reply))
  })
  await connection.closed
  response.end()
}

/** `message,channel,text`, and not JSON. */
function eventOf(reply: Reply): string {
  return `data: ${textOf(reply).replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
}

function textOf(reply: Reply): string {
  if (reply === null) return ''
  if (typeof reply === 'bigint' || Buffer.isBuffer(reply)) return String(reply)
  if ('error' in reply) return reply.error
  if (!('status' in reply)) return reply.map(textOf).join(',')
  // The greeting of the monitor alone is quoted.
  return reply.status === 'OK' ? '"OK"' : reply.status
}
