import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { inTime } from '../deadline.ts'
import { type Lessons, faded, noLessons, taught, together, weightsAfter } from '../matching/learner.ts'
import type { Features, Scorer } from '../matching/scorer.ts'
import type { Rules } from '../tenancy/rules.ts'
import type { Page } from './sums.ts'

export interface WeightsOptions {
  readonly scorer: Scorer
  /** The view of the documents that they are kept in. */
  readonly rules: Rules
}

/** The kind of the documents. */
export const WEIGHTS = 'weights'

/** So many labels are remembered; of more, the older ones weigh less and less. */
const MOST_LABELS = 1_000
const MOST_PAGES = 1_000
const PATIENCE_MS = 100

interface Known {
  readonly tenant: string
  readonly page: Page
  /** What all replicas have learned, and what we have since. */
  shared: Lessons
  own: Lessons
  weights: Float64Array
  used: boolean
}

export type Weights = ReturnType<typeof createWeights>

/**
 * What labels have taught about the weights of the scorer, in each namespace by itself. What this replica learns counts
 * at once, and what others do from the next `refresh` on; if nobody can be asked, what was last known holds.
 */
export function createWeights({ scorer, rules }: WeightsOptions) {
  const nothing = noLessons(scorer)
  // Of a scorer that cannot be taught, there is nothing to know.
  const isTeachable = scorer.firmness.every(Number.isFinite)
  const known = new LRUCache<string, Known>({ max: MOST_PAGES })
  const reading = new Map<string, Promise<void>>()

  return {
    /** Resolves as soon as it is known what is known, or it would take too long; `undefined` if it is already. */
    ready(tenant: string, page: Page): Promise<void> | undefined {
      const id = idOf(tenant, page)
      if (!isTeachable || known.has(id)) return reading.get(id)
      const ours = inTime(
        PATIENCE_MS,
        read(knownOf(tenant, page)).catch(() => {}),
        undefined,
      ).finally(() => reading.delete(id))
      reading.set(id, ours)
      return ours
    },

    /** What each feature weighs there by now. */
    inside(tenant: string, page: Page): Float64Array {
      if (!isTeachable) return scorer.weights
      const here = knownOf(tenant, page)
      here.used = true
      return here.weights
    },

    learn(tenant: string, page: Page, features: Features, right: boolean): void {
      if (!isTeachable || features.length !== scorer.weights.length) return
      const here = knownOf(tenant, page)
      here.own = taught(here.own, here.weights, features, right)
      here.weights = weightsNow(here)
    },

    /** Forgets all that a tenant's labels have taught. */
    async forget(tenant: string): Promise<void> {
      for (const [id, here] of known.entries()) if (here.tenant === tenant) known.delete(id)
      for (const { id } of await rules.list(`${tenant}/`)) await rules.change(id, () => undefined)
    },

    /** Adds what has been learned to what all know, and reads that, of the namespaces that were in use since last time. */
    async refresh(): Promise<void> {
      const used = [...known.values()].filter((here) => here.used || here.own.labels > 0)
      for (const here of used) {
        here.used = false
        await (here.own.labels > 0 ? share(here) : read(here))
      }
    },
  }

  async function share(here: Known): Promise<void> {
    const ours = here.own
    here.own = nothing
    try {
      let all = ours
      await rules.change(idOf(here.tenant, here.page), (text) => {
        all = faded(together(lessonsIn(text), ours), MOST_LABELS)
        return written(all)
      })
      here.shared = all
    } catch (error) {
      // It goes with the next; what has been learned in the meantime is there as well.
      here.own = together(ours, here.own)
      throw error
    } finally {
      here.weights = weightsNow(here)
    }
  }

  async function read(here: Known): Promise<void> {
    here.shared = lessonsIn(await rules.get(idOf(here.tenant, here.page)))
    here.weights = weightsNow(here)
  }

  function knownOf(tenant: string, page: Page): Known {
    const id = idOf(tenant, page)
    const here = known.get(id) ?? { tenant, page, shared: nothing, own: nothing, weights: scorer.weights, used: false }
    known.set(id, here)
    return here
  }

  function weightsNow({ shared, own }: Known): Float64Array {
    return weightsAfter(scorer, together(shared, own))
  }

  function written({ labels, precision, pull }: Lessons): string {
    return JSON.stringify({ scorer: scorer.name, labels, precision: packed(precision), pull: packed(pull) })
  }

  /** Lessons about other features, or that cannot be read, are none. */
  function lessonsIn(text: string | undefined): Lessons {
    const read = text === undefined ? undefined : Written.safeParse(parsed(text)).data
    const isOurs = read?.scorer === scorer.name && read.precision.length === nothing.precision.length
    return isOurs && read.pull.length === nothing.pull.length ? read : nothing
  }
}

const idOf = (tenant: string, { namespace, space }: Page) => `${tenant}/${namespace}/${space}`

const Numbers = z.base64().transform((text) => unpacked(text))
const Written = z.object({ scorer: z.string(), labels: z.number(), precision: Numbers, pull: Numbers })

/** In single precision, as base64. */
function packed(values: Float64Array): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64')
}

function unpacked(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  return Float64Array.from(new Float32Array(bytes.buffer, 0, Math.trunc(bytes.length / 4)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
