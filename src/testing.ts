import type { MockModel } from './adapters/mock-model/mock-model.ts'
import type { MockRule } from './adapters/mock-model/mock-rules.ts'
import { compose } from './compose.ts'
import { readConfig } from './config.ts'
import { listen } from './http/serve.ts'
import { silent } from './insight/log.ts'

export interface RunningReprise {
  /** For an OpenAI client's `baseURL`. */
  readonly baseURL: string
  /** The made-up model behind the cache: what it was asked, and what is to go wrong with it. */
  readonly model: MockModel
  close(): Promise<void>
}

export interface TestingOptions {
  /** What the model answers, first match first; any other question is echoed. */
  readonly answers?: readonly MockRule[]
  /** Configuration by the names of `.env.example`; nothing is read from the process's own environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** A whole Reprise for a backend's own tests: on a free loopback port, in memory, with mocked answers. */
export async function startReprise({ answers, env = {} }: TestingOptions = {}): Promise<RunningReprise> {
  const config = readConfig({ REPRISE_DATA_DIR: ':memory:', PORT: '0', ...env, REPRISE_MODEL: 'mock' })
  // A backend's tests count what its model is asked; no hit is to be audited by chance.
  const service = await compose(config, silent, undefined, () => 0)
  const model = service.mock!
  if (answers) model.answer(answers)
  const { url, stop } = await listen(service.fetch, { port: config.PORT, hostname: config.HOST })
  return {
    baseURL: `${url}/v1`,
    model,
    async close() {
      await Promise.all([service.drain(), stop(1_000)])
      await service.close()
    },
  }
}
