import type { Call } from '../call.ts'
import { armOf } from './cacheable.ts'

/** Whose request it is, and what for, as it is counted. */
export function whose(call: Call) {
  const { tenant, keyId, directives, asked } = call
  return { tenant, keyId, namespace: directives.namespace, model: asked.model, arm: armOf(call) }
}
