import type { Command } from './vector-commands.ts'
import { parseFilter } from './vector-filter.ts'
import type { VectorIndex } from './vector-index.ts'
import { Refusal } from './vector-refusal.ts'
import { requests } from './vector-request.ts'

/** The commands that change what a namespace holds. */
export function writing(index: VectorIndex): Record<string, Command> {
  return {
    upsert(body, namespace) {
      const records = requests.upserts.parse(body)
      records.forEach(index.checkWhole)
      for (const record of records) index.put(namespace, record)
      return 'Success'
    },

    'upsert-data'(body, namespace) {
      const records = requests.upserts.parse(body).map((record) => ({ ...record, ...index.embedded(record.data) }))
      for (const record of records) index.put(namespace, record)
      return 'Success'
    },

    update(body, namespace) {
      const { metadataUpdateMode, ...changes } = requests.update.parse(body)
      index.check(changes)
      if (index.indexType === 'HYBRID' && !changes.vector !== !changes.sparseVector)
        throw new Refusal(422, 'Both or none of vector and sparseVector must be provided.')
      const record = index.read(namespace).written.get(changes.id)
      if (!record) return { updated: 0 }
      const again = changes.data !== undefined && !changes.vector && index.hasModel ? index.embedded(changes.data) : {}
      const metadata =
        changes.metadata && metadataUpdateMode === 'PATCH'
          ? (patched(record.metadata, changes.metadata) as Record<string, unknown>)
          : (changes.metadata ?? record.metadata)
      index.put(namespace, { ...record, ...changes, ...again, metadata })
      return { updated: 1 }
    },

    delete(body, namespace) {
      const { ids, prefix, filter } = requests.delete.parse(body)
      const matches = filter === undefined ? undefined : parseFilter(filter)
      const within = index.read(namespace)
      const doomed = ids ?? [...within.written.keys()].filter((id) => prefix === undefined || id.startsWith(prefix))
      const deleted = doomed.filter(
        (id) => (!matches || matches(within.written.get(id)?.metadata)) && within.remove(id),
      )
      return { deleted: deleted.length }
    },

    reset(_body, namespace, parameters) {
      const cleared = parameters.has('all') ? [...index.namespaces.values()] : [index.read(namespace)]
      for (const each of cleared) each.clear()
      return 'Success'
    },
  }
}

/** JSON Merge Patch: `null` takes a member out, objects are merged, all else is replaced. */
function patched(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(value) ? Object.entries(value) : [])
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) merged.delete(name)
    else merged.set(name, patched(merged.get(name), change))
  }
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
