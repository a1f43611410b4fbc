import type { Call } from '../call.ts'
import type { Hit } from '../insight/outcome.ts'
import type { Usage } from '../insight/usage.ts'
import type { Place } from '../keys/place.ts'
import type { Clock, Random } from '../ports.ts'
import type { AskAgain } from './asking.ts'
import type { Chores } from './chores.ts'
import type { Gate } from './gate.ts'
import type { Labelling } from './labelling.ts'
import { whose } from '../keys/whose.ts'

export interface AuditsOptions {
  readonly askAgain: AskAgain
  readonly label: Labelling
  readonly gate: Gate
  readonly chores: Chores
  readonly usage: Pick<Usage, 'count'>
  readonly clock: Clock
  readonly random: Random
  /** Hears how an answer turned out that was served by a score. */
  readonly onAudited: (call: Call, right: boolean) => void
  /** Remembers how an answer turned out for a question. */
  readonly remember: (call: Call, place: Place, hit: Hit, right: boolean) => Promise<void>
}

/** Keeps what the model says to a question, now that it is known to be something else than what was served. */
export type Correct = (completion: string, tookMs: number) => Promise<unknown>

/** Asks the model as well, for a share of the hits by meaning, after they have been served. */
export function createAudits(options: AuditsOptions) {
  const { askAgain, label, gate, chores, usage, clock, random, onAudited, remember } = options

  return function audit(call: Call, place: Place, hit: Hit, correct: Correct): void {
    const { via, stale, entry, score, features } = hit
    const { auditShare } = call.policy
    // What is past its expiry may be wrong for that alone; and what must not be spent is not spent on this.
    if (via !== 'semantic' || stale || call.refused || random() < 1 - auditShare) return
    if (!gate.enter()) return usage.count(whose(call), 'audit.dropped')
    chores.begin('audit', call.tenant, async () => {
      try {
        const askedAt = clock()
        const { completion } = await askAgain(call)
        const tookMs = clock() - askedAt
        const about = { call, place, match: { entry: entry.key.id, score, features } }
        const occasion = { source: 'audit', weight: 1 / auditShare, maySpend: true } as const
        const right = await label(about, occasion, [completion, entry.completion])
        if (right === undefined) return
        if (score !== undefined) onAudited(call, right)
        await remember(call, place, hit, right)
        // What a conversation was told, it was told.
        if (!right && !call.directives.session) await correct(completion, tookMs)
      } finally {
        gate.leave()
      }
    })
  }
}
