import type { Embedder, Index, Sessions, Store } from '../ports.ts'

export type OnFailure = (port: string, operation: string, error: unknown) => void

/**
 * A cache that is down must look like a cache that is empty. What only serves a lookup fails quietly here, once for
 * all adapters; what someone relies on (the store, conversations) is reported and stays loud.
 */
export function failOpen<P extends { store: Store; index: Index; embedder: Embedder; sessions: Sessions }>(
  ports: P,
  onFailure: OnFailure,
): P {
  const quiet = async <T>(name: string, otherwise: T, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      report(name, error)
      return otherwise
    }
  }
  const loud = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      report(name, error)
      throw error
    }
  }
  const report = (name: string, error: unknown) => {
    const [port = '', operation = ''] = name.split('.')
    onFailure(port, operation, error)
  }

  const { store, index, embedder, sessions } = ports
  return {
    ...ports,
    store: {
      ...store,
      get: (key) => loud('store.get', () => store.get(key)),
      put: (entry) => loud('store.put', () => store.put(entry)),
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
  }
}
