import { randomUUID } from 'node:crypto'
import type { Command } from './vector-commands.ts'
import { parseFilter } from './vector-filter.ts'
import { shown, single } from './vector-index.ts'
import type { VectorIndex } from './vector-index.ts'
import { Refusal } from './vector-refusal.ts'
import { requests } from './vector-request.ts'
import type { Query } from './vector-request.ts'
import { search } from './vector-search.ts'

/** The commands that find vectors by likeness; they see only what has been indexed. */
export function querying(index: VectorIndex): Record<string, Command> {
  const { clock } = index
  const resumable = new Map<string, Resumable>()

  function run(query: Query, namespace: string, without?: ReadonlySet<string>) {
    const records = [...index.read(namespace).indexed().values()]
    const filter = query.filter === undefined ? undefined : parseFilter(query.filter)
    const found = search(records, index.similarity, { ...query, filter, without, filterBudget: index.filterBudget })
    return found.map(({ record, score }) => ({ ...shown(record, query), score: single(score) }))
  }

  function checked(query: Query): Query {
    index.check(query)
    if (!query.vector && !query.sparseVector) throw new Refusal(422, 'Vector or sparseVector must be provided.')
    return query
  }

  function embedded(query: Query): Query {
    const { vector, sparseVector } = index.embedded(query.data)
    if (query.queryMode === 'DENSE') return { ...query, vector }
    if (query.queryMode === 'SPARSE') return { ...query, sparseVector }
    return { ...query, vector, sparseVector }
  }

  function runAll(body: unknown, namespace: string, ready: (query: Query) => Query) {
    const results = requests.queries.parse(body).map((query) => run(ready(query), namespace))
    return results.length === 1 ? results[0] : results
  }

  function start(body: unknown, namespace: string, ready: (query: Query) => Query) {
    const { maxIdle, ...query } = requests.resumable.parse(body)
    const asked: Resumable = {
      query: ready(query),
      namespace,
      given: new Set(),
      idleMs: maxIdle * 1000,
      usedAt: clock(),
    }
    const uuid = randomUUID()
    resumable.set(uuid, asked)
    return { uuid, scores: resume(uuid, query.topK) }
  }

  function resume(uuid: string, topK: number) {
    const asked = resumable.get(uuid)
    if (!asked || clock() - asked.usedAt > asked.idleMs) throw new Refusal(404, NOT_RESUMABLE)
    asked.usedAt = clock()
    const scores = run({ ...asked.query, topK }, asked.namespace, asked.given)
    for (const { id } of scores) asked.given.add(id)
    return scores
  }

  return {
    query: (body, namespace) => runAll(body, namespace, checked),
    'query-data': (body, namespace) => runAll(body, namespace, embedded),
    'resumable-query': (body, namespace) => start(body, namespace, checked),
    'resumable-query-data': (body, namespace) => start(body, namespace, embedded),
    'resumable-query-next'(body) {
      const { uuid, additionalK } = requests.resume.parse(body)
      return resume(uuid, additionalK)
    },
    'resumable-query-end'(body) {
      if (!resumable.delete(requests.end.parse(body).uuid)) throw new Refusal(404, NOT_RESUMABLE)
      return 'Success'
    },
  }
}

const NOT_RESUMABLE = 'The resumable query does not exist.'

interface Resumable {
  readonly query: Query
  readonly namespace: string
  readonly given: Set<string>
  readonly idleMs: number
  usedAt: number
}
