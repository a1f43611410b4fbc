import type { Config } from '../config.ts'
import type { Embedder, Model } from '../ports.ts'
import { engineBecause } from './choose.ts'
import { embedderBecause } from './embedder.ts'
import type { Engine } from './engine.ts'

export interface Choice {
  readonly engine: Engine
  readonly embedder: Embedder
  readonly model: Model
  /** True if every answer is made up. */
  readonly isMock: boolean
}

/** What was chosen and why, a line each. */
export function chosenOf(config: Config, { engine, embedder, model, isMock }: Choice): string[] {
  const { REPRISE_AUTH: auth, modelBecause } = config
  return [
    isMock
      ? `model     MOCK: every answer is made up (${modelBecause})`
      : `model     ${model.identity} (${modelBecause})`,
    `embedder  ${embedder.space} (${embedderBecause(config)})`,
    `store     ${engine.where.store}${engine.held?.store ?? ''} (${engineBecause(config)})`,
    `index     ${engine.where.index}${engine.held?.index ?? ''}`,
    `auth      ${auth}: ${AUTH[auth]} (REPRISE_AUTH)`,
  ]
}

const AUTH: Readonly<Record<Config['REPRISE_AUTH'], string>> = {
  none: 'everyone on this machine is one tenant',
  keys: 'each tenant has keys of ours',
  passthrough: 'callers bring the model’s own keys, each a tenant by itself',
}
