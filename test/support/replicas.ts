import { beforeEach, onTestFinished } from 'vitest'
import { type Composed, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { silent } from '../../src/insight/log.ts'
import { sameAgain, startUpstream } from './upstream.ts'
import { TOKEN, bridgeSubject } from './upstash/redis-bridge-subject.ts'
import { type VectorServerOptions, startVectorServer } from './upstash/vector-server.ts'

/** Services in one process across a network take their time to hear of each other; so long at most. */
export const PATIENT = { tries: 80, pause: () => new Promise<void>((resolve) => setTimeout(resolve, 100)) }

/** For each test of a `describe`: both stand-ins of Upstash, empty and whole, a model, and replicas in front of them. */
export function overUpstash(index: Partial<VectorServerOptions> = {}) {
  const { bridge } = bridgeSubject()
  let vector: Awaited<ReturnType<typeof startVectorServer>>
  let upstream: Awaited<ReturnType<typeof startUpstream>>

  beforeEach(async () => {
    vector = await startVectorServer({ token: TOKEN, dimension: 128, ...index })
    upstream = await startUpstream(sameAgain)
    onTestFinished(() => vector.close())
  })

  async function replica(env: Readonly<Record<string, string>> = {}) {
    const config = readConfig({
      UPSTASH_REDIS_REST_URL: bridge().url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      UPSTASH_VECTOR_REST_URL: vector.url,
      UPSTASH_VECTOR_REST_TOKEN: TOKEN,
      OPENAI_BASE_URL: upstream.baseURL,
      OPENAI_API_KEY: 'sk-1',
      REPRISE_LOOKUP_TIMEOUT_MS: '2000',
      ...env,
    })
    const service = await compose(config, silent, undefined, () => 0)
    onTestFinished(service.close)
    return {
      ...service,
      ask: (content: string, headers?: Headings) => asking(service, content, headers),
      health: () => healthOf(service),
    }
  }

  return { bridge, vector: () => vector, upstream: () => upstream, replica }
}

type Headings = Readonly<Record<string, string>>

async function asking(service: Composed, content: string, headers: Headings = {}) {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
  const response = await service.fetch(
    new Request('http://localhost/v1/chat/completions', { method: 'POST', headers, body }),
  )
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  const detail = /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
  return { detail, said: choices[0]!.message.content }
}

async function healthOf(service: Composed): Promise<Record<string, string>> {
  const response = await service.fetch(new Request('http://localhost/readyz'))
  return ((await response.json()) as { health: Record<string, string> }).health
}
