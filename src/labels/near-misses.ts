import type { Call } from '../call.ts'
import type { Found } from '../insight/outcome.ts'
import type { Place } from '../keys/place.ts'
import type { Entry, Key, Random, Store } from '../ports.ts'
import type { Chores } from './chores.ts'
import type { Gate } from './gate.ts'
import type { Labelling, Occasion } from './labelling.ts'

export interface NearMissesOptions {
  readonly store: Pick<Store, 'near' | 'atHand'>
  readonly label: Labelling
  readonly chores: Chores
  readonly gate: Gate
  readonly random: Random
  /** True if there is a model to be asked whether answers are the same. */
  readonly judges: boolean
}

/** What is kept under a key, as far as whoever asks may see it. */
export type EntryOf = (key: Key) => Promise<Entry | undefined>

/**
 * Compares what the model says with what is kept for a match that was not served, because it was not likely enough, or
 * because the policy only wants to see what would be. Costs nothing but a look at what is kept; where that costs
 * something, a share of near misses is looked at.
 */
export function createNearMisses({ store, label, chores, gate, random, judges }: NearMissesOptions) {
  return function answered(call: Call, place: Place, found: Found, whole: Promise<string>, entryOf: EntryOf): void {
    const match = found.kind === 'miss' ? found.candidate : undefined
    if (found.kind !== 'miss' || !match || match.key.id === place.key.id) return
    const { auditShare } = call.policy
    const source = found.why === 'shadow' || found.why === 'control' ? found.why : 'near-miss'
    const isFree = source !== 'near-miss' || store.near || store.atHand(match.key)
    const isPicked = source !== 'near-miss' || ((judges || !isFree) && random() >= 1 - auditShare)
    if (!isFree && !isPicked) return
    chores.begin('label', call.tenant, async () => {
      // A model that did not answer has said so already.
      const said = await whole.catch(() => undefined)
      const entry = said === undefined ? undefined : await entryOf(match.key)
      if (said === undefined || !entry) return
      const maySpend = judges && isPicked && !call.refused && gate.enter()
      const occasion: Occasion = { source, weight: isFree ? 1 : 1 / auditShare, maySpend }
      const labelling = label({ call, place, match }, occasion, [said, entry.completion])
      await labelling.finally(() => maySpend && gate.leave())
    })
  }
}
