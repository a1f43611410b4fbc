import type { VectorIndex } from './vector-index.ts'
import type { VectorRecord } from './vector-namespace.ts'
import { querying } from './vector-queries.ts'
import { reading } from './vector-reads.ts'
import { Refusal } from './vector-refusal.ts'
import { requests } from './vector-request.ts'
import { writing } from './vector-writes.ts'

/** What it returns is the `result` of the answer. */
export type Command = (body: unknown, namespace: string, parameters: URLSearchParams) => unknown

/** Every command that the SDK speaks, by the name it has in the path. */
export function createCommands(index: VectorIndex): Record<string, Command> {
  return { ...writing(index), ...reading(index), ...querying(index), ...managing(index) }
}

function managing(index: VectorIndex): Record<string, Command> {
  const { namespaces, dimension, similarity: similarityFunction, indexType, models } = index

  function existing(name: string) {
    const namespace = namespaces.get(name)
    if (name === '') throw new Refusal(422, 'The default namespace cannot be deleted or renamed.')
    if (!namespace) throw new Refusal(404, `Namespace ${name} for the index stand-in does not exist`)
    return namespace
  }

  return {
    info() {
      const counts = [...namespaces].map(([name, namespace]) => [name, namespace.counts()] as const)
      const sum = (count: 'vectorCount' | 'pendingVectorCount') =>
        counts.reduce((total, [, each]) => total + each[count], 0)
      const records = [...namespaces.values()].flatMap(({ written }) => [...written.values()])
      return {
        vectorCount: sum('vectorCount'),
        pendingVectorCount: sum('pendingVectorCount'),
        indexSize: records.map(sizeOf).reduce((total, size) => total + size, 0),
        dimension: index.hasDense ? dimension : 0,
        similarityFunction,
        indexType,
        denseIndex: index.hasDense ? { dimension, similarityFunction, embeddingModel: models.dense } : undefined,
        sparseIndex: index.hasSparse ? { embeddingModel: models.sparse } : undefined,
        namespaces: Object.fromEntries(counts),
      }
    },

    'list-namespaces': () => [...namespaces.keys()],

    'delete-namespace'(_body, name) {
      existing(name)
      namespaces.delete(name)
      return 'Success'
    },

    'rename-namespace'(body) {
      const { namespace: name, newNamespace, deleteExisting } = requests.rename.parse(body)
      const namespace = existing(name)
      if (namespaces.has(newNamespace) && !deleteExisting)
        throw new Refusal(422, `Namespace ${newNamespace} already exists`)
      namespaces.delete(name)
      namespaces.set(newNamespace, namespace)
      return { renamed: true }
    },
  }
}

function sizeOf({ vector, ...rest }: VectorRecord): number {
  return (vector?.byteLength ?? 0) + Buffer.byteLength(JSON.stringify(rest))
}
