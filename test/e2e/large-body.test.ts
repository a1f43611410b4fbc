import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { started } from '../support/process.ts'

const SMALL = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'mock: slow 1000' }] })
const LARGE = SMALL.replace('1000', '0'.repeat(20_000_000))
const POST = { method: 'POST', headers: { 'content-type': 'application/json' } }

describe('a body that is too large', { timeout: 30_000 }, () => {
  it('is refused so that a caller who is still sending hears it', async () => {
    const { url } = await started({})
    for (let attempt = 0; attempt < 5; attempt++) {
      const response = await fetch(`${url}/v1/chat/completions`, { ...POST, body: LARGE })
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } })
    }
  })

  it('is refused to a caller who asks before sending it', async () => {
    const { url } = await started({})
    const headers = { ...POST.headers, expect: '100-continue', 'content-length': LARGE.length }
    const asking = request(`${url}/v1/chat/completions`, { ...POST, headers })
    asking.on('continue', () => asking.end(LARGE)).flushHeaders()
    expect(await answerTo(asking)).toMatchObject({ status: 413, text: expect.stringContaining('request_too_large') })
  })

  it('whose length was not told is heard out, so that it costs the next request on its connection nothing', async () => {
    const { url } = await started({})
    // By hand, for a client decides for itself whether to use a connection again.
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    const head = ['POST /v1/chat/completions HTTP/1.1', `host: ${hostname}`, 'content-type: application/json']
    const length = Buffer.byteLength(LARGE).toString(16)
    socket.write([...head, 'transfer-encoding: chunked', '', length, LARGE, '0', '', ''].join('\r\n'))
    const next = ['connection: close', `content-length: ${Buffer.byteLength(SMALL)}`, '', SMALL]
    socket.write([...head, ...next].join('\r\n'))

    const heard = Buffer.concat(await socket.toArray()).toString()
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
    expect(heard).toContain('request_too_large')
  })
})

async function answerTo(asking: ReturnType<typeof request>) {
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  // What becomes of the connection after the answer is nobody's concern.
  asking.on('error', () => {})
  return { status: response.statusCode, text: Buffer.concat(await response.toArray()).toString() }
}
