import type { Command } from './vector-commands.ts'
import { shown } from './vector-index.ts'
import type { VectorIndex } from './vector-index.ts'
import { requests } from './vector-request.ts'

/** The commands that find a vector by its id; they see what was written at once. */
export function reading(index: VectorIndex): Record<string, Command> {
  const withPrefix = (namespace: string, prefix: string) =>
    [...index.read(namespace).written.values()].filter(({ id }) => id.startsWith(prefix))

  return {
    fetch(body, namespace) {
      const { ids, prefix = '', ...include } = requests.fetch.parse(body)
      const { written } = index.read(namespace)
      const found = ids?.map((id) => written.get(id)) ?? withPrefix(namespace, prefix).slice(0, 1000)
      return found.map((record) => (record ? shown(record, include) : null))
    },

    range(body, namespace) {
      const { cursor, limit, prefix, ...include } = requests.range.parse(body)
      const records = withPrefix(namespace, prefix)
      const end = cursor + limit
      const vectors = records.slice(cursor, end).map((record) => shown(record, include))
      return { nextCursor: end < records.length ? String(end) : '', vectors }
    },
  }
}
