import type { Bus, Counters, Embedder, Index, Lease, Limiter, Records, Sessions, Store } from '../ports.ts'

export interface Fallible {
  readonly store: Store
  readonly index: Index
  readonly embedder: Embedder
  readonly sessions: Sessions
  readonly bus: Bus
  readonly lease: Lease
  readonly records: Records
  readonly counters: Counters
  readonly limiter: Limiter
}

export type OnFailure = (port: string, operation: string, error: unknown) => void

/** How a port's calls are made: straight, unless something like a breaker stands between. */
export type Through = (port: keyof Fallible) => <T>(call: () => Promise<T>) => Promise<T>

/**
 * A cache that is down must look like a cache that is empty. What only serves a lookup fails quietly here, once for
 * all adapters; what someone relies on (the store, conversations, rules, sums, what replicas tell each other) is
 * reported and stays loud.
 */
export function failOpen<P extends Fallible>(ports: P, onFailure: OnFailure, through: Through = straight): P {
  const loud = async <T>(name: `${keyof Fallible}.${string}`, call: () => Promise<T>): Promise<T> => {
    const [port, operation] = name.split('.') as [keyof Fallible, string]
    try {
      return await through(port)(call)
    } catch (error) {
      onFailure(port, operation, error)
      throw error
    }
  }
  const quiet = <T>(name: `${keyof Fallible}.${string}`, otherwise: T, call: () => Promise<T>): Promise<T> =>
    loud(name, call).catch(() => otherwise)

  const { store, index, embedder, sessions, bus, lease, records, counters, limiter } = ports
  return {
    ...ports,
    store: {
      ...store,
      get: (key) => loud('store.get', () => store.get(key)),
      find: (id) => loud('store.find', () => store.find(id)),
      put: (...args) => loud('store.put', () => store.put(...args)),
    } satisfies Store,
    index: {
      ...index,
      nearest: (...args) => quiet('index.nearest', [], () => index.nearest(...args)),
      add: (pointer) => quiet('index.add', undefined, () => index.add(pointer)),
      delete: (key) => quiet('index.delete', undefined, () => index.delete(key)),
    } satisfies Index,
    embedder: {
      ...embedder,
      embed: (text) => quiet('embedder.embed', undefined, () => embedder.embed(text)),
    } satisfies Embedder,
    sessions: {
      get: (...args) => loud('sessions.get', () => sessions.get(...args)),
      put: (...args) => loud('sessions.put', () => sessions.put(...args)),
    } satisfies Sessions,
    bus: {
      ...bus,
      publish: (...args) => loud('bus.publish', () => bus.publish(...args)),
    } satisfies Bus,
    lease: {
      take: (...args) => loud('lease.take', () => lease.take(...args)),
    } satisfies Lease,
    records: {
      version: (...args) => loud('records.version', () => records.version(...args)),
      versions: (...args) => loud('records.versions', () => records.versions(...args)),
      get: (...args) => loud('records.get', () => records.get(...args)),
      list: (...args) => loud('records.list', () => records.list(...args)),
      swap: (...args) => loud('records.swap', () => records.swap(...args)),
    } satisfies Records,
    counters: {
      add: (...args) => loud('counters.add', () => counters.add(...args)),
      read: (...args) => loud('counters.read', () => counters.read(...args)),
    } satisfies Counters,
    limiter: {
      take: (...args) => loud('limiter.take', () => limiter.take(...args)),
      charge: (...args) => loud('limiter.charge', () => limiter.charge(...args)),
    } satisfies Limiter,
  }
}

const straight: Through = () => async (call) => call()
