import type { Call, Kept, Limits, Purges } from '../call.ts'
import { inTime } from '../deadline.ts'
import { longestStay, ttlOf, whyExactOnly, whyNotKept } from '../keys/cacheable.ts'
import { digest, partDigests, scopeParts } from '../keys/key.ts'
import type { Place, Places } from '../keys/place.ts'
import type { Ports } from '../ports.ts'

/** What is known of a completion beside its text. */
export interface Made {
  readonly tookMs: number
  /** The purges that its tenant had seen when the model was asked. */
  readonly epoch: number
}

/** Keeps what the model said, if it is worth keeping: the store first, then the index. */
export function createKeeper(ports: Ports, limits: Limits, purges: Purges, { remember }: Pick<Places, 'remember'>) {
  const { store, index, embedder, clock, random } = ports

  /** Never rejects, and never holds up the end of an answer for longer than a lookup may take. */
  return function keep(call: Call, place: Place, completion: string, made: Made): Promise<Kept> {
    const { asked, dialect, directives, policy } = call

    const work = async (): Promise<Kept> => {
      const told = dialect.tell(completion, asked)
      await remember(call, place, () => told)
      const whyNot = told.unfit ?? whyNotKept(call)
      if (whyNot) return whyNot
      if (completion.length > limits.maxAnswerLength) return 'too-long'

      const { question } = asked
      const probe = whyExactOnly(call, embedder) ? undefined : await embedder.embed(question)
      const space = probe === undefined ? undefined : embedder.space
      const vector = typeof probe === 'string' ? undefined : probe
      const createdAt = clock()
      // Jitter only ever shortens, for a policy's TTL is a promise; and a caller who names one means it.
      const jitter = directives.ttlMs === undefined ? policy.jitter * random() : 0
      const expiresAt = createdAt + Math.round(ttlOf(call) * (1 - jitter))
      const times = { createdAt, expiresAt, keepUntil: expiresAt + longestStay(policy) }
      const [{ key }, { model, usage }, { tags }] = [place, told, directives]
      const parts = partDigests(scopeParts(call, ports.model.identity, place.turns))
      const says = told.text === undefined ? undefined : digest(told.text.replace(/\s+/g, ' ').trim())
      const entry = { key, question, completion, model, usage, tags, vector, space, parts, says, ...times, ...made }
      // Of what is kept all the same, the mark that covers it outlasts it.
      await purges.fresh(call.tenant).catch(() => {})
      if (purges.covers(entry)) return 'purged'
      // Store before index: a pointer must never be visible before what it points to.
      await store.put(entry, call.quota)
      if (probe !== undefined && space) await index.add({ key, space, probe, question, says, ...times })
      return 'kept'
    }
    const done = work().catch(() => 'store-failed')
    return inTime(limits.lookupTimeoutMs, done, 'store-slow')
  }
}
