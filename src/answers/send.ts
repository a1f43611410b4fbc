import type { Call, Limits } from '../call.ts'
import { ServiceError } from '../errors.ts'
import type { Model } from '../ports.ts'

export type Send = ReturnType<typeof createSend>

/** Asks the model on a call's terms. */
export function createSend(model: Model, { modelTimeoutMs }: Pick<Limits, 'modelTimeoutMs'>) {
  return async function send({ path, headers, refused }: Pick<Call, 'path' | 'headers' | 'refused'>, body: string) {
    if (refused) throw refused
    const signal = AbortSignal.timeout(modelTimeoutMs)
    try {
      return await model.send(path, { method: 'POST', headers, body, signal })
    } catch (cause) {
      if (signal.aborted) throw new ServiceError(504, 'upstream_timeout', 'the model did not answer in time', { cause })
      throw new ServiceError(502, 'upstream_unreachable', 'the model could not be reached', { cause })
    }
  }
}
