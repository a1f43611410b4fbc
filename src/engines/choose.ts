import type { Config } from '../config.ts'
import { RULES } from './copy.ts'
import { embeddedEngine } from './embedded.ts'
import type { Engine } from './engine.ts'
import { type MirroredEngine, type MirroredOptions, mirrored } from './mirrored.ts'
import { type UpstashEngineOptions, upstashEngine } from './upstash.ts'

export type Surroundings = Pick<UpstashEngineOptions, 'embedder' | 'replica' | 'clock' | 'random' | 'warn'>

/** The engine that a configuration asks for; with `copy`, if it is on the move to another. */
export async function engineFor(
  config: Config,
  around: Surroundings,
  onFailure: MirroredOptions['onFailure'],
): Promise<Engine & Partial<MirroredEngine>> {
  const open = (kind: Config['engine']) =>
    kind === 'embedded'
      ? embeddedEngine(config, around.embedder.space, around.clock)
      : upstashEngine({
          ...config.upstash!,
          timeoutMs: config.REPRISE_LOOKUP_TIMEOUT_MS,
          hotBytes: config.REPRISE_HOT_BYTES,
          ...around,
        })
  const first = await open(config.engine)
  if (!config.mirror) return first
  let second: Engine | undefined
  try {
    second = await open(config.mirror)
    await requireDirection(config, first, second)
    return mirrored({ first, second, embedder: around.embedder, onFailure })
  } catch (error) {
    await Promise.all([first.close(), second?.close()])
    throw error
  }
}

/** A mirror that is not to be overwritten, with what to do about it. */
export class UnfitMirror extends Error {
  override readonly name = 'UnfitMirror'
  readonly faults: readonly string[]
  constructor(fault: string) {
    super(fault)
    this.faults = [fault]
  }
}

/** Why it is that one, for the start-up block. */
export function engineBecause({ engine, REPRISE_ENGINE }: Config): string {
  if (REPRISE_ENGINE) return `REPRISE_ENGINE=${engine}`
  return engine === 'upstash'
    ? 'UPSTASH_REDIS_REST_URL and UPSTASH_VECTOR_REST_URL are set'
    : 'embedded; UPSTASH_VECTOR_REST_URL is not set'
}

/** The mirror becomes a copy of the engine, so a service that was told of them the wrong way round would lose all. */
async function requireDirection({ engine, mirror }: Config, first: Engine, second: Engine): Promise<void> {
  if (!(await isEmpty(first)) || (await isEmpty(second))) return
  throw new UnfitMirror(
    `REPRISE_MIRROR=${mirror} becomes a copy of REPRISE_ENGINE=${engine}, which is empty, and would lose what it holds; are they the wrong way round?`,
  )
}

async function isEmpty({ store, records }: Engine): Promise<boolean> {
  return (await store.size()).entries === 0 && (await records.list(RULES)).length === 0
}
