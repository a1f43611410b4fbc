import { createSend } from '../answers/send.ts'
import type { Aliases } from '../answers/aliases.ts'
import type { Call, Limits } from '../call.ts'
import type { Log } from '../insight/log.ts'
import type { Found, Hit } from '../insight/outcome.ts'
import { labelTally, startOf } from '../insight/tallies.ts'
import type { Usage } from '../insight/usage.ts'
import type { Place } from '../keys/place.ts'
import type { Rule } from '../matching/decide.ts'
import type { Evidence } from '../matching/evidence.ts'
import type { Scorer } from '../matching/scorer.ts'
import type { Key, Ports } from '../ports.ts'
import type { Rules } from '../tenancy/rules.ts'
import type { Policy } from '../tenancy/policies.ts'
import { createAskAgain } from './asking.ts'
import { type Correct, createAudits } from './audits.ts'
import { createBook } from './book.ts'
import { createChores } from './chores.ts'
import { createComparing } from './comparing.ts'
import { createGate } from './gate.ts'
import { createJudge } from './judge.ts'
import type { Label } from './label.ts'
import { createLabelling } from './labelling.ts'
import { type Labels, createLabels } from './labels.ts'
import { createLedger } from './ledger.ts'
import { createWeights } from './weights.ts'
import { type EntryOf, createNearMisses } from './near-misses.ts'
import { createNews } from './news.ts'
import { type NamedStanding, createRuling } from './ruling.ts'
import { type Standing, createStandings, hourOf } from './standings.ts'
import { cellOf, servedCell } from './sums.ts'
import type { Verdicts } from './verdicts.ts'

export interface LearningOptions {
  readonly ports: Ports
  readonly usage: Usage
  readonly limits: Pick<Limits, 'modelTimeoutMs'>
  readonly log: Log
  readonly scorer: Scorer
  /** The view of what has been learned about the scorer's weights. */
  readonly learned: Rules
  /** How often the scorer was right where it was measured; absent if it never was. */
  readonly shipped?: Evidence | undefined
  /** Says whether two answers are the same where wording does not tell; absent if no model is to. */
  readonly judgeModel?: string | undefined
  readonly verdicts: Pick<Verdicts, 'on' | 'record'>
  readonly aliases: Aliases
  readonly onLabel?: (label: Label) => void
}

/** What the story sees of all this. */
export interface Learning {
  ruleOf(call: Call, key: Key): Rule | Promise<Rule>
  standingOf(call: Call): Standing
  standingsOf(tenant: string, policyOf: (namespace: string) => Policy): Promise<NamedStanding[]>
  /** A question has been decided about, one way or the other. */
  judged(call: Call, found: Found): void
  /** A hit has been served. */
  served(call: Call, place: Place, hit: Hit, correct: Correct): void
  /** The model is answering what was found to be a miss. */
  answered(call: Call, place: Place, found: Found, whole: Promise<string>, entryOf: EntryOf): void
  readonly labels: Labels
  /** Forgets what a tenant's labels have taught, for the tenant is gone. */
  forget(tenant: string): Promise<void>
  /** Sends what has been counted, and reads what all replicas have learned. */
  refresh(): Promise<void>
  /** Resolves when nothing is being looked into any more. */
  idle(): Promise<void>
}

/** So much is done on the side at most, by each replica. */
const MODEST = { atOnce: 2, perSecond: 2, inARow: 20 }

/** Keeps the error budget: decides by what has been learned, and learns from what is decided. */
export function createLearning(options: LearningOptions): Learning {
  const { ports, usage, scorer, shipped, judgeModel, verdicts, aliases, onLabel } = options
  const { embedder, clock } = ports
  const chores = createChores((name, tenant, error) => {
    usage.fail(`labels.${name}`, tenant)
    options.log.warn({ work: name, error: String(error) }, 'something could not be learned')
  })
  const sum = (tenant: string, field: string, amount: number) =>
    usage.sum(labelTally(tenant, startOf('day', clock())), field, amount)
  const book = createBook({ ledger: createLedger(ports), sum, flush: usage.flush, clock })
  const tell = createNews({ ...options, ...ports })
  const onChange: typeof tell = async (changed) => chores.begin('news', changed.tenant, () => tell(changed))
  const standings = createStandings({ book, shipped: () => shipped, clock, onChange })
  const weights = createWeights({ scorer, rules: options.learned })
  const ruling = createRuling({ embedder, scorer, standings, weights, verdictsOn: verdicts.on })

  const askAgain = createAskAgain({ send: createSend(ports.model, options.limits), usage })
  const judge = judgeModel === undefined ? undefined : createJudge({ model: judgeModel, askAgain })
  const labels = createLabels({ book, weights, usage, onLabel })
  const label = createLabelling({ embedder, compare: createComparing({ embedder, judge }), labels })
  const gate = createGate({ clock, ...MODEST })
  const shared = { ...ports, chores, gate, label, usage, judges: judge !== undefined }

  return {
    ...ruling,
    labels,
    served: createAudits({ ...shared, askAgain, onAudited, remember }),
    answered: createNearMisses(shared),
    judged(call, found) {
      const match = found.kind === 'hit' ? found : found.kind === 'miss' ? found.candidate : undefined
      const cell = cellOf('judged', match?.score)
      if (cell) book.add(call.tenant, pageOf(call), cell)
    },
    async refresh() {
      await Promise.all([book.refresh(), weights.refresh()])
    },
    forget: weights.forget,
    idle: chores.idle,
  }

  function onAudited(call: Call, right: boolean): void {
    const { maxWrongHitRate, since } = call.policy
    const { state } = ruling.standingOf(call)
    const cell = servedCell({ maxWrongHitRate, since }, state, right, hourOf(clock()))
    if (cell) book.add(call.tenant, pageOf(call), cell)
    // Whoever is not asked again for long is to be told at once.
    ruling.standingOf(call)
  }

  /** A question that was served rightly finds its answer by its own words from now on; one that was not, never again. */
  async function remember(
    call: Call,
    { key }: Place,
    { entry, score, offset = 0 }: Hit,
    right: boolean,
  ): Promise<void> {
    const about = { ...pageOf(call), tenant: key.tenant, entry: entry.key.id, question: key.digest }
    await verdicts.record({ ...about, score: score && score - offset, right, source: 'audit', weight: 1 })
    if (right) await aliases.make({ key, question: call.asked.question }, entry, call.quota)
  }

  function pageOf({ directives: { namespace } }: Call) {
    return { namespace, space: embedder.space }
  }
}
