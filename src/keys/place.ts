import type { Call } from '../call.ts'
import type { Told } from '../dialects/dialect.ts'
import { inTime } from '../deadline.ts'
import { ServiceError } from '../errors.ts'
import type { Key, Ports } from '../ports.ts'
import { digest, keyOf } from './key.ts'

/** Where a call's answer belongs: under which key, and after what its conversation had said before. */
export interface Place {
  readonly key: Key
  readonly turns: string | undefined
}

/** How long a conversation that says nothing is remembered. */
const SESSION_MS = 24 * 3_600_000

/** So many conversations may be out of our hands at once; beyond that none is believed to be in them. */
const MAX_LOST = 10_000

export type Places = ReturnType<typeof createPlaces>

/** Reads and writes what conversations have said; noting it down holds up an answer for `patienceMs` at most. */
export function createPlaces(ports: Pick<Ports, 'sessions' | 'model' | 'clock'>, patienceMs: number) {
  const { sessions, model, clock } = ports
  /** Conversations of which a turn could not be noted down: they would pass for ones that never had it. */
  const lost = new Set<string>()

  return {
    /** `undefined` if it cannot be told: without what was said before, no answer may be shared. */
    async placeOf(call: Call): Promise<Place | undefined> {
      const { session } = call.directives
      if (!session) return { key: keyOf(call, model.identity, undefined), turns: undefined }
      if (lost.has(nameOf(call)) || lost.size >= MAX_LOST) return undefined
      try {
        const turns = await sessions.get(call.tenant, session)
        return { key: keyOf(call, model.identity, turns), turns }
      } catch (error) {
        if (error instanceof ServiceError && error.status < 500) throw error
        return undefined
      }
    },

    /** Adds a question and its answer to what the call's conversation, if it has one, has said. */
    async remember(call: Call, { turns }: Place, tell: () => Told): Promise<void> {
      if (!call.directives.session) return
      await note(call, digest([turns ?? null, call.asked.words, tell().content ?? null]))
    },

    /** Something was said that we did not hear: from now on the conversation is like no other. */
    async loseTrack(call: Call): Promise<void> {
      if (call.directives.session) await note(call, crypto.randomUUID())
    },
  }

  async function note(call: Call, turns: string): Promise<void> {
    const put = sessions.put(call.tenant, call.directives.session!, turns, clock() + SESSION_MS)
    const noted = await inTime(
      patienceMs,
      put.then(() => true).catch(() => false),
      false,
    )
    if (noted) lost.delete(nameOf(call))
    else lost.add(nameOf(call))
  }
}

const nameOf = ({ tenant, directives }: Call) => `${tenant}/${directives.session}`
