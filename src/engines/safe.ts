import { createBreaker, isLeftAlone } from '../adapters/breaker.ts'
import { type Fallible, failOpen } from '../adapters/fail-open.ts'
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
    // Whoever reads the log has been told when the dependency went down; once is enough.
    if (isLeftAlone(error)) return
    log.warn({ port, operation, error: error instanceof Error ? error.message : String(error) }, 'a port failed')
  }
  return {
    ports: failOpen(ports, onFailure, (port) => breakers[DEPENDENCY[port]].run),
    health: () => ({
      store: breakers.store.health(),
      index: breakers.index.health(),
      embedder: breakers.embedder.health(),
      limiter: breakers.limiter.health(),
    }),
  }
}
