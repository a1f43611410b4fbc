import { LRUCache } from 'lru-cache'
import type { Aliases } from './answers/aliases.ts'
import type { Entries } from './entries.ts'
import { ServiceError } from './errors.ts'
import { type HitNote, madeOf, readHitId, shortened } from './labels/hit-id.ts'
import type { Hits } from './labels/hits.ts'
import type { Label } from './labels/label.ts'
import type { Verdicts } from './labels/verdicts.ts'
import type { Entry, Ports, Quota } from './ports.ts'

/** What somebody says of a hit. */
export interface Said {
  readonly requestId?: string | undefined
  readonly entryId?: string | undefined
  readonly correct: boolean
  readonly note?: string | undefined
}

/** What came of it. */
export interface Heard {
  readonly entry: string
  /**
   * `refused`: never served for that question again; `alias`: found by that question's own words from now on; `label`:
   * only learned from; `removed`: the answer was wrong for its own question, and is gone.
   */
  readonly remembered: 'refused' | 'alias' | 'label' | 'removed'
}

export interface FeedbackOptions {
  readonly bus: Ports['bus']
  readonly clock: Ports['clock']
  readonly entries: Pick<Entries, 'find' | 'remove'>
  readonly hits: Pick<Hits, 'recall'>
  readonly verdicts: Pick<Verdicts, 'record'>
  readonly aliases: Aliases
  /** Told of each label, once, and of which model's answer it is. */
  readonly onLabel: (label: Label, whose: { readonly model: string }) => void
}

export type Feedback = ReturnType<typeof createFeedback>

/** The topic of what happened, for whoever watches; as JSON, without questions or answers. */
export const EVENTS = 'events'

/** So many of the latest are known to have been heard, so that the same one twice is counted once. */
const MOST_HEARD = 10_000

/** Takes in what callers say of hits. What is to be remembered is remembered, for all replicas, before it resolves. */
export function createFeedback(options: FeedbackOptions) {
  const { bus, clock, entries, hits, verdicts, aliases, onLabel } = options
  const heard = new LRUCache<string, true>({ max: MOST_HEARD })

  /** A `ServiceError` 404, in the same words, if it is no hit, not this tenant's, or gone. */
  return async function hear(tenant: string, said: Said, quota?: Quota): Promise<Heard> {
    const { requestId, entryId, correct } = said
    const hit = requestId === undefined ? undefined : readHitId(tenant, requestId)
    if (requestId !== undefined && !hit) throw notFound()
    if (hit && entryId !== undefined && entryId !== hit.entry) throw contradiction()
    const entry = await entryOf(tenant, hit?.entry ?? entryId!)
    const isOwn = !hit || shortened(entry.key.digest) === hit.question
    const features = requestId === undefined ? undefined : hits.recall(requestId)?.features
    const label = { ...labelOf(entry, hit, correct), features }

    if (!isOwn) {
      await verdicts.record(label)
      tell(said, entry, label)
      if (!correct) return { entry: entry.key.id, remembered: 'refused' }
      const isAlias = await alias(requestId!, hit!, entry, quota)
      return { entry: entry.key.id, remembered: isAlias ? 'alias' : 'label' }
    }
    if (!correct) {
      // Said again, it must not take out the answer that has come into its place.
      if (hit && hit.made !== madeOf(entry.createdAt)) throw notFound()
      await entries.remove(tenant, entry.key.id)
    }
    tell(said, entry, label)
    return { entry: entry.key.id, remembered: correct ? 'label' : 'removed' }
  }

  async function entryOf(tenant: string, id: string): Promise<Entry> {
    return entries.find(tenant, id).catch((error: unknown) => {
      throw error instanceof ServiceError && error.status === 404 ? notFound() : error
    })
  }

  /** Only where it was served, and not long ago, is it known what was asked. */
  async function alias(requestId: string, { made }: HitNote, entry: Entry, quota?: Quota): Promise<boolean> {
    const asked = hits.recall(requestId)
    // It is that answer that was judged, and not the one that has come into its place.
    if (!asked || made !== madeOf(entry.createdAt)) return false
    return aliases.make(asked, entry, quota)
  }

  function tell({ requestId, correct, note }: Said, { key, model }: Entry, label: Label): void {
    const { tenant, namespace, id } = key
    const name = `${requestId} ${correct}`
    if (requestId !== undefined && heard.has(name)) return
    heard.set(name, true)
    onLabel(label, { model })
    const event = { type: 'feedback', at: clock(), tenant, namespace, entry_id: id, correct, note }
    // Whoever watches may miss it; what matters has been remembered.
    void bus.publish(EVENTS, JSON.stringify(event)).catch(() => {})
  }
}

function labelOf({ key, space = '' }: Entry, hit: HitNote | undefined, right: boolean): Label {
  const { tenant, namespace, id: entry, digest } = key
  const question = hit?.question ?? digest
  return { tenant, namespace, space, entry, question, score: hit?.score, right, source: 'feedback', weight: 1 }
}

/** In the same words whatever is the matter, so that nobody learns whose it is. */
function notFound(): ServiceError {
  const message = 'there is no such hit of yours: feedback is on an answer that came from the cache and is still in it'
  return new ServiceError(404, 'hit_not_found', message)
}

function contradiction(): ServiceError {
  const message = 'entry_id: that request was served from another entry; the request_id alone says which'
  return new ServiceError(400, 'invalid_request', message, { param: 'entry_id' })
}
