import { createBreaker, isLeftAlone } from '../adapters/breaker.ts'
import { type Fallible, type Through, failOpen } from '../adapters/fail-open.ts'
import { ServiceError } from '../errors.ts'
import type { Log } from '../insight/log.ts'

/** What a port's calls come to in the end; each is left alone by itself when it is down. */
const DEPENDENCY = {
  store: 'store',
  sessions: 'store',
  bus: 'store',
  lease: 'store',
  records: 'store',
  counters: 'store',
  // By itself: it answers from memory most of the time, which says nothing about the store.
  limiter: 'limiter',
  index: 'index',
  embedder: 'embedder',
} as const satisfies Record<keyof Fallible, string>

/** The ports as the story may use them: what fails is counted, told once, and left alone while it is down. */
export function madeSafe<P extends Fallible>(ports: P, log: Log, count: (name: string) => void) {
  const breaker = (dependency: string) =>
    createBreaker((health) => log[health === 'up' ? 'info' : 'warn']({ dependency, health }, 'a dependency changed'))
  const breakers = {
    store: breaker('store'),
    index: breaker('index'),
    embedder: breaker('embedder'),
    limiter: breaker('limiter'),
  }
  const onFailure = (port: string, operation: string, error: unknown) => {
    count(`${port}.${operation}`)
    const cause = error instanceof ServiceError ? error.cause : error
    // Whoever reads the log has been told when the dependency went down; once is enough.
    if (isLeftAlone(cause)) return
    log.warn({ port, operation, error: cause instanceof Error ? cause.message : String(cause) }, 'a port failed')
  }
  const through: Through = (port) => (call) => breakers[DEPENDENCY[port]].run(call).catch(asDown(DEPENDENCY[port]))
  return {
    ports: failOpen(ports, onFailure, through),
    health: () => ({
      store: breakers.store.health(),
      index: breakers.index.health(),
      embedder: breakers.embedder.health(),
      limiter: breakers.limiter.health(),
    }),
  }
}

/** For whoever relied on it, and is to hear of it: not our fault, not theirs, and worth another try. */
function asDown(dependency: string) {
  return (cause: unknown): never => {
    // What does not fit, or is not to be understood, will not be otherwise next time.
    if (cause instanceof RangeError || cause instanceof ServiceError) throw cause
    const message = `the ${dependency} cannot be reached just now; what was to be done may or may not have been: repeat it`
    throw new ServiceError(503, 'dependency_unavailable', message, { cause })
  }
}
