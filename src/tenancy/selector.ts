import { ServiceError } from '../errors.ts'
import type { Entry } from '../ports.ts'

/** Which of a tenant's entries are meant: those of which all holds that is said here. */
export interface Selector {
  /** One entry, by its public name; says everything by itself. */
  readonly id?: string | undefined
  readonly namespace?: string | undefined
  /** By either of its names: a purge of `gpt-4o` is one of `gpt-4o-2024-08-06` as well. */
  readonly model?: string | undefined
  readonly tag?: string | undefined
  readonly olderThanMs?: number | undefined
  /** Kept before that time. */
  readonly before?: number | undefined
  /** Must be said if nothing else is. */
  readonly all?: boolean | undefined
}

type Features = Pick<Selector, 'id' | 'namespace' | 'model' | 'tag'>

/** The features of a selector as one text: of two equal texts, one selects what the other does. */
export function textOf({ id, namespace, model, tag }: Features): string {
  return JSON.stringify([id, namespace, model, tag])
}

/** Every text that a selector may have which selects this entry: few, however many selectors there are. */
export function* textsOf({ key: { id, namespace }, model, tags }: Pick<Entry, 'key' | 'model' | 'tags'>) {
  yield textOf({ id })
  for (const tag of [undefined, ...tags]) {
    yield textOf({ tag })
    yield textOf({ tag, namespace })
    for (const name of namesOf(model)) {
      yield textOf({ tag, model: name })
      yield textOf({ tag, namespace, model: name })
    }
  }
}

/** Whether all that a selector names holds for an entry; of an age, only `before` is looked at. */
export function selects({ id, namespace, model, tag, before }: Selector, entry: Entry): boolean {
  if (id !== undefined && entry.key.id !== id) return false
  if (namespace !== undefined && entry.key.namespace !== namespace) return false
  if (model !== undefined && !namesOf(entry.model).includes(model)) return false
  if (tag !== undefined && !entry.tags.includes(tag)) return false
  return before === undefined || entry.createdAt < before
}

/** What a model is called: by the name it gives itself, and without the date that makes a snapshot of it. */
export function namesOf(model: string): string[] {
  const family = model.replace(/-\d{4}-\d{2}-\d{2}$/, '')
  return family === model ? [model] : [model, family]
}

/** A `ServiceError` 400 for a selector that says nothing, or two things at once: it must never come to mean everything. */
export function checkSelector({ all, ...rest }: Selector): void {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  if (given.length === 0 && !all) throw invalid('all', 'the selector is empty; only `all: true` selects everything')
  const features = given.map(([name]) => name).filter((name) => name !== 'olderThanMs' && name !== 'before')
  if (all && features.length > 0) throw invalid('all', `everything is more than what \`${features[0]}\` selects`)
  if (rest.id !== undefined && given.length > 1) throw invalid('id', '`id` selects one entry, and nothing beside it')
}

function invalid(param: string, message: string): ServiceError {
  return new ServiceError(400, 'invalid_selector', message, { param })
}
