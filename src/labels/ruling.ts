import type { Call } from '../call.ts'
import type { Rule } from '../matching/decide.ts'
import type { Experience } from '../matching/experience.ts'
import type { Scorer } from '../matching/scorer.ts'
import type { Embedder, Key } from '../ports.ts'
import type { Standing, Standings } from './standings.ts'

export interface RulingOptions {
  readonly embedder: Pick<Embedder, 'space'>
  readonly scorer: Scorer
  readonly standings: Standings
  /** What is known of entries, and of this very question. */
  readonly verdictsOn?: (key: Key) => Pick<Experience, 'offsetOf' | 'refuses'>
}

export type Ruling = ReturnType<typeof createRuling>

/** Says by what a call is decided. */
export function createRuling({ embedder, scorer, standings, verdictsOn = () => NOTHING }: RulingOptions) {
  return { ruleOf, standingOf }

  /** A threshold where one is set, else what is likely enough to be right. Waits only for a tenant that is not known yet. */
  function ruleOf(call: Call, key: Key): Rule | Promise<Rule> {
    const { threshold } = call.policy
    if (threshold !== undefined) return { threshold }
    const rule = (): Rule => ({ scorer, experience: { bar: standingOf(call).bar, ...verdictsOn(key) } })
    return standings.ready(call.tenant)?.then(rule) ?? rule()
  }

  /** How the call's namespace stands with its budget. */
  function standingOf({ tenant, directives, policy }: Call): Standing {
    const page = { namespace: directives.namespace, space: embedder.space }
    return standings.of(tenant, page, { maxWrongHitRate: policy.maxWrongHitRate, since: policy.since })
  }
}

const NOTHING: Pick<Experience, 'offsetOf' | 'refuses'> = { offsetOf: () => 0, refuses: () => false }
