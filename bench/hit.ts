/**
 * What a hit costs beside a bare server that answers with the same bytes: requests a second and server CPU for each
 * request, as ratios in one run. `npm run bench:hit`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '32' },
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '4' },
  },
})
const connections = Number(values.connections)
const requests = Number(values.requests)

const body = (content: string, stream = false) =>
  JSON.stringify({
    model: 'gpt-4o-mini',
    stream,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content },
    ],
  })
const QUESTION = 'Can I return shoes within 30 days of delivery?'
const REWORDED = 'Within 30 days of delivery, can I return shoes?'

const bare = await start(`
  import { serve } from '@hono/node-server'
  import { Hono } from 'hono'
  const answer = JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o-mini', choices:
    [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(400), refusal: null }, logprobs: null, finish_reason: 'stop' }] })
  const app = new Hono()
  app.post('/v1/chat/completions', async (c) => (await c.req.text(), c.body(answer, 200, { 'content-type': 'application/json' })))
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send(port))
`)
const reprise = await start(`
  import { compose } from './src/compose.ts'
  import { readConfig } from './src/config.ts'
  import { listen } from './src/http/serve.ts'
  import { createLog } from './src/insight/log.ts'
  const service = await compose(readConfig({ REPRISE_MODEL: 'mock', REPRISE_DATA_DIR: ':memory:' }), createLog('info'))
  const { url } = await listen(service.fetch, { port: 0, hostname: '127.0.0.1' })
  process.send(Number(new URL(url).port))
`)
await fetch(`${reprise.url}/v1/chat/completions`, { method: 'POST', body: body(QUESTION) }).then((response) =>
  response.text(),
)

const loads = {
  'bare server': { server: bare, body: body(QUESTION) },
  'exact hit': { server: reprise, body: body(QUESTION) },
  'exact hit, streamed': { server: reprise, body: body(QUESTION, true) },
  'semantic hit': { server: reprise, body: body(REWORDED) },
}
const results = new Map<string, { rate: number; cpu: number; p50: number }[]>()
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, load] of Object.entries(loads))
    results.set(name, [...(results.get(name) ?? []), await measure(load)])
}

const baseline = median(results.get('bare server')!.map(({ cpu }) => cpu))
console.log(
  `${connections} connections, ${requests} requests a round, median of ${values.rounds} rounds, Node ${process.version}`,
)
for (const [name, rounds] of results) {
  const [rate, cpu, p50] = (['rate', 'cpu', 'p50'] as const).map((what) => median(rounds.map((round) => round[what])))
  console.log(
    `${name.padEnd(20)} ${rate!.toFixed(0).padStart(6)} req/s  p50 ${p50!.toFixed(2)} ms  ${cpu!.toFixed(0).padStart(4)} µs CPU  ${(cpu! / baseline).toFixed(2)} × bare`,
  )
}
for (const { child } of [bare, reprise]) child.kill()

interface Server {
  readonly url: string
  readonly child: ChildProcess
  /** Microseconds of CPU that the process has used. */
  cpu(): Promise<number>
}

async function start(source: string): Promise<Server> {
  const answering = `process.on('message', () => { const { user, system } = process.cpuUsage(); process.send({ cpu: user + system }) });`
  const child = spawn(process.execPath, ['--input-type=module', '-e', answering + source], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const port = await new Promise<number>((resolve) => child.once('message', resolve))
  const cpu = () =>
    new Promise<number>((resolve) => {
      child.once('message', (message) => resolve((message as { cpu: number }).cpu))
      child.send('cpu')
    })
  return { url: `http://127.0.0.1:${port}`, child, cpu }
}

async function measure({ server, body }: { server: Server; body: string }) {
  const pool = new Pool(server.url, { connections })
  const took: number[] = []
  let left = requests
  const before = await server.cpu()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        const sentAt = performance.now()
        const headers = { 'content-type': 'application/json' }
        const response = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body })
        await response.body.dump()
        took.push(performance.now() - sentAt)
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = ((await server.cpu()) - before) / requests
  await pool.close()
  return { rate: requests / seconds, cpu, p50: median(took) }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
