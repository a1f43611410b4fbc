import type { Call } from '../call.ts'
import type { Rule } from '../matching/decide.ts'
import type { Experience } from '../matching/experience.ts'
import type { Scorer } from '../matching/scorer.ts'
import type { Embedder, Key } from '../ports.ts'
import type { Policy } from '../tenancy/policies.ts'
import type { Weights } from './weights.ts'
import type { Standing, Standings } from './standings.ts'

export interface RulingOptions {
  readonly embedder: Pick<Embedder, 'space'>
  readonly scorer: Scorer
  readonly standings: Standings
  readonly weights: Pick<Weights, 'ready' | 'inside'>
  /** What is known of entries, and of this very question. */
  readonly verdictsOn: (key: Key) => Pick<Experience, 'offsetOf' | 'refuses'>
}

/** With the name of the namespace. */
export type NamedStanding = Standing & { readonly namespace: string }

export type Ruling = ReturnType<typeof createRuling>

/** Says by what a call is decided. */
export function createRuling({ embedder, scorer, standings, weights, verdictsOn }: RulingOptions) {
  return { ruleOf, standingOf, standingsOf }

  /** A threshold where one is set, else what is likely enough to be right. Waits only for a tenant that is not known yet. */
  function ruleOf(call: Call, key: Key): Rule | Promise<Rule> {
    const { threshold } = call.policy
    if (threshold !== undefined) return { threshold, refuses: verdictsOn(key).refuses }
    const { tenant, namespace } = key
    const page = { namespace, space: embedder.space }
    const rule = (): Rule => {
      const experience = { weights: weights.inside(tenant, page), bar: standingOf(call).bar, ...verdictsOn(key) }
      return { scorer, experience }
    }
    const [sums, learned] = [standings.ready(tenant), weights.ready(tenant, page)]
    return sums || learned ? Promise.all([sums, learned]).then(rule) : rule()
  }

  /** How the call's namespace stands with its budget. */
  function standingOf({ tenant, directives, policy }: Call): Standing {
    return standingIn(tenant, directives.namespace, policy)
  }

  function standingIn(tenant: string, namespace: string, { maxWrongHitRate, since }: Policy): Standing {
    return standings.of(tenant, { namespace, space: embedder.space }, { maxWrongHitRate, since })
  }

  /** How each namespace of a tenant stands that is ruled by a budget, and of which anything is known. */
  async function standingsOf(tenant: string, policyOf: (namespace: string) => Policy): Promise<NamedStanding[]> {
    await standings.ready(tenant)
    return standings
      .namespaces(tenant)
      .map((namespace) => ({ namespace, policy: policyOf(namespace) }))
      .filter(
        ({ policy: { threshold, match, mode } }) => threshold === undefined && match !== 'exact' && mode !== 'off',
      )
      .map(({ namespace, policy }) => ({ namespace, ...standingIn(tenant, namespace, policy) }))
  }
}
