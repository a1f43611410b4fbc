import OpenAI from 'openai'
import { onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { listen } from '../../src/http/serve.ts'
import { silent } from '../../src/insight/log.ts'
import { type Answer, startUpstream } from '../support/upstream.ts'

/** The service on a port of its own, in front of a model that answers so, and OpenAI's SDK in front of it. */
export async function startService(answer?: Answer) {
  const upstream = await startUpstream(answer)
  const config = readConfig({
    OPENAI_BASE_URL: upstream.baseURL,
    OPENAI_API_KEY: 'sk-service',
    REPRISE_DATA_DIR: ':memory:',
    PORT: '0',
  })
  const service = await compose(config, silent, undefined, () => 0)
  const { url, stop } = await listen(service.fetch, { port: config.PORT, hostname: config.HOST })
  onTestFinished(async () => {
    await Promise.all([service.drain(), stop(0)])
    await service.close()
  })
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-caller' })
  return { url, openai, upstream, landed: service.drain }
}

export function asking(question: string) {
  return { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: question }] }
}

/** How a response came about, as `Cache-Status` has it. */
export function detailOf({ headers }: { headers: Headers }): string | undefined {
  return /detail=([^;]+)/.exec(headers.get('cache-status') ?? '')?.[1]
}
